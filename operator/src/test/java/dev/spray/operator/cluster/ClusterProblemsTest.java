package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.raycluster.HeadGroupSpec;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message names the field and says what to change. */
class ClusterProblemsTest {
  private static final PodTemplateSpec TEMPLATE =
      Clusters.template(Clusters.container("ray", "1", "1Gi"));
  private static final PodTemplateSpec EMPTY =
      new PodTemplateSpecBuilder().withNewSpec().endSpec().build();

  static Stream<Arguments> problems() {
    Clusters demo = Clusters.named("demo");
    return Stream.of(
        Arguments.of("no spec", demo.build(null), "spec.headGroupSpec is missing", "give"),
        Arguments.of(
            "no head group",
            demo.build(Clusters.spec(null, null, null)),
            "spec.headGroupSpec is missing",
            "give"),
        Arguments.of(
            "a head without a template",
            Clusters.named("demo").head((PodTemplateSpec) null).build(),
            "spec.headGroupSpec.template.spec.containers is empty",
            "its first container is the one that runs Ray"),
        Arguments.of(
            "a head without a pod spec",
            Clusters.named("demo").head(new PodTemplateSpec()).build(),
            "spec.headGroupSpec.template.spec.containers is empty",
            "its first container is the one that runs Ray"),
        Arguments.of(
            "a head without containers",
            Clusters.named("demo").head(EMPTY).build(),
            "spec.headGroupSpec.template.spec.containers is empty",
            "its first container is the one that runs Ray"),
        Arguments.of(
            "a group without containers",
            Clusters.named("demo").group(group("small", 0, 1, 2, Map.of(), EMPTY)).build(),
            "spec.workerGroupSpecs[small].template.spec.containers is empty",
            "its first container is the one that runs Ray"),
        Arguments.of(
            "a group without a name",
            Clusters.named("demo").group("", 1).build(),
            "spec.workerGroupSpecs",
            "needs a groupName"),
        Arguments.of(
            "a group whose name is null",
            Clusters.named("demo").group(null, 1).build(),
            "spec.workerGroupSpecs",
            "needs a groupName"),
        Arguments.of(
            "two groups of one name",
            Clusters.named("demo").group("small", 1).group("small", 2).build(),
            "two worker groups are called small",
            "rename one of them"),
        Arguments.of(
            "negative replicas",
            Clusters.named("demo").group("small", 0, -1, 2).build(),
            "spec.workerGroupSpecs[small]: replicas",
            "must not be negative"),
        Arguments.of(
            "negative minReplicas",
            Clusters.named("demo").group("small", -1, 1, 2).build(),
            "minReplicas",
            "must not be negative"),
        Arguments.of(
            "negative maxReplicas",
            Clusters.named("demo").group("small", 0, 1, -2).build(),
            "maxReplicas",
            "must not be negative"),
        Arguments.of(
            "more at least than at most",
            Clusters.named("demo").group("small", 3, 1, 2).build(),
            "spec.workerGroupSpecs[small]: minReplicas 3 is greater than maxReplicas 2",
            "lower the one or raise the other"),
        Arguments.of(
            "a head's port that is none",
            Clusters.named("demo").headParams(Map.of("port", "gcs")).build(),
            "spec.headGroupSpec.rayStartParams.port is 'gcs'",
            "must be a port number from 1 to 65535"),
        Arguments.of(
            "a worker's agent port that is none",
            Clusters.named("demo")
                .group(
                    group(
                        "small", 0, 1, 2, Map.of("dashboard-agent-listen-port", "$PORT"), TEMPLATE))
                .build(),
            "spec.workerGroupSpecs[small].rayStartParams.dashboard-agent-listen-port is '$PORT'",
            "must be a port number from 1 to 65535"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("problems")
  void aProblemNamesTheFieldAndTheCure(String what, RayCluster cluster, String field, String cure) {
    assertThat(ClusterProblems.of(cluster))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.reason()).isEqualTo("InvalidRayClusterSpec");
          assertThat(problem.message()).contains(field).contains(cure);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "65536", "99999", "123456", "-1", "", " 6379", "6379 ", "6e3", "٦٣٧٩"})
  void noPort(String port) {
    assertThat(ClusterProblems.of(Clusters.named("demo").headParams(Map.of("port", port)).build()))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "6379", "65535"})
  void aPort(String port) {
    assertThat(ClusterProblems.of(Clusters.named("demo").headParams(Map.of("port", port)).build()))
        .isEmpty();
  }

