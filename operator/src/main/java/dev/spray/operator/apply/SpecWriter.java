package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.plan.Outcome.Failure;
import dev.spray.operator.plan.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a short RayCluster lacks, by server-side apply under a field manager of its own: what
 * the user has written stays the user's, and what it says no more goes.
 */
public final class SpecWriter {
  /** Field manager of what follows from {@code spec.platform}. */
  public static final String FIELD_MANAGER = "sp-ray-platform";

  private static final Logger log = LoggerFactory.getLogger(SpecWriter.class);

  private final KubernetesClient client;
  private final Writes writes;

  /**
   * @param client must not retry writes by itself
   */
  public SpecWriter(KubernetesClient client, Writes writes) {
    this.client = client;
    this.writes = writes;
  }

  /**
   * What became of it.
   *
   * @param cluster as the API server has it now; empty when the write failed
   * @param failure why it did
   */
  public record Written(Optional<RayCluster> cluster, Optional<Failure> failure) {}

  /**
   * Writes the fields, if the cluster is still as it was.
   *
   * @param fields a RayCluster with these fields alone, and the version that it was made of
   * @param groupsGone worker groups that go first. An apply couldn't take away one of which others,
   *     Ray's autoscaler for example, have written a field
   */
  public Written write(
      RayCluster cluster, RayCluster fields, Set<String> groupsGone, Reason reason) {
    try {
      if (!groupsGone.isEmpty()) {
        RayCluster without = remove(cluster, groupsGone);
        fields.getMetadata().setResourceVersion(without.getMetadata().getResourceVersion());
      }
      PatchContext context =
          new PatchContext.Builder()
              .withPatchType(PatchType.SERVER_SIDE_APPLY)
              .withFieldManager(FIELD_MANAGER)
              .withForce(true)
              .build();
      RayCluster written = writes.send(() -> client.resource(fields).patch(context));
      log.info("{}: {} because {}", reason.done(), name(cluster), reason.why());
      return new Written(Optional.of(written), Optional.empty());
    } catch (KubernetesClientException e) {
      Failure failure = Failures.of(e);
      log.warn("{}: {}: {}", reason.failed(), name(cluster), failure.message());
      return new Written(Optional.empty(), Optional.of(failure));
    }
  }

  /** All or none, from the last to the first, as each moves those behind it. */
  private RayCluster remove(RayCluster cluster, Set<String> groups) {
    var all = cluster.getSpec().workerGroupSpecs();
    List<String> removals =
        IntStream.range(0, all.size())
            .boxed()
            .filter(i -> groups.contains(all.get(i).groupName()))
            .sorted(Comparator.reverseOrder())
            .map("{\"op\": \"remove\", \"path\": \"/spec/workerGroupSpecs/%d\"}"::formatted)
            .toList();
    String patch =
        """
        [{"op": "test", "path": "/metadata/uid", "value": "%s"},
         {"op": "test", "path": "/metadata/resourceVersion", "value": "%s"},
         %s]
        """
            .formatted(
                cluster.getMetadata().getUid(),
                cluster.getMetadata().getResourceVersion(),
                String.join(",\n", removals));
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager(FIELD_MANAGER)
            .build();
    return writes.send(() -> client.resource(cluster).patch(context, patch));
  }

  private static String name(RayCluster cluster) {
    return cluster.getMetadata().getNamespace() + "/" + cluster.getMetadata().getName();
  }
}
