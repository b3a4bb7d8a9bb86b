package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.api.raycluster.WorkerGroupSpec;
import dev.spray.operator.Clusters;
import dev.spray.operator.JsonDifferences;
import dev.spray.operator.Pods;
import dev.spray.operator.resources.HeadService;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RayPodTest {

  @Test
  void aPodBelongsToItsCluster() {
    OwnerReference owner =
        head(Clusters.named("demo")).getMetadata().getOwnerReferences().getFirst();

    assertThat(owner.getUid()).isEqualTo(Clusters.UID);
    assertThat(owner.getName()).isEqualTo("demo");
    assertThat(owner.getKind()).isEqualTo("RayCluster");
    assertThat(owner.getApiVersion()).isEqualTo("ray.io/v1");
    assertThat(owner.getController()).isTrue();
    assertThat(owner.getBlockOwnerDeletion()).isTrue();
  }

  /** Labels by which the operator finds its pods again. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        RayLabels.IS_RAY_NODE,
        RayLabels.CLUSTER,
        RayLabels.NODE_TYPE,
        RayLabels.GROUP,
        RayLabels.REPLICA_INDEX
      })
  void aTemplateCanNotChangeWhatAPodIs(String label) {
    WorkerGroupSpec group = group(labelled(Map.of(label, "other", "team", "graphs")));
    RayCluster cluster = Clusters.named("demo").group(group).build();

    Map<String, String> labels =
        RayPod.worker(cluster, group, Pods.worker("w", 4), Pods.SETTINGS).getMetadata().getLabels();

    assertThat(labels.get(label)).isNotEqualTo("other");
    assertThat(labels).containsEntry("team", "graphs");
  }

  /** A service that selects nothing would leave all workers waiting for ever. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        RayLabels.APP_NAME,
        RayLabels.CREATED_BY,
        RayLabels.IDENTIFIER,
        RayLabels.CLUSTER,
        RayLabels.NODE_TYPE,
        "team"
      })
  void theHeadServiceSelectsTheHeadWhateverItsTemplateIsLabelled(String label) {
    RayCluster cluster =
        Clusters.named("demo").head(labelled(Map.of(label, "other"))).group("small", 1).build();

    Map<String, String> selector = HeadService.desired(cluster).getSpec().getSelector();

    assertThat(RayPod.head(cluster, Pods.SETTINGS).getMetadata().getLabels())
        .containsAllEntriesOf(selector);
    assertThat(worker(cluster).getMetadata().getLabels())
        .doesNotContainEntry(RayLabels.NODE_TYPE, selector.get(RayLabels.NODE_TYPE));
  }

  @Test
  void theTemplatesNameNamespaceAndOwnersAreNotTakenOver() {
    PodTemplateSpec template =
        new PodTemplateSpecBuilder(Clusters.template(Clusters.container("ray", "1", "1Gi")))
            .withNewMetadata()
            .withName("mine")
            .withGenerateName("mine-")
            .withNamespace("kube-system")
            .addNewOwnerReference()
            .withKind("Node")
            .endOwnerReference()
            .addToFinalizers("example.com/keep")
            .endMetadata()
            .build();

    Pod head = head(Clusters.named("demo").head(template));

    assertThat(head.getMetadata().getName()).isEqualTo("demo-head");
    assertThat(head.getMetadata().getGenerateName()).isNull();
    assertThat(head.getMetadata().getNamespace()).isEqualTo(Clusters.NAMESPACE);
    assertThat(head.getMetadata().getOwnerReferences()).hasSize(1);
    assertThat(head.getMetadata().getFinalizers()).containsExactly("example.com/keep");
  }

  @Test
  void aCommandThatIsToBeLeftAloneIsLeftAloneAndThePodSaysSo() {
    Pod head =
        head(
            Clusters.named("demo")
                .annotations(Map.of(RayLabels.OVERWRITE_COMMAND, "true", "other", "x"))
                .head(ray -> ray.withCommand("run").withArgs("me")));

    assertThat(ray(head).getCommand()).containsExactly("run");
    assertThat(ray(head).getArgs()).containsExactly("me");
    assertThat(head.getMetadata().getAnnotations())
        .containsEntry(RayLabels.OVERWRITE_COMMAND, "true")
        .doesNotContainKey("other");
  }

  /** Fields of a Kubernetes that is newer than our client. */
  @Test
  void unknownFieldsOfATemplatePassThrough() {
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
                    fieldOfThePod: {a: [1, 2]}
                    containers:
                    - name: ray
                      fieldOfTheContainer: {b: c}
                      resources: {limits: {cpu: 1000m}, fieldOfTheResources: true}
                    - name: sidecar
                      fieldOfTheSidecar: x
            """,
            Clusters.NAMESPACE);

    String pod = Serialization.asYaml(RayPod.head(cluster, Pods.SETTINGS));

    assertThat(pod)
        .contains("fieldOfThePod:", "fieldOfTheContainer:", "fieldOfTheSidecar:")
        .contains("fieldOfTheResources: true")
        .as("quantities stay as they were written")
        .contains("cpu: \"1000m\"");
  }

  @Test
  void buildingAPodLeavesTheSpecAlone() {
    RayCluster cluster = Clusters.named("demo").group("small", 1).build();
    String before = Serialization.asJson(cluster);

    Pod head = RayPod.head(cluster, Pods.SETTINGS);
    Pod worker = worker(cluster);
    head.getSpec().getContainers().getFirst().setImage("changed");
    head.getMetadata().getLabels().put("changed", "yes");
    worker.getSpec().getContainers().getFirst().getEnv().clear();

    assertThat(Serialization.asJson(cluster)).isEqualTo(before);
  }

  @Test
  void theSameSpecMakesTheSamePod() {
    Clusters cluster = Clusters.named("demo").group("small", 1);

    assertThat(JsonDifferences.between(head(cluster), head(cluster))).isEmpty();
    assertThat(worker(cluster.build())).isEqualTo(worker(cluster.build()));
  }

  @ParameterizedTest(name = "Ray {0}: one health check {1}")
  @CsvSource({
    "2.53.0, true",
    "2.60.0, true",
    "2.100.1, true",
    "3.0.0, true",
    "v2.53.0, true",
    "2.53.0rc1, true",
    "2.52.9, false",
    "2.9.3, false",
    "1.99.0, false",
    "nightly, false",
    "'', false",
    ", false",
    "3, false",
    "20260101123456.7.8, false",
  })
  void theProbeFollowsTheRayVersion(String version, boolean oneHealthCheck) {
    Container ray = ray(head(Clusters.named("demo").rayVersion(version)));

    assertThat(ray.getLivenessProbe().getHttpGet() != null).isEqualTo(oneHealthCheck);
    assertThat(ray.getLivenessProbe().getExec() == null).isEqualTo(oneHealthCheck);
  }

  @Test
  void aProbeOfTheUserIsKeptAndTheOtherOneIsAdded() {
    Probe own = new ProbeBuilder().withNewTcpSocket().withNewPort(1).endTcpSocket().build();

    Container alive = ray(head(Clusters.named("demo").head(ray -> ray.withLivenessProbe(own))));
    Container ready = ray(head(Clusters.named("demo").head(ray -> ray.withReadinessProbe(own))));

    assertThat(alive.getLivenessProbe()).isEqualTo(own);
    assertThat(alive.getReadinessProbe().getFailureThreshold()).isEqualTo(10);
    assertThat(ready.getReadinessProbe()).isEqualTo(own);
    assertThat(ready.getLivenessProbe().getFailureThreshold()).isEqualTo(120);
  }

  @ParameterizedTest(name = "request {0}, limit {1}: /dev/shm {2}")
  @CsvSource({"1Gi, 2Gi, 2Gi", "1Gi, , 1Gi", ", 3Gi, 3Gi", ", , "})
  void sharedMemoryIsAsLargeAsTheContainersMemory(String request, String limit, String size) {
    Pod head =
        head(
            Clusters.named("demo")
                .head(ray ->
                    ray.editResources()
                        .withRequests(RayPodTest.memory(request))
                        .withLimits(RayPodTest.memory(limit))
                        .endResources()));

    var volume = head.getSpec().getVolumes().getFirst();
    assertThat(volume.getName()).isEqualTo("shared-mem");
    assertThat(volume.getEmptyDir().getMedium()).isEqualTo("Memory");
    assertThat(String.valueOf(volume.getEmptyDir().getSizeLimit())).isEqualTo(size + "");
    assertThat(ray(head).getVolumeMounts().getFirst().getMountPath()).isEqualTo("/dev/shm");
  }

  @Test
  void sharedMemoryOfTheUserIsLeftAlone() {
    Pod mounted =
        head(
            Clusters.named("demo")
                .head(ray ->
                    ray.addNewVolumeMount()
                        .withName("mine")
                        .withMountPath("/dev/shm")
                        .endVolumeMount()));
    Pod moved = head(Clusters.named("demo").headParams(Map.of("plasma-directory", "/plasma")));

    assertThat(mounted.getSpec().getVolumes()).isEmpty();
    assertThat(ray(mounted).getVolumeMounts()).hasSize(1);
    assertThat(moved.getSpec().getVolumes()).isEmpty();
  }

  @Test
  void everyInitContainerKnowsWhereTheHeadIsAndTheWaitingOneComesLast() {
    PodTemplateSpec template =
        new PodTemplateSpecBuilder(Clusters.template(Clusters.container("ray", "1", "1Gi")))
            .editSpec()
            .addNewInitContainer()
            .withName("fetch")
            .endInitContainer()
            .endSpec()
            .build();
    RayCluster cluster = Clusters.named("demo").head(template).group(group(template)).build();

    assertThat(RayPod.head(cluster, Pods.SETTINGS).getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("fetch");
    assertThat(worker(cluster).getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("fetch", "wait-gcs-ready");
    assertThat(worker(cluster).getSpec().getInitContainers())
        .allSatisfy(init ->
            assertThat(init.getEnv())
                .extracting(variable -> variable.getName() + "=" + variable.getValue())
                .contains(
                    "FQ_RAY_IP=demo-head-svc.playground.svc.cluster.local",
                    "RAY_IP=demo-head-svc"));
  }

  private static Map<String, Quantity> memory(String size) {
    return size == null ? Map.of() : Map.of("memory", new Quantity(size));
  }

  private static PodTemplateSpec labelled(Map<String, String> labels) {
    return new PodTemplateSpecBuilder(Clusters.template(Clusters.container("ray", "1", "1Gi")))
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .build();
  }

  private static WorkerGroupSpec group(PodTemplateSpec template) {
    return new WorkerGroupSpec("small", 1, 0, 1, Map.of(), null, template);
  }

  private static Pod head(Clusters cluster) {
    return RayPod.head(cluster.build(), Pods.SETTINGS);
  }

  private static Pod worker(RayCluster cluster) {
    return RayPod.worker(
        cluster,
        cluster.getSpec().workerGroupSpecs().getFirst(),
        Pods.worker("demo-worker", 0),
        Pods.SETTINGS);
  }

  private static Container ray(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }
}