  @Test
  void allProblemsAreToldAtOnce() {
    RayCluster cluster =
        Clusters.named("demo")
            .head(EMPTY)
            .headParams(Map.of("port", "x", "dashboard-agent-listen-port", "y"))
            .group("small", 3, 1, 2)
            .group("small", 0, 1, 2)
            .build();

    assertThat(ClusterProblems.of(cluster)).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1st",
        "Demo",
        "a.b",
        "demo-",
        "a-name-that-has-one-character-more-than-fifty-three-xx"
      })
  void aNameIsAProblemOfTheMetadata(String name) {
    assertThat(ClusterProblems.of(Clusters.named(name).build()))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.reason()).isEqualTo("InvalidRayClusterMetadata");
          assertThat(problem.message()).contains("metadata.name").contains("53 characters");
        });
  }

  /** What stands in a condition must fit in there. */
  @Test
  void moreProblemsThanAnybodyReadsAreCounted() {
    Clusters demo = Clusters.named("demo");
    for (int i = 0; i < 500; i++) {
      demo.group("group-" + i, 3, 1, 2);
    }
    assertThat(ClusterProblems.of(demo.build()))
        .hasSize(21)
        .last()
        .extracting(Problem::message)
        .isEqualTo("and 480 more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "team",
        "Team_1.x",
        "example.com/team",
        "a123456789b123456789c123456789d123456789e123456789f123456789xyz",
      })
  void aLabel(String name) {
    assertThat(problemsOfHead("labels: {%s: x}".formatted(name))).isEmpty();
    assertThat(problemsOfHead("labels: {x: %s}".formatted(name.replace('/', '-')))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "''",
        "-team",
        "team-",
        "example.com/",
        "/team",
        "Example.com/team",
        "a/b/c",
        "te am",
        "a123456789b123456789c123456789d123456789e123456789f123456789wxyz",
      })
  void noLabel(String name) {
    assertThat(problemsOfHead("labels: {%s: x}".formatted(name))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"num-cpus", "Num_cpus2", "v"})
  void aFlag(String name) {
    assertThat(problemsOfHead("rayStartParams: {%s: '1'}".formatted(name))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--num-cpus", "''", "a b", "a;b", "a=b", "$a"})
  void noFlag(String name) {
    assertThat(problemsOfHead("rayStartParams: {%s: '1'}".formatted(name)))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("is no flag of ray start");
  }

  @Test
  void aPasswordIsNotTold() {
    assertThat(problemsOfHead("rayStartParams: {redis-password: open sesame}"))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("spec.headGroupSpec.rayStartParams.redis-password is hidden here, and")
        .doesNotContain("sesame");
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "lots", "1e99999999", "4 GB"})
  void noAmountOfAResource(String amount) {
    assertThat(problemsOfHead("resources: {special: %s}".formatted(amount)))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("spec.headGroupSpec.resources.special is ");
  }

  private static List<Problem> problemsOfHead(String fields) {
    return ClusterProblems.of(
        Clusters.named("demo").with("headGroupSpec: {%s}".formatted(fields)).build());
  }

  static Stream<RayCluster> goodClusters() {
    return Stream.of(
        Clusters.named("demo").build(),
        Clusters.named("demo").group("small", 3).group("SMALL", 0).build(),
        Clusters.named("demo").group("small", 0, 9, 2).build(),
        Clusters.named("demo").group("small", 2, 2, 2).build(),
        Clusters.named("demo")
            .group(new WorkerGroupSpec("small", null, null, null, null, null, TEMPLATE))
            .build(),
        Clusters.named("demo")
            .build(Clusters.spec(null, new HeadGroupSpec(null, null, TEMPLATE), null)));
  }

  @ParameterizedTest
  @MethodSource("goodClusters")
  void aGoodClusterHasNone(RayCluster cluster) {
    assertThat(ClusterProblems.of(cluster)).isEmpty();
  }

  @Test
  void aSpecThatCanNotBeReadIsTheOnlyProblem() {
    RayCluster cluster =
        Clusters.parse(
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: demo}
            spec:
              headGroupSpec:
                template: {spec: {containers: [{resources: {limits: {cpu: ''}}}]}}
            """,
            Clusters.NAMESPACE);

    assertThat(ClusterProblems.of(cluster))
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.message())
                .startsWith("spec.headGroupSpec.template.spec.containers[0].resources.limits.cpu"));
  }

  /** The schema of a pod template says that a quantity is a text, not which. */
  @ParameterizedTest
  @ValueSource(strings = {"lots", "4 GB", "1,5Gi", "2GB", "Gi"})
  void anAmountThatIsNoneIsAProblem(String amount) {
    RayCluster cluster =
        Clusters.parse(
            """
            apiVersion: ray.io/v1
            kind: RayCluster
            metadata: {name: demo}
            spec:
              headGroupSpec:
                template:
                  spec:
                    containers:
                    - name: ray
                      resources: {limits: {memory: "%s"}}
            """
                .formatted(amount),
            Clusters.NAMESPACE);

    assertThat(ClusterProblems.of(cluster))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("memory").contains(amount));
  }

  @Test
  void everyAmountOfEveryContainerIsLookedAt() {
    Map<String, Quantity> bad = Map.of("example.com/fpga", new Quantity("many"));
    Container sidecar =
        new ContainerBuilder()
            .withName("sidecar")
            .withNewResources()
            .withRequests(bad)
            .withLimits(bad)
            .endResources()
            .build();
    PodTemplateSpec template = Clusters.template(Clusters.container("ray", "1", "1Gi"), sidecar);
    RayCluster cluster =
        Clusters.named("demo").group(group("small", 0, 1, 2, Map.of(), template)).build();

    String resources = "spec.workerGroupSpecs[small].template.spec.containers[sidecar].resources";
    assertThat(ClusterProblems.of(cluster))
        .extracting(Problem::message)
        .hasSize(2)
        .anyMatch(message -> message.startsWith(resources + ".requests.example.com/fpga is 'many'"))
        .anyMatch(message -> message.startsWith(resources + ".limits.example.com/fpga is 'many'"));
  }

  private static WorkerGroupSpec group(
      String name,
      int min,
      int replicas,
      int max,
      Map<String, String> params,
      PodTemplateSpec template) {
    return new WorkerGroupSpec(name, replicas, min, max, params, null, template);
  }

  @Test
  void aProblemNeverThrows() {
    for (WorkerGroupSpec group :
        List.of(
            new WorkerGroupSpec(null, null, null, null, null, null, null),
            new WorkerGroupSpec("x", null, null, null, null, null, new PodTemplateSpec()))) {
      assertThat(ClusterProblems.of(Clusters.named("demo").group(group).build())).isNotEmpty();
    }
  }
}
