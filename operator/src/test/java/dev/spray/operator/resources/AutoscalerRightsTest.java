package dev.spray.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.ClippedName;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoscalerRightsTest {
  private static final String LONG = "ab" + "c".repeat(48) + "ddd";

  @Test
  void theAutoscalerMayTouchItsOwnClusterOnly() {
    assertThat(child(demo(), Role.class).getRules())
        .filteredOn(rule -> rule.getResources().contains("rayclusters"))
        .singleElement()
        .satisfies(rule -> {
          assertThat(rule.getResourceNames()).containsExactly("demo");
          assertThat(rule.getVerbs()).containsExactly("get", "patch");
        });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"Delete, true", "Suspend, false"})
  void onlyOneThatDeletesAnIdleClusterMayDeleteIt(String policy, boolean mayDelete) {
    Clusters cluster =
        demo().with("idleTerminationOptions: {timeoutSeconds: 60, policy: %s}".formatted(policy));

    assertThat(child(cluster, Role.class).getRules())
        .filteredOn(rule -> rule.getVerbs().contains("delete"))
        .hasSize(mayDelete ? 1 : 0)
        .allSatisfy(rule -> assertThat(rule.getResourceNames()).containsExactly("demo"));
  }

  @Test
  void theBindingNamesTheAccountThatTheHeadRunsAs() {
    Clusters own = demo().with("headGroupSpec: {template: {spec: {serviceAccountName: mine}}}");

    assertThat(subject(demo())).isEqualTo("playground/demo");
    assertThat(subject(own)).isEqualTo("playground/mine");
    assertThat(AutoscalerRights.serviceAccountName(own.build())).isEqualTo("mine");
  }

  /** KubeRay keeps the last 50 characters. */
  @Test
  void longNamesKeepTheirEnd() {
    Clusters cluster = Clusters.named(LONG).with("enableInTreeAutoscaling: true");
    String end = "c".repeat(47) + "ddd";

    assertThat(child(cluster, ServiceAccount.class).getMetadata().getName()).isEqualTo(end);
    assertThat(child(cluster, Role.class).getMetadata().getName()).isEqualTo(end);
    assertThat(child(cluster, RoleBinding.class).getMetadata().getName()).isEqualTo(end);
    assertThat(child(cluster, RoleBinding.class).getRoleRef().getName()).isEqualTo(end);
    assertThat(subject(cluster)).isEqualTo("playground/" + end);
    assertThat(AutoscalerRights.serviceAccountName(cluster.build())).isEqualTo(end);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "short, short",
    "a23456789012345678901234567890123456789012345678901, "
        + "r3456789012345678901234567890123456789012345678901",
    "ab-456789012345678901234567890123456789012345678901x, "
        + "r456789012345678901234567890123456789012345678901x",
  })
  void aNameThatIsCutStartsWithALetter(String name, String clipped) {
    assertThat(ClippedName.of(name)).isEqualTo(clipped).hasSizeLessThanOrEqualTo(50);
  }

  private static String subject(Clusters cluster) {
    var subject = child(cluster, RoleBinding.class).getSubjects().getFirst();
    assertThat(subject.getKind()).isEqualTo("ServiceAccount");
    return subject.getNamespace() + "/" + subject.getName();
  }

  private static Clusters demo() {
    return Clusters.named("demo").with("enableInTreeAutoscaling: true");
  }

  private static <T extends HasMetadata> T child(Clusters cluster, Class<T> kind) {
    List<HasMetadata> children =
        Children.desired(cluster.build(), List.of(), ChildSettings.DEFAULT).stream()
            .map(Child::object)
            .filter(kind::isInstance)
            .toList();
    assertThat(children).hasSize(1);
    return kind.cast(children.getFirst());
  }
}
