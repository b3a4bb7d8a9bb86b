package dev.spray.operator.resources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.plan.SecretKey;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class AuthTokenTest {

  @Test
  void theSecretBelongsToTheClusterAndHasNoTokenYet() {
    RayCluster cluster = cluster("authOptions: {mode: token}");

    var secret = AuthToken.secret(cluster);

    assertThat(secret.getData()).isNullOrEmpty();
    assertThat(Identity.isOwnedBy(secret, Clusters.UID)).isTrue();
  }

  @Test
  void aLongNameIsCutAsKubeRayDoes() {
    RayCluster cluster =
        Clusters.named("a" + "b".repeat(52)).with("authOptions: {mode: token}").build();

    assertThat(AuthToken.place(cluster).secret()).isEqualTo("b".repeat(50));
  }

  @Test
  void aHeadAsksForTheTokenThatTheSpecNames() {
    assertThat(AuthToken.ofHead(cluster("authOptions: {mode: token}")))
        .contains(new SecretKey(Clusters.NAMESPACE, "demo", "auth_token"));
    assertThat(AuthToken.ofHead(cluster("authOptions: {mode: token, secretName: mine}")))
        .contains(new SecretKey(Clusters.NAMESPACE, "mine", "auth_token"));
  }

  @Test
  void orForTheOneThatItsTemplateNames() {
    RayCluster cluster =
        Clusters.named("demo")
            .with("authOptions: {mode: token}")
            .head(ray ->
                ray.addNewEnv()
                    .withName("RAY_AUTH_TOKEN")
                    .withNewValueFrom()
                    .withNewSecretKeyRef("token", "own", null)
                    .endValueFrom()
                    .endEnv())
            .build();

    assertThat(AuthToken.ofHead(cluster))
        .contains(new SecretKey(Clusters.NAMESPACE, "own", "token"));
  }

  @Test
  void orForNoneThatTheOperatorMayShow() {
    assertThat(AuthToken.ofHead(cluster("{}"))).isEmpty();
    assertThat(AuthToken.ofHead(cluster("authOptions: {mode: token, enableK8sTokenAuth: true}")))
        .isEmpty();
    assertThat(
            AuthToken.ofHead(
                Clusters.named("demo")
                    .head(ray -> ray.addToEnv(new EnvVar("RAY_AUTH_TOKEN", "plain", null)))
                    .build()))
        .isEmpty();
  }

  @Test
  void aTokenIsReadAsRayReadsIt() {
    var secret =
        new SecretBuilder()
            .addToData("auth_token", base64("known\n"))
            .addToData("blank", base64("\n"))
            .build();

    assertThat(AuthToken.in(secret, "auth_token")).contains("known");
    assertThat(AuthToken.in(secret, "blank")).isEmpty();
    assertThat(AuthToken.in(secret, "other")).isEmpty();
    assertThat(AuthToken.in(new SecretBuilder().build(), "auth_token")).isEmpty();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static RayCluster cluster(String yaml) {
    return Clusters.named("demo").with(yaml).build();
  }
}
