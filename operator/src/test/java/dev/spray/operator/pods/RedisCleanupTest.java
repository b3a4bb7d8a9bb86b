package dev.spray.operator.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.Clusters;
import dev.spray.operator.Pods;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class RedisCleanupTest {
  private static final String TEMPLATE =
      """
      metadata:
        labels: {team: graphs, kueue.x-k8s.io/queue-name: q, ray.io/node-type: mine}
        annotations:
          sidecar.istio.io/inject: "false"
          scheduling.k8s.io/group-name: gang
          volcano.sh/task-spec: head
          yunikorn.apache.org/task-groups: "[]"
      spec:
        schedulerName: volcano
        schedulingGates: [{name: example.com/wait}]
        nodeSelector: {pool: heads}
        initContainers: [{name: certificates, image: certs}]
        containers:
        - name: ray
          image: rayproject/ray:2.60.0
          command: [bash, -c, "echo mine; ray start --head"]
          env: [{name: RAY_REDIS_CA_CERT, value: /certs/ca.crt}]
          ports: [{containerPort: 6379, hostPort: 6379}]
          lifecycle: {postStart: {exec: {command: ["true"]}}}
          livenessProbe: {exec: {command: ["true"]}}
          resources: {limits: {nvidia.com/gpu: "1"}}
          volumeMounts: [{name: certs, mountPath: /certs}]
        - {name: sidecar, image: side}
        volumes: [{name: certs, emptyDir: {}}]
      """;

  private static final RayCluster CLUSTER =
      Clusters.named("demo")
          .head(Serialization.unmarshal(TEMPLATE, PodTemplateSpec.class))
          .with(
              """
              enableInTreeAutoscaling: true
              gcsFaultToleranceOptions:
                redisAddress: rediss://redis:6380
                redisUsername: {value: ray}
                redisPassword: {valueFrom: {secretKeyRef: {name: redis, key: password}}}
              """)
          .build();

  private final Job job = RedisCleanup.job(CLUSTER, Pods.SETTINGS);
  private final PodTemplateSpec template = job.getSpec().getTemplate();
  private final PodSpec pod = template.getSpec();

  @Test
  void hasANameThatIsChosenAndFits() {
    assertThat(job.getMetadata().getName()).isEqualTo("demo-redis-cleanup");
    String longest = "a".repeat(53);
    assertThat(RedisCleanup.name(Clusters.named(longest).build()))
        .hasSize(63)
        .endsWith("a-redis-cleanup");
  }

  @Test
  void isTheClustersAndDoesNotBlockItsDeletion() {
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getUid()).isEqualTo(Clusters.UID);
          assertThat(owner.getController()).isTrue();
          assertThat(owner.getBlockOwnerDeletion()).isFalse();
        });
    assertThat(job.getMetadata().getLabels())
        .containsEntry(RayLabels.CLUSTER, "demo")
        .containsEntry(RayLabels.NODE_TYPE, "redis-cleanup")
        .doesNotContainKey("team");
  }

  @Test
  void runsTheHeadsRayContainerAlone() {
    assertThat(pod.getInitContainers()).extracting("name").containsExactly("certificates");
    assertThat(pod.getNodeSelector()).containsEntry("pool", "heads");
    assertThat(pod.getVolumes()).extracting("name").containsExactly("certs");
    assertThat(pod.getContainers())
        .singleElement()
        .satisfies(ray -> {
          assertThat(ray.getImage()).isEqualTo("rayproject/ray:2.60.0");
          assertThat(ray.getCommand()).containsExactly("/bin/bash", "-c", "--");
          assertThat(ray.getArgs()).singleElement().asString().contains("cleanup_redis_storage");
          assertThat(ray.getVolumeMounts()).extracting("name").containsExactly("certs");
          assertThat(ray.getPorts()).isEmpty();
          assertThat(ray.getLifecycle()).isNull();
          assertThat(ray.getLivenessProbe()).isNull();
          assertThat(ray.getResources().getLimits()).containsOnlyKeys("cpu", "memory");
        });
  }

  @Test
  void knowsWhereTheStateIs() {
    assertThat(pod.getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .containsExactly(
            "RAY_REDIS_CA_CERT",
            "RAY_external_storage_namespace",
            "RAY_REDIS_ADDRESS",
            "REDIS_USERNAME",
            "REDIS_PASSWORD",
            "RAY_redis_db_connect_retries",
            "RAY_redis_db_connect_wait_milliseconds");
  }

  /** Its pod is one alone: a gang would never come together. */
  @Test
  void isInNoGang() {
    assertThat(pod.getSchedulerName()).isNull();
    assertThat(pod.getSchedulingGates()).isEmpty();
    assertThat(template.getMetadata().getAnnotations()).containsOnlyKeys("sidecar.istio.io/inject");
    assertThat(template.getMetadata().getLabels())
        .containsEntry("team", "graphs")
        .containsEntry(RayLabels.NODE_TYPE, "redis-cleanup")
        .doesNotContainKeys("kueue.x-k8s.io/queue-name", RayLabels.IS_RAY_NODE);
  }

  @Test
  void isNotTriedForEver() {
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(300);
    assertThat(pod.getRestartPolicy()).isEqualTo("Never");
  }
}
