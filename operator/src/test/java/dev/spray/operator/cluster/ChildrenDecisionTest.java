package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.Children;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChildrenDecisionTest {
  private static final RayCluster PLAIN = cluster("");
  private static final RayCluster EVERYTHING =
      demo()
          .annotations(Map.of(RayLabels.ENABLE_SERVE_SERVICE, "true"))
          .group("hosts", 1, "numOfHosts: 2")
          .with("enableInTreeAutoscaling: true")
          .with("headGroupSpec: {enableIngress: true}")
          .with("networkPolicy: {}")
          .build();

  @Test
  void whatIsReferredToIsMadeFirst() {
    assertThat(described(new World().decide(EVERYTHING)))
        .containsSubsequence(
            "CreatedService demo-head-svc",
            "CreatedServiceAccount demo",
            "CreatedRole demo",
            "CreatedRoleBinding demo",
            "CreatedService demo-headless",
            "CreatedService demo-serve-svc",
            "CreatedIngress demo-head-ingress");
    assertThat(World.settled(EVERYTHING).decide(EVERYTHING)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aPlainClusterHasAHeadServiceAlone() {
    assertThat(described(new World().decide(PLAIN)))
        .containsExactly("CreatedService demo-head-svc");
  }

  @Test
  void aMissingChildIsMadeWithoutTakingSomebodyElses() {
    World world = World.settled(PLAIN);
    world.removeServices();

    assertThat(world.decide(PLAIN).actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.Apply.class,
            apply -> {
              assertThat(apply.observedUid()).isEmpty();
              assertThat(apply.reason().done()).isEqualTo("CreatedService");
            });
  }

  /** Its pods would be open to everybody. */
  @Test
  void aRemovedGroupKeepsItsNetworkPolicyUntilItsLastPodIsGone() {
    Clusters without = demo().with("networkPolicy: {}");
    World world = World.settled(demo().group("small", 2).with("networkPolicy: {}").build());
    RayCluster cluster = without.build();

    world.pass(cluster);
    assertThat(world.names()).hasSize(3);
    assertThat(world.child("NetworkPolicy", "demo-workers-small")).isNotNull();

    world.workers("small").stream().skip(1).toList().forEach(world::remove);
    assertThat(described(world.decide(cluster))).isEmpty();

    world.workers("small").forEach(world::remove);
    assertThat(described(world.decide(cluster)))
        .containsExactly("DeletedNetworkPolicy demo-workers-small");
  }

  @Test
  void noPodIsMadeBeforeItsNetworkPolicy() {
    RayCluster cluster = demo().group("small", 1).with("networkPolicy: {}").build();
    List<Action> actions = new World().decide(cluster).actions();

    assertThat(actions.stream().filter(Action.Apply.class::isInstance).count()).isEqualTo(3);
    assertThat(actions.subList(0, 3)).allMatch(Action.Apply.class::isInstance);
  }

  static Stream<Arguments> edits() {
    return Stream.of(
        edit(
            "a port",
            "Service",
            "demo-head-svc",
            o ->
                new ServiceBuilder((Service) o)
                    .editSpec()
                    .editFirstPort()
                    .withPort(1)
                    .endPort()
                    .endSpec()
                    .build()),
        edit(
            "a rule less",
            "Role",
            "demo",
            o -> new RoleBuilder((Role) o).withRules(((Role) o).getRules().getFirst()).build()),
        edit(
            "a rule more",
            "Role",
            "demo",
            o -> new RoleBuilder((Role) o).addNewRule().withVerbs("get").endRule().build()),
        edit(
            "a host",
            "Ingress",
            "demo-head-ingress",
            o ->
                new IngressBuilder((Ingress) o)
                    .editSpec()
                    .editFirstRule()
                    .withHost("elsewhere")
                    .endRule()
                    .endSpec()
                    .build()),
        edit(
            "pods of all namespaces",
            "NetworkPolicy",
            "demo-head",
            o -> {
              NetworkPolicyBuilder open = new NetworkPolicyBuilder((NetworkPolicy) o);
              return open.editSpec()
                  .editFirstIngress()
                  .editFirstFrom()
                  .withNewNamespaceSelector()
                  .endNamespaceSelector()
                  .endFrom()
                  .endIngress()
                  .endSpec()
                  .build();
            }),
        edit(
            "a rule more",
            "NetworkPolicy",
            "demo-workers-hosts",
            o ->
                new NetworkPolicyBuilder((NetworkPolicy) o)
                    .editSpec()
                    .addNewIngress()
                    .endIngress()
                    .endSpec()
                    .build()),
        edit("its label", "Service", "demo-head-svc", o -> without(o, RayLabels.CLUSTER)),
        edit("its label", "ServiceAccount", "demo", o -> without(o, RayLabels.CLUSTER)),
        edit("its label", "RoleBinding", "demo", o -> without(o, RayLabels.APP_NAME)),
        edit("its label", "Ingress", "demo-head-ingress", o -> without(o, RayLabels.CLUSTER)));
  }

  @ParameterizedTest(name = "{1} {2}: {0}")
  @MethodSource("edits")
  void whatSomebodyChangedIsPutRight(
      String what, String kind, String name, UnaryOperator<HasMetadata> edit) {
    World world = World.settled(EVERYTHING);
    HasMetadata before = world.child(kind, name);
    world.child(edit.apply(before));

    assertThat(world.decide(EVERYTHING).actions())
        .singleElement()
        .isInstanceOfSatisfying(
            Action.Apply.class,
            apply -> {
              assertThat(apply.observedUid()).contains(before.getMetadata().getUid());
              assertThat(apply.reason().done()).isEqualTo("Updated" + kind);
            });
    world.carryOut(world.decide(EVERYTHING));
    assertThat(world.decide(EVERYTHING)).isEqualTo(Plan.NOTHING);
  }

  /** What the wish no longer says is still contained in what is there; only the hash tells. */
  @Test
  void aChildLosesWhatTheSpecNoLongerSays() {
    World world = World.settled(cluster("headServiceAnnotations: {a: b}"));

    assertThat(described(world.decide(PLAIN))).containsExactly("UpdatedService demo-head-svc");
  }

  @Test
  void whatTheApiServerAddsIsNoReasonToWrite() {
    World world = World.settled(PLAIN);
    world.child(
        new ServiceBuilder(world.service(PLAIN))
            .editMetadata()
            .addToLabels("example.com/added", "yes")
            .addToAnnotations("cloud.example.com/added", "yes")
            .addToFinalizers("service.kubernetes.io/load-balancer-cleanup")
            .endMetadata()
            .editSpec()
            .withSessionAffinity("None")
            .withInternalTrafficPolicy("Cluster")
            .withIpFamilies("IPv4")
            .withIpFamilyPolicy("SingleStack")
            .withClusterIPs("None")
            .editFirstPort()
            .withNodePort(30001)
            .endPort()
            .endSpec()
            .withNewStatus()
            .endStatus()
            .build());

    assertThat(world.decide(PLAIN)).isEqualTo(Plan.NOTHING);
  }

  /** The API server would refuse to change it. */
  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"'', serviceType: NodePort", "serviceType: LoadBalancer, serviceType: ClusterIP"})
  void aServiceThatGetsOrLosesItsAddressIsMadeAnew(String before, String after) {
    World world = World.settled(cluster("headGroupSpec: {%s}".formatted(before)));
    if (!world.service(PLAIN).getSpec().getType().equals("ClusterIP")) {
      world.child(addressed(world.service(PLAIN)));
    }
    RayCluster changed = cluster("headGroupSpec: {%s}".formatted(after));

    Plan delete = world.decide(changed);
    assertThat(described(delete)).containsExactly("DeletedService demo-head-svc");
    assertThat(delete.actions().getFirst().reason().why()).contains("is made anew");
    world.child(terminating(world.service(PLAIN)));
    assertThat(world.decide(changed)).as("its name is still taken").isEqualTo(Plan.NOTHING);
    world.removeServices();
    assertThat(described(world.decide(changed))).containsExactly("CreatedService demo-head-svc");
  }

  /** Nor KubeRay's, which may have been run with another one: workers would lose their head. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anOptionChangesNoHeadServiceThatIsThere(boolean addresses) {
    ChildSettings before = new ChildSettings(addresses, true);
    World world = new World();
    world.child(Children.desired(PLAIN, List.of(), before).getFirst().object());
    if (addresses) {
      world.child(addressed(world.service(PLAIN)));
    }

    List<Action> actions =
        ChildrenDecision.decide(
            PLAIN, world.observed(), new ChildSettings(!addresses, true), List.of());

    assertThat(actions).isEmpty();
  }

  @Test
  void aServiceThatKeepsItsAddressIsChangedInPlace() {
    World world = World.settled(cluster("headGroupSpec: {serviceType: NodePort}"));
    world.child(addressed(world.service(PLAIN)));

    assertThat(described(world.decide(cluster("headGroupSpec: {serviceType: LoadBalancer}"))))
        .containsExactly("UpdatedService demo-head-svc");
  }

  @Test
  void whatTheSpecNoLongerAsksForIsDeleted() {
    World world = World.settled(EVERYTHING);
    RayCluster less = demo().group("hosts", 1, "numOfHosts: 1").build();

    Plan plan = world.decide(less);

    assertThat(described(plan))
        .containsExactlyInAnyOrder(
            "DeletedServiceAccount demo",
            "DeletedRole demo",
            "DeletedRoleBinding demo",
            "DeletedService demo-headless",
            "DeletedService demo-serve-svc",
            "DeletedIngress demo-head-ingress",
            "DeletedNetworkPolicy demo-head",
            "DeletedNetworkPolicy demo-workers-hosts");
    assertThat(plan.actions())
        .extracting(action -> action.reason().why())
        .contains("the spec asks for no such Ingress any more");
  }

  @Test
  void whatIsOnItsWayOutIsNotDeletedAgain() {
    World world = World.settled(EVERYTHING);
    world.child(terminating(world.child("Role", "demo")));

    assertThat(described(world.decide(cluster("")))).doesNotContain("DeletedRole demo");
  }

  /** A user, or other software, may make the cluster the owner of something. */
  @Test
  void whatTheOperatorDidNotMakeIsLeftAlone() {
    World world = World.settled(PLAIN);
    world.child(
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withName("mine")
            .withOwnerReferences(Identity.owner(PLAIN))
            .endMetadata()
            .build());

    assertThat(world.decide(PLAIN)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aHeadServiceIsKeptUnderItsOldNameWhileThereArePodsThatKnowNoOther() {
    World world = World.settled(PLAIN);
    RayCluster renamed = cluster("headGroupSpec: {headService: {metadata: {name: other}}}");

    Plan plan = world.decide(renamed);
    assertThat(described(plan)).containsExactly("CreatedService other");
    world.carryOut(plan);
    assertThat(world.decide(renamed)).as("the head knows the old name").isEqualTo(Plan.NOTHING);

    world.settle();
    world.remove("demo-head");
    world.carryOut(new Plan(pods(world.decide(renamed)), Optional.empty()));
    assertThat(described(world.decide(renamed))).containsExactly("DeletedService demo-head-svc");
  }

  @Test
  void aServiceAccountThatTheUserNamesIsBoundAndNotMade() {
    RayCluster own =
        demo()
            .with("enableInTreeAutoscaling: true")
            .with("headGroupSpec: {template: {spec: {serviceAccountName: mine}}}")
            .build();

    assertThat(described(new World().decide(own)))
        .contains("CreatedRole demo", "CreatedRoleBinding demo")
        .noneMatch(action -> action.contains("ServiceAccount"));
  }

  private static Clusters demo() {
    return Clusters.named("demo");
  }

  private static RayCluster cluster(String yaml) {
    return (yaml.isEmpty() ? demo() : demo().with(yaml)).build();
  }

  private static Arguments edit(
      String what, String kind, String name, UnaryOperator<HasMetadata> edit) {
    return Arguments.of(what, kind, name, edit);
  }

  private static HasMetadata without(HasMetadata child, String label) {
    HasMetadata copy = Serialization.clone(child);
    copy.getMetadata().getLabels().remove(label);
    return copy;
  }

  private static Service addressed(Service service) {
    return new ServiceBuilder(service).editSpec().withClusterIP("10.96.0.5").endSpec().build();
  }

  private static HasMetadata terminating(HasMetadata child) {
    HasMetadata copy = Serialization.clone(child);
    copy.getMetadata().setDeletionTimestamp(World.START.toString());
    return copy;
  }

  private static List<Action> pods(Plan plan) {
    return plan.actions().stream().filter(Action.CreatePod.class::isInstance).toList();
  }

  /** What is done to which object beside the pods. */
  private static List<String> described(Plan plan) {
    return plan.actions().stream()
        .filter(action -> action instanceof Action.Apply || action instanceof Action.Delete)
        .map(action -> action.reason().done() + " " + name(action))
        .toList();
  }

  private static String name(Action action) {
    return switch (action) {
      case Action.Apply apply -> apply.desired().getMetadata().getName();
      case Action.Delete delete -> delete.observed().getMetadata().getName();
      default -> throw new IllegalArgumentException(action.toString());
    };
  }
}
