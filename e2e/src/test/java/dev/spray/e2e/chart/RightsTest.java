package dev.spray.e2e.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Kubectl;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart gives the operator the rights that it needs and no others. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class RightsTest {
  private static final String RELEASE = "rights-test";
  private static final String SERVICE_ACCOUNT = RELEASE + "-sp-ray-operator";

  /**
   * All calls that it makes in the namespaces that it takes care of, or lets an autoscaler make.
   */
  private static final List<String> OTHERS =
      List.of(
          "get rayclusters.ray.io",
          "list rayclusters.ray.io",
          "watch rayclusters.ray.io",
          "patch rayclusters.ray.io",
          "delete rayclusters.ray.io",
          "patch rayclusters.ray.io --subresource=status",
          "update rayclusters.ray.io --subresource=finalizers",
          "list pods",
          "watch pods",
          "get pods",
          "create pods",
          "delete pods",
          "patch pods",
          "patch pods --subresource=resize",
          "get secrets",
          "create secrets",
          "get persistentvolumeclaims",
          "list persistentvolumeclaims",
          "watch persistentvolumeclaims",
          "create persistentvolumeclaims",
          "patch persistentvolumeclaims",
          "get jobs.batch",
          "list jobs.batch",
          "watch jobs.batch",
          "create jobs.batch",
          "create events.events.k8s.io");

  /** What it applies, and deletes when it is not wanted any more. */
  private static final List<String> APPLIED =
      List.of(
          "services",
          "serviceaccounts",
          "roles.rbac.authorization.k8s.io",
          "rolebindings.rbac.authorization.k8s.io",
          "ingresses.networking.k8s.io",
          "networkpolicies.networking.k8s.io");

  private static final List<String> NEEDED =
      Stream.concat(
              OTHERS.stream(),
              APPLIED.stream()
                  .flatMap(kind ->
                      Stream.of("get", "list", "watch", "create", "patch", "delete")
                          .map(verb -> verb + " " + kind)))
          .toList();

  /** Of those that it never makes the ones that would matter most. */
  private static final List<String> NEVER =
      List.of(
          "list secrets",
          "watch secrets",
          "patch secrets",
          "update secrets",
          "delete secrets",
          "list nodes",
          "watch nodes",
          "list endpointslices.discovery.k8s.io",
          "update pods",
          "create pods --subresource=exec",
          "deletecollection pods",
          "delete persistentvolumeclaims",
          "delete jobs.batch",
          "deletecollection services",
          "update services",
          "create rayclusters.ray.io",
          "update rayclusters.ray.io",
          "update rayclusters.ray.io --subresource=status",
          "deletecollection rayclusters.ray.io",
          "list leases.coordination.k8s.io",
          "bind roles.rbac.authorization.k8s.io",
          "escalate roles.rbac.authorization.k8s.io",
          "impersonate serviceaccounts",
          "create clusterroles.rbac.authorization.k8s.io",
          "create clusterrolebindings.rbac.authorization.k8s.io",
          "create serviceaccounts --subresource=token");

  @ParameterizedTest
  @ValueSource(strings = {"watchNamespace=null", "watchNamespace={a,b}"})
  void haveNoWildcardAndSecretsOnlyByName(String value, Testbed testbed) {
    try (KubernetesClient client = testbed.client()) {
      List<PolicyRule> rules =
          objects(client, Helm.template(RELEASE, "ray", "--set", value)).stream()
              .flatMap(RightsTest::rules)
              .toList();
      assertThat(rules)
          .isNotEmpty()
          .allSatisfy(rule -> {
            assertThat(rule.getNonResourceURLs()).isEmpty();
            assertThat(rule.getApiGroups()).isNotEmpty().doesNotContain("*");
            assertThat(rule.getResources())
                .isNotEmpty()
                .noneMatch(resource -> resource.contains("*"));
            if (rule.getResources().contains("secrets")) {
              assertThat(rule.getResources()).containsExactly("secrets");
              assertThat(rule.getVerbs()).containsExactly("get", "create");
            }
            // Verbs by which an identity can get the rights of another one, and mass deletion.
            assertThat(rule.getVerbs())
                .isNotEmpty()
                .doesNotContain("*", "bind", "escalate", "impersonate", "deletecollection");
          });
    }
  }

  @Test
  void bindNothingButItsOwnRoles(Testbed testbed) {
    try (KubernetesClient client = testbed.client()) {
      assertThat(objects(client, Helm.template(RELEASE, "ray")))
          .filteredOn(o -> o instanceof ClusterRoleBinding || o instanceof RoleBinding)
          .hasSize(3)
          .allSatisfy(o ->
              assertThat(roleName(o)).isEqualTo(o.getMetadata().getName()).startsWith(RELEASE));
    }
  }

  /** Nobody who has no batch scheduler gives a right for one. */
  @ParameterizedTest
  @CsvSource({
    "name=, ''",
    "name=yunikorn, ''",
    "name=kai-scheduler, ''",
    "name=volcano, scheduling.volcano.sh",
    "enabled=true, scheduling.volcano.sh",
    "name=scheduler-plugins, scheduling.x-k8s.io"
  })
  void reachPodGroupsOfTheBatchSchedulerAlone(String value, String group, Testbed testbed) {
    try (KubernetesClient client = testbed.client()) {
      String rendered = Helm.template(RELEASE, "ray", "--set", "batchScheduler." + value);

      assertThat(
              objects(client, rendered).stream()
                  .flatMap(RightsTest::rules)
                  .filter(rule -> rule.getResources().contains("podgroups"))
                  .flatMap(rule -> rule.getApiGroups().stream())
                  .toList())
          .isEqualTo(group.isEmpty() ? List.of() : List.of(group));
    }
  }

  /** Asks the API server, as the service account, about each call that the operator makes. */
  @Test
  void endWithTheWatchedNamespaces(Testbed testbed) {
    try (Playground watched = new Playground(testbed);
        Playground other = new Playground(testbed)) {
      String values = "crds.install=false,watchNamespace={" + watched.namespace() + "}";
      String rendered = Helm.template(RELEASE, watched.namespace(), "--set", values);
      assertThat(clusterWide(testbed, rendered))
          .as("it may ask whose a token is")
          .singleElement()
          .satisfies(rule -> {
            assertThat(rule.getResources()).containsExactly("tokenreviews");
            assertThat(rule.getVerbs()).containsExactly("create");
          });
      Kubectl.Result applied = watched.kubectl(rendered, "apply", "-f", "-");
      assertThat(applied.exitCode()).as(applied.output()).isZero();

      String identity = "system:serviceaccount:" + watched.namespace() + ":" + SERVICE_ACCOUNT;
      // The API server hears of new roles a little later.
      Playground.await().untilAsserted(() -> assertAnswers(watched, identity, NEEDED, "yes"));
      assertAnswers(other, identity, NEEDED, "no");
    }
  }

  @Test
  void areNoMoreThanNeeded(Testbed testbed) {
    // What tests run their operators with: the chart's defaults.
    String identity = "system:serviceaccount:ray-system:sp-ray-operator";
    try (Playground playground = new Playground(testbed)) {
      assertAnswers(playground, identity, NEEDED, "yes");
      SoftAssertions.assertSoftly(softly -> {
        softly.assertThat(canI(playground, identity, "get nodes")).as("nodes").isEqualTo("yes");
        softly
            .assertThat(canI(playground, identity, "create tokenreviews.authentication.k8s.io"))
            .as("tokens")
            .isEqualTo("yes");
        softly
            .assertThat(
                canI(playground, identity, "list endpointslices.discovery.k8s.io/kubernetes"))
            .as("where the API server is")
            .isEqualTo("yes");
      });
      assertAnswers(playground, identity, NEVER, "no");
    }
  }

  /** Who may know what the platform has isn't thereby somebody who may read other things. */
  @Test
  void showThePlatformToItsReaders(Testbed testbed) {
    try (Playground playground = new Playground(testbed)) {
      String rendered =
          Helm.template(
              RELEASE,
              playground.namespace(),
              "--set",
              "crds.install=false,watchNamespace={%s},platform.readers={data-scientists}"
                  .formatted(playground.namespace()));
      Kubectl.Result applied = playground.kubectl(rendered, "apply", "-f", "-");
      assertThat(applied.exitCode()).as(applied.output()).isZero();

      String reader = "ada --as-group data-scientists";
      String platform = "get configmaps/" + SERVICE_ACCOUNT + "-platform";
      Playground.await()
          .untilAsserted(() -> assertThat(canI(playground, reader, platform)).isEqualTo("yes"));
      assertThat(canI(playground, "ada --as-group others", platform)).isEqualTo("no");
      assertThat(canI(playground, reader, "get configmaps/" + SERVICE_ACCOUNT + "-config"))
          .isEqualTo("no");
      assertThat(canI(playground, reader, "list configmaps")).isEqualTo("no");
    }
  }

  private static List<PolicyRule> clusterWide(Testbed testbed, String rendered) {
    try (KubernetesClient client = testbed.client()) {
      return objects(client, rendered).stream()
          .filter(ClusterRole.class::isInstance)
          .flatMap(RightsTest::rules)
          .toList();
    }
  }

  private static void assertAnswers(
      Playground where, String identity, List<String> calls, String answer) {
    SoftAssertions.assertSoftly(softly -> {
      for (String call : calls) {
        softly.assertThat(canI(where, identity, call)).as(call).isEqualTo(answer);
      }
    });
  }

  private static String canI(Playground where, String identity, String call) {
    String[] words = ("auth can-i --as " + identity + " " + call).split(" ");
    return where.kubectl("", words).output().lines().toList().getLast();
  }

  private static Stream<PolicyRule> rules(HasMetadata object) {
    return switch (object) {
      case ClusterRole role -> role.getRules().stream();
      case Role role -> role.getRules().stream();
      default -> Stream.empty();
    };
  }

  private static String roleName(HasMetadata binding) {
    return switch (binding) {
      case ClusterRoleBinding bound -> bound.getRoleRef().getName();
      case RoleBinding bound -> bound.getRoleRef().getName();
      default -> throw new IllegalArgumentException(binding.getKind());
    };
  }

  private static List<HasMetadata> objects(KubernetesClient client, String manifest) {
    return client.load(new ByteArrayInputStream(manifest.getBytes(UTF_8))).items();
  }
}
