package dev.spray.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.ApiTestbed;
import dev.spray.e2e.testbed.Manifests;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.Testbed;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a cluster has beside its pods, on a real API server. */
@Tag("api")
@ExtendWith(ApiTestbed.class)
class ChildrenTest {
  private Playground playground;

  @BeforeEach
  void setUp(Testbed testbed) {
    playground = new Playground(testbed);
    playground.startOperator();
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  static Stream<Arguments> children() {
    return Stream.of(
        Arguments.of(Service.class, "c-head-svc"),
        Arguments.of(Service.class, "c-serve-svc"),
        Arguments.of(ServiceAccount.class, "c"),
        Arguments.of(Role.class, "c"),
        Arguments.of(RoleBinding.class, "c"),
        Arguments.of(Ingress.class, "c-head-ingress"));
  }

  @ParameterizedTest(name = "{1} {0}")
  @MethodSource("children")
  void whatLosesItsLabelOrIsDeletedIsPutBack(Class<? extends HasMetadata> kind, String name) {
    settled();

    // Without this label the watch doesn't see it any more.
    edit(kind, name, child -> child.getMetadata().getLabels().remove(RayLabels.CLUSTER));
    Playground.await()
        .untilAsserted(() ->
            assertThat(the(kind, name).get().getMetadata().getLabels())
                .containsEntry(RayLabels.CLUSTER, "c"));

    String uid = the(kind, name).get().getMetadata().getUid();
    the(kind, name).delete();
    Playground.await()
        .untilAsserted(() ->
            assertThat(the(kind, name).get())
                .isNotNull()
                .satisfies(child -> assertThat(child.getMetadata().getUid()).isNotEqualTo(uid)));
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  @Test
  void whatSomebodyChangedIsPutRightAndWhatOthersAddedStays() {
    settled();

    edit(
        Role.class,
        "c",
        role ->
            role.getRules()
                .add(
                    new PolicyRuleBuilder()
                        .withApiGroups("")
                        .withResources("secrets")
                        .withVerbs("get")
                        .build()));
    edit(
        RoleBinding.class,
        "c",
        binding -> binding.getSubjects().getFirst().setName("somebody-else"));
    edit(
        Ingress.class,
        "c-head-ingress",
        ingress -> {
          ingress.getMetadata().getAnnotations().put("controller.example.com/seen", "yes");
          ingress.getSpec().getRules().getFirst().setHost("elsewhere.example.com");
        });

    Playground.await()
        .untilAsserted(() -> {
          assertThat(the(Role.class, "c").get().getRules()).hasSize(3);
          assertThat(the(RoleBinding.class, "c").get().getSubjects())
              .singleElement()
              .satisfies(subject -> assertThat(subject.getName()).isEqualTo("c"));
          Ingress ingress = the(Ingress.class, "c-head-ingress").get();
          assertThat(ingress.getSpec().getRules().getFirst().getHost()).isNull();
          assertThat(ingress.getMetadata().getAnnotations())
              .containsEntry("controller.example.com/seen", "yes");
        });
  }

  @Test
  void whatTheSpecNoLongerAsksForIsDeletedWithAReason() {
    settled();

    playground.apply(
        Manifests.everything("c", 1)
            .replace("enableInTreeAutoscaling: true", "enableInTreeAutoscaling: false")
            .replace("enableIngress: true", "enableIngress: false")
            .replace("enable-serve-service: \"true\"", "enable-serve-service: \"false\""));

    Playground.await()
        .untilAsserted(() -> {
          assertThat(the(Service.class, "c-serve-svc").get()).isNull();
          assertThat(the(ServiceAccount.class, "c").get()).isNull();
          assertThat(the(Role.class, "c").get()).isNull();
          assertThat(the(RoleBinding.class, "c").get()).isNull();
          assertThat(the(Ingress.class, "c-head-ingress").get()).isNull();
          assertThat(the(Service.class, "c-head-svc").get()).isNotNull();
          assertThat(events())
              .containsEntry(
                  "DeletedIngress", "c-head-ingress: the spec asks for no such Ingress any more")
              .containsKeys("DeletedService", "DeletedRole", "DeletedRoleBinding");
        });
  }

  /** What doesn't change the spec is seen too. */
  @Test
  void anAnnotationAsksForAServiceAndForItsEnd() {
    playground.apply(Manifests.cluster("c", 0));
    Playground.await().until(() -> playground.heads("c").size() == 1);
    playground.awaitTrue("c", ConditionTypes.RECONCILING);

    annotate("true");
    Playground.await().until(() -> the(Service.class, "c-serve-svc").get() != null);
    annotate("false");
    Playground.await().until(() -> the(Service.class, "c-serve-svc").get() == null);
  }

  private void annotate(String value) {
    playground.patch(
        "c",
        PatchType.JSON_MERGE,
        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}"
            .formatted(RayLabels.ENABLE_SERVE_SERVICE, value));
  }

  /** The API server would change neither into the other. */
  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"ClusterIP, NodePort", "LoadBalancer, ClusterIP"})
  void aHeadServiceThatGetsOrLosesItsAddressIsMadeAnew(String before, String after) {
    playground.apply(typed(before));
    Playground.await().until(() -> the(Service.class, "c-head-svc").get() != null);
    String uid = the(Service.class, "c-head-svc").get().getMetadata().getUid();

    playground.apply(typed(after));

    Playground.await()
        .untilAsserted(() ->
            assertThat(the(Service.class, "c-head-svc").get())
                .isNotNull()
                .satisfies(service -> {
                  assertThat(service.getMetadata().getUid()).isNotEqualTo(uid);
                  assertThat(service.getSpec().getType()).isEqualTo(after);
                }));
    Playground.await()
        .untilAsserted(() ->
            assertThat(events().get("DeletedService")).contains("the head service is made anew"));
  }

  @Test
  void aServiceThatTheUserDescribesIsMadeAndKept() {
    playground.apply(
        Manifests.head("c")
            .replace(
                "headGroupSpec:\n",
                """
                headGroupSpec:
                    headService:
                      metadata: {name: mine, labels: {team: a}}
                      spec:
                        type: LoadBalancer
                        ports: [{name: ui, port: 80, targetPort: 8265}, {name: client, port: 443}]
                """));

    Playground.await().until(() -> playground.heads("c").size() == 1);
    Service service = the(Service.class, "mine").get();
    assertThat(service.getMetadata().getLabels()).containsEntry("team", "a");
    assertThat(service.getSpec().getPorts()).hasSize(6);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
    assertThat(playground.cluster("c").getStatus().head().serviceName()).isEqualTo("mine");
    assertThat(the(Service.class, "mine").get().getMetadata().getResourceVersion())
        .as("nobody wrote it again")
        .isEqualTo(service.getMetadata().getResourceVersion());
  }

  /** Server-side apply alone would take it over, since it has nothing that could disagree. */
  @Test
  void aServiceAccountOfSomebodyElseIsNeitherTakenOverNorUsed() {
    playground.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: c}}");
    playground.apply(Manifests.everything("c", 1));

    Playground.await()
        .untilAsserted(() ->
            assertThat(playground.condition("c", ConditionTypes.REPLICA_FAILURE))
                .hasValueSatisfying(condition ->
                    assertThat(condition.getMessage())
                        .contains("ServiceAccount c exists and belongs to somebody else")
                        .contains("name it as serviceAccountName")));
    ServiceAccount account = the(ServiceAccount.class, "c").get();
    assertThat(account.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(account.getMetadata().getLabels()).isNullOrEmpty();
    assertThat(playground.heads("c")).isEmpty();

    playground.apply(
        Manifests.everything("c", 1)
            .replace(
                "      spec:\n        containers:\n        - name: ray-head",
                "      spec:\n        serviceAccountName: c\n        containers:\n        - name: ray-head"));
    Playground.await().until(() -> playground.heads("c").size() == 1);
    assertThat(the(RoleBinding.class, "c").get().getSubjects().getFirst().getName()).isEqualTo("c");
  }

  @Test
  void anAutoscalerMayScaleItsOwnClusterAndNothingElse() {
    playground.apply(Manifests.everything("c", 1));
    playground.apply(Manifests.everything("d", 1));
    Playground.await().until(() -> the(RoleBinding.class, "d").get() != null);
    Playground.await().until(() -> the(RoleBinding.class, "c").get() != null);

    assertMay("c", "get rayclusters.ray.io/c", "patch rayclusters.ray.io/c");
    assertMay("c", "get pods", "list pods", "watch pods", "patch pods");
    assertMay("c", "patch pods --subresource=resize");
    assertMayNot("c", "get rayclusters.ray.io/d", "patch rayclusters.ray.io/d");
    assertMayNot("c", "list rayclusters.ray.io", "delete rayclusters.ray.io/c");
    assertMayNot("c", "create pods", "delete pods", "get secrets", "update roles");
    assertMay("d", "patch rayclusters.ray.io/d");
  }

  @Test
  void anAutoscalerThatIsToDeleteAnIdleClusterMay() {
    playground.apply(
        Manifests.everything("c", 1)
            .replace(
                "spec:\n  enable",
                "spec:\n  idleTerminationOptions: {timeoutSeconds: 60, policy: Delete}\n  enable"));
    Playground.await().until(() -> the(RoleBinding.class, "c").get() != null);

    assertMay("c", "delete rayclusters.ray.io/c");
    assertMayNot("c", "delete rayclusters.ray.io/d");
  }

  private void settled() {
    playground.apply(Manifests.everything("c", 1));
    Playground.await().until(() -> playground.pods().size() == 2);
    playground.pods().forEach(playground::makeReady);
    playground.awaitTrue("c", ConditionTypes.READY);
  }

  private static String typed(String serviceType) {
    return Manifests.head("c")
        .replace("headGroupSpec:\n", "headGroupSpec:\n    serviceType: " + serviceType + "\n");
  }

  private <T extends HasMetadata> Resource<T> the(Class<T> kind, String name) {
    return playground.admin().resources(kind).inNamespace(playground.namespace()).withName(name);
  }

  private <T extends HasMetadata> void edit(Class<T> kind, String name, Consumer<T> how) {
    var _ =
        the(kind, name)
            .edit(child -> {
              how.accept(child);
              return child;
            });
  }

  private void assertMay(String account, String... calls) {
    assertThat(calls).allSatisfy(call -> assertThat(canI(account, call)).isEqualTo("yes"));
  }

  private void assertMayNot(String account, String... calls) {
    assertThat(calls).allSatisfy(call -> assertThat(canI(account, call)).isEqualTo("no"));
  }

  private String canI(String account, String call) {
    String identity = "system:serviceaccount:" + playground.namespace() + ":" + account;
    String[] words = ("auth can-i --as " + identity + " " + call).split(" ");
    return playground.kubectl("", words).output().lines().toList().getLast();
  }

  /** Notes of the Events so far, by reason. */
  private Map<String, String> events() {
    return playground
        .events()
        .collect(
            Collectors.toMap(
                event -> event.getReason(),
                event -> event.getNote(),
                (first, second) -> first + "; " + second));
  }
}
