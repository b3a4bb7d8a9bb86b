package dev.spray.operator.pods;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The Job that removes the state of a cluster's GCS from Redis once its head is gone. Ray does it
 * itself, in the head's container: it has the Ray version that wrote the state, and what the user
 * mounted to reach Redis.
 */
public final class RedisCleanup {
  private static final long LONGEST_SECONDS = 300;

  /** Marks of those who schedule pods in gangs, or hold them back: this pod is alone, and not. */
  private static final Pattern GANG =
      Pattern.compile(
          "(scheduling\\.(k8s|x-k8s)\\.io|volcano\\.sh|yunikorn\\.apache\\.org|kai\\.scheduler"
              + "|kueue\\.x-k8s\\.io)/.*");

  /** Says at its end what is to be done by hand, if anything is. */
  private static final String SCRIPT =
      """
      python - <<'END'
      import os, sys
      from urllib.parse import urlsplit
      from ray._private.gcs_utils import cleanup_redis_storage

      address = os.environ["RAY_REDIS_ADDRESS"].split(",")[0]
      redis = urlsplit(address if "://" in address else "redis://" + address)
      namespace = os.environ["RAY_external_storage_namespace"]
      user = os.environ.get("REDIS_USERNAME", redis.username)
      options = {"username": user} if user else {}
      removed = cleanup_redis_storage(
          host=redis.hostname,
          port=redis.port or 6379,
          password=os.environ.get("REDIS_PASSWORD", redis.password) or "",
          use_ssl=redis.scheme == "rediss",
          storage_namespace=namespace,
          **options,
      )
      if not removed:
          sys.exit(f"The state of {namespace} may still be in Redis: remove it by hand.")
      print(f"The state of {namespace} is no more in Redis.")
      END
      """;

  /** {@code <cluster>-redis-cleanup}, of which a long one keeps its end. */
  public static String name(RayCluster cluster) {
    return Identity.labelValue(cluster.getMetadata().getName() + "-redis-cleanup");
  }

  /** The Job of a cluster whose head's template has a container. */
  public static Job job(RayCluster cluster, PodSettings settings) {
    RayNode head = RayNode.head(cluster, settings);
    Map<String, String> labels =
        Identity.labels(cluster.getMetadata().getName(), RayLabels.REDIS_CLEANUP);
    return new JobBuilder()
        .withNewMetadata()
        .withName(name(cluster))
        .withNamespace(cluster.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(owner(cluster))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withActiveDeadlineSeconds(LONGEST_SECONDS)
        .withNewTemplate()
        .withMetadata(metadata(head, labels))
        .withSpec(spec(head))
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Found as the cluster's, but the garbage collector doesn't wait for it to delete the owner. */
  private static OwnerReference owner(RayCluster cluster) {
    return new OwnerReferenceBuilder(Identity.owner(cluster)).withBlockOwnerDeletion(false).build();
  }

  private static ObjectMeta metadata(RayNode head, Map<String, String> own) {
    ObjectMeta user =
        head.template().getMetadata() == null ? new ObjectMeta() : head.template().getMetadata();
    Map<String, String> labels = new LinkedHashMap<>(alone(head.settings().defaults().labels()));
    labels.putAll(alone(user.getLabels()));
    labels.putAll(own);
    Map<String, String> annotations =
        new LinkedHashMap<>(alone(head.settings().defaults().annotations()));
    annotations.putAll(alone(user.getAnnotations()));
    return new ObjectMetaBuilder().withLabels(labels).withAnnotations(annotations).build();
  }

  private static Map<String, String> alone(Map<String, String> marks) {
    Map<String, String> others = new LinkedHashMap<>(marks);
    others.keySet().removeIf(key -> GANG.matcher(key).matches());
    return others;
  }

  /** That of the user's template, with its init containers, which may prepare what is mounted. */
  private static PodSpec spec(RayNode head) {
    return new PodSpecBuilder(head.template().getSpec())
        .withContainers(container(head))
        .withRestartPolicy("Never")
        .withSchedulerName(null)
        .withSchedulingGates(List.of())
        .withResourceClaims(List.of())
        .withResources(null)
        .build();
  }

  private static Container container(RayNode head) {
    List<EnvVar> env = new ArrayList<>(head.container().getEnv());
    GcsState.addRedis(env, head.cluster());
    head.settings().defaults().env().forEach(v -> RayEnvironment.addIfAbsent(env, v));
    // One minute for a Redis that is not there yet.
    RayEnvironment.addIfAbsent(env, RayEnvironment.value("RAY_redis_db_connect_retries", "120"));
    RayEnvironment.addIfAbsent(
        env, RayEnvironment.value("RAY_redis_db_connect_wait_milliseconds", "500"));
    return new ContainerBuilder(head.container())
        .withCommand(head.settings().shell())
        .withArgs(SCRIPT)
        .withEnv(env)
        .withResources(size())
        .withPorts(List.of())
        .withLivenessProbe(null)
        .withReadinessProbe(null)
        .withStartupProbe(null)
        .withLifecycle(null)
        .withRestartPolicy(null)
        .build();
  }

  private static ResourceRequirements size() {
    Map<String, Quantity> size =
        Map.of("cpu", new Quantity("200m"), "memory", new Quantity("256Mi"));
    return new ResourceRequirementsBuilder().withRequests(size).withLimits(size).build();
  }

  private RedisCleanup() {}
}
