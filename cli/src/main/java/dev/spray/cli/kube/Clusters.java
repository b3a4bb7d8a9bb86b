package dev.spray.cli.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/** The RayClusters of the API server. Objects stay whole, fields that are unknown here too. */
public final class Clusters {
  /** Who we are to server-side apply. */
  public static final String FIELD_MANAGER = "sp-ray-cli";

  /** The kind. */
  public static final ResourceDefinitionContext KIND =
      new ResourceDefinitionContext.Builder()
          .withGroup("ray.io")
          .withVersion("v1")
          .withKind("RayCluster")
          .withPlural("rayclusters")
          .withNamespaced(true)
          .build();

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  /** Of writing what only a status gets in the way of. */
  private static final int TRIES = 5;

  private final KubernetesClient client;

  Clusters(KubernetesClient client) {
    this.client = client;
  }

  /**
   * All of a namespace, by name.
   *
   * @param namespace null: all namespaces
   * @param selector of labels; null: all
   */
  public List<Cluster> list(String namespace, String selector) {
    return some(namespace, selector).list().getItems().stream().map(Clusters::read).toList();
  }

  /** The same, for watching. */
  public FilterWatchListDeletable<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      some(String namespace, String selector) {
    var where = namespace == null ? all().inAnyNamespace() : all().inNamespace(namespace);
    return selector == null ? where : where.withLabelSelector(selector);
  }

  /** One of them; a failure that says which there are when it doesn't exist. */
  public Cluster get(String namespace, String name) {
    Cluster found = find(namespace, name);
    if (found == null) {
      throw missing(namespace, name);
    }
    return found;
  }

  /** One of them, or null. */
  public Cluster find(String namespace, String name) {
    GenericKubernetesResource found = one(namespace, name).get();
    return found == null ? null : read(found);
  }

  private Failure missing(String namespace, String name) {
    // Fails in its own words where the kind itself is missing.
    List<String> names = list(namespace, null).stream().map(Cluster::name).toList();
    Failure missing =
        new Failure(
            ErrorCode.NOT_FOUND, "there is no Ray cluster " + name + " in namespace " + namespace);
    return names.isEmpty()
        ? missing.suggesting("sp-ray get clusters -A")
        : missing.suggesting("one of: " + String.join(", ", names));
  }

  /** Creates one; unknown fields are refused. */
  public Cluster create(ObjectNode manifest, boolean dryRun) {
    return read(strict(manifest, dryRun).create());
  }

  /**
   * Replaces one. It is a conflict if somebody else has changed it since it was read, but not if
   * the operator has told its status, as it does every few seconds while a cluster starts.
   *
   * @param seen as it was read
   * @param manifest as it is to be
   */
  public Cluster replace(Cluster seen, ObjectNode manifest, boolean dryRun) {
    ObjectNode next = manifest.deepCopy();
    Cluster now = seen;
    for (int tries = 1; ; tries++) {
      Json.object(next, "metadata")
          .set("resourceVersion", Json.at(now.tree(), "metadata", "resourceVersion"));
      try {
        return read(strict(next, dryRun).update());
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT || tries == TRIES) {
          throw e;
        }
        now = get(seen.namespace(), seen.name());
        if (!unversioned(now).equals(unversioned(seen))) {
          throw new Failure(
                  ErrorCode.CONFLICT,
                  "somebody else changed cluster " + seen.name() + " at the same time")
              .suggesting("look at it and try again");
        }
      }
    }
  }

  /** What tells whether a manifest is still the same: its generation counts its specs. */
  private static ObjectNode unversioned(Cluster cluster) {
    return Json.object(cluster.tree().deepCopy(), "metadata").without("resourceVersion");
  }

  /** Server-side apply; disagreement with others is a conflict unless forced. */
  public Cluster apply(ObjectNode manifest, boolean force, boolean dryRun) {
    GenericKubernetesResource resource = write(manifest);
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withFieldValidation("Strict")
            .withForce(force)
            .withDryRun(dryRun ? List.of("All") : null)
            .build();
    return read(
        one(resource.getMetadata().getNamespace(), resource.getMetadata().getName())
            .patch(context, resource));
  }

  private NonDeletingOperation<GenericKubernetesResource> strict(
      ObjectNode manifest, boolean dryRun) {
    GenericKubernetesResource resource = write(manifest);
    return all()
        .inNamespace(resource.getMetadata().getNamespace())
        .resource(resource)
        .dryRun(dryRun)
        .fieldValidation(Validation.STRICT);
  }

  /** Patches one. */
  public Cluster patch(Cluster cluster, PatchType type, String patch, boolean dryRun) {
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(type)
            .withFieldManager(FIELD_MANAGER)
            .withDryRun(dryRun ? List.of("All") : null)
            .build();
    return read(one(cluster.namespace(), cluster.name()).patch(context, patch));
  }

  /** Deletes one; its pods follow. That it is gone already is fine. */
  public void delete(Cluster cluster, boolean dryRun) {
    var one = one(cluster.namespace(), cluster.name());
    try {
      var _ =
          (dryRun ? one.dryRun() : one)
              .withPropagationPolicy(DeletionPropagation.BACKGROUND)
              .delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        throw e;
      }
    }
  }

  /** One of them, for watching. */
  public Resource<GenericKubernetesResource> one(String namespace, String name) {
    return all().inNamespace(namespace).withName(name);
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all() {
    return client.genericKubernetesResources(KIND);
  }

  /** As the rest of this program reads it. */
  public static Cluster read(GenericKubernetesResource resource) {
    ObjectNode tree = Json.tree(resource);
    Json.object(tree, "metadata").remove("managedFields");
    return new Cluster(tree);
  }

  private static GenericKubernetesResource write(ObjectNode manifest) {
    return Json.read(manifest, GenericKubernetesResource.class);
  }
}
