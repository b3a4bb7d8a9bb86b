package dev.spray.operator.apply;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.OwnWrites;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import dev.spray.operator.resources.Identity;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a plan. */
public final class Applier {
  /** Field manager of everything that is applied. */
  public static final String FIELD_MANAGER = "sp-ray-operator";

  /** Creates of one cluster that go side by side once the first ones have worked. */
  private static final int WIDEST_BATCH = 32;

  /**
   * A version that no object has, because etcd counts up from it: an apply that carries it makes a
   * new object or fails. Without it, applying would take over an object that somebody else made
   * under the name, unless the two disagree about a field.
   */
  private static final String NO_VERSION = "1";

  private static final Logger log = LoggerFactory.getLogger(Applier.class);

  private final KubernetesClient client;
  private final Writes writes;
  private final OwnWrites ownWrites;
  private final ClusterSecrets secrets;

  /**
   * @param client must not retry writes by itself
   */
  public Applier(KubernetesClient client, Writes writes, OwnWrites ownWrites) {
    this.client = client;
    this.writes = writes;
    this.ownWrites = ownWrites;
    this.secrets = new ClusterSecrets(client, new Claims(client, writes));
  }

  /**
   * Carries out the actions in their order; like ones side by side, in batches of 1, 2, 4, … so
   * that a quota or a webhook that says no costs few calls. Applies go one by one: a RoleBinding is
   * refused while its Role is missing. After a failure only that is tried which doesn't rest on
   * what failed, see {@link #stillToDo}.
   *
   * @return the outcomes of what was tried
   */
  public List<Outcome> run(RayCluster cluster, Plan plan) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Action> left = plan.actions();
    int batch = 1;
    Class<?> kind = null;
    while (!left.isEmpty()) {
      Class<?> next = left.getFirst().getClass();
      boolean grows = next == kind && next != Action.Apply.class;
      batch = grows ? Math.min(batch * 2, WIDEST_BATCH) : 1;
      kind = next;
      List<Action> actions =
          left.stream().limit(batch).takeWhile(action -> action.getClass() == next).toList();
      left = left.subList(actions.size(), left.size());
      List<Outcome> tried = sideBySide(actions, action -> carryOut(cluster, action));
      outcomes.addAll(tried);
      List<Outcome> failed = tried.stream().filter(o -> o.failure().isPresent()).toList();
      if (!failed.isEmpty()) {
        left = stillToDo(failed, left);
        kind = null;
      }
    }
    return outcomes;
  }

  /**
   * When an object beside the pods is missing, or somebody else's, or the cluster lacks a
   * finalizer, no pod is made that would need it; but pods that are to go wait for no object. When
   * the API server refuses a pod, the others of its group are not tried, but those of other groups
   * are; when it can't be reached, or something has changed meanwhile, nothing more is.
   *
   * @param failed of one kind
   */
  private static List<Action> stillToDo(List<Outcome> failed, List<Action> left) {
    boolean refused =
        failed.stream().noneMatch(o -> o.failure().get().kind() == Outcome.Kind.TRANSIENT);
    Set<String> groups =
        failed.stream().flatMap(o -> group(o.action()).stream()).collect(Collectors.toSet());
    Predicate<Action> isDeletion = Action.DeletePod.class::isInstance;
    Predicate<Action> isPossible =
        switch (failed.getFirst().action()) {
          case Action.Apply apply -> isDeletion;
          case Action.MakeSecret make -> isDeletion;
          case Action.RequireSecret require -> isDeletion;
          case Action.AddFinalizer add -> isDeletion;
          case Action.Delete delete -> refused ? action -> true : isDeletion;
          case Action.DeletePod delete when refused -> isDeletion.negate();
          case Action.CreatePod create when refused ->
              action -> group(action).filter(groups::contains).isEmpty();
          default -> action -> false;
        };
    return left.stream().filter(isPossible).toList();
  }

  /** The group of a pod that is to be created. */
  private static Optional<String> group(Action action) {
    return action instanceof Action.CreatePod create
        ? Optional.of(create.pod().getMetadata().getLabels().get(RayLabels.GROUP))
        : Optional.empty();
  }

  private static List<Outcome> sideBySide(
      List<Action> actions, Function<Action, Outcome> carryOut) {
    if (actions.size() == 1) {
      return List.of(carryOut.apply(actions.getFirst()));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> outcomes =
          actions.stream().map(action -> threads.submit(() -> carryOut.apply(action))).toList();
      List<Outcome> results = new ArrayList<>();
      for (Future<Outcome> outcome : outcomes) {
        results.add(outcome.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Outcome carryOut(RayCluster cluster, Action action) {
    String uid = cluster.getMetadata().getUid();
    try {
      switch (action) {
        case Action.Apply apply -> ownWrites.applied(uid, apply(apply, cluster));
        case Action.MakeSecret make -> {
          if (!secrets.make(make, cluster)) {
            return Outcome.done(found(make));
          }
        }
        case Action.RequireSecret require -> {
          secrets.require(require);
          return Outcome.done(require);
        }
        case Action.Delete delete -> {
          delete(delete.observed());
          ownWrites.deletedChild(uid, delete.observed());
        }
        case Action.CreatePod create -> ownWrites.created(uid, create(create.pod(), cluster));
        case Action.DeletePod delete -> {
          delete(delete);
          ownWrites.deleted(uid, delete.uid());
        }
        case Action.Create create -> ownWrites.applied(uid, create(create.object(), cluster));
        case Action.AddFinalizer add -> add(add.finalizer(), cluster);
        case Action.RemoveFinalizer remove -> remove(remove.finalizer(), cluster);
      }
      log.info("{}: {}", action.reason().done(), describe(action));
      return Outcome.done(action);
    } catch (KubernetesClientException e) {
      Outcome.Failure failure =
          action instanceof Action.Apply apply && Failures.isUnknownKind(e)
              ? unknown(apply.desired())
              : withRemedy(action, Failures.of(e));
      log.warn("{}: {}: {}", action.reason().failed(), describe(action), failure.message());
      return Outcome.failed(action, failure);
    }
  }

  /** What was done when there was nothing left to do. */
  private static Action found(Action.MakeSecret make) {
    return new Action.RequireSecret(
        make.secret().getMetadata().getNamespace(), make.name(), make.kind(), "", make.reason());
  }

  /** Only what others bring can be missing. */
  private static Outcome.Failure unknown(HasMetadata object) {
    return new Outcome.Failure(
        Outcome.Kind.REFUSED,
        "the API server knows no %s of %s: install the scheduler that brings it, or start the operator"
                .formatted(object.getKind(), object.getApiVersion())
            + " without --batch-scheduler");
  }

  /** Some fields can't be changed, and the API server doesn't say what to do then. */
  private static Outcome.Failure withRemedy(Action action, Outcome.Failure failure) {
    if (action instanceof Action.RemoveFinalizer || action instanceof Action.AddFinalizer) {
      // Its tests have failed: the cluster has changed meanwhile, and is looked at again.
      return new Outcome.Failure(Outcome.Kind.TRANSIENT, failure.message());
    }
    boolean immutable =
        action instanceof Action.Apply apply
            && apply.observedUid().isPresent()
            && failure.kind() == Outcome.Kind.INVALID;
    return immutable
        ? new Outcome.Failure(
            failure.kind(),
            failure.message()
                + ". Delete the %s: it is made anew as the spec wants it; or undo the change"
                    .formatted(((Action.Apply) action).desired().getKind()))
        : failure;
  }

  /** A create whose answer got lost, or that was sent before, finds its own pod and is content. */
  private Pod create(Pod pod, RayCluster cluster) {
    try {
      return writes.send(() -> client.resource(pod).create());
    } catch (KubernetesClientException e) {
      if (!Failures.isAlreadyExists(e) && !Failures.isAmbiguous(e)) {
        throw e;
      }
      Pod found = client.resource(pod).get();
      if (found == null || isLeaving(found, cluster)) {
        throw e;
      }
      if (!isOwn(found, cluster)) {
        throw taken(pod, cluster, e);
      }
      if (!nodeType(pod).equals(nodeType(found))) {
        throw unseen(found, nodeType(pod));
      }
      return found;
    }
  }

  /** As a pod's. */
  private HasMetadata create(HasMetadata object, RayCluster cluster) {
    try {
      return writes.send(() -> client.resource(object).create());
    } catch (KubernetesClientException e) {
      if (!Failures.isAlreadyExists(e) && !Failures.isAmbiguous(e)) {
        throw e;
      }
      HasMetadata found = client.resource(object).get();
      if (found == null || found.isMarkedForDeletion() || isLeaving(found, cluster)) {
        throw e;
      }
      if (!isOwn(found, cluster)) {
        throw foreign(object);
      }
      return found;
    }
  }

  /** A worker gets another name at once, the head has but one. */
  private KubernetesClientException taken(
      Pod pod, RayCluster cluster, KubernetesClientException answer) {
    ownWrites.taken(cluster.getMetadata().getUid(), pod.getMetadata().getName());
    boolean head = RayLabels.HEAD.equals(nodeType(pod));
    return head && Failures.isAlreadyExists(answer) ? foreign(pod) : answer;
  }

  private static boolean isOwn(HasMetadata found, RayCluster cluster) {
    return Identity.isOwnedBy(found, cluster.getMetadata().getUid());
  }

  /**
   * Whether an object goes by itself, soon: it is on its way out, or belongs to a cluster of this
   * name that was deleted, and the garbage collector has yet to come to it.
   */
  private static boolean isLeaving(HasMetadata found, RayCluster cluster) {
    return !isOwn(found, cluster)
        && (found.isMarkedForDeletion() || Identity.isLeftBehind(found, cluster));
  }

  private HasMetadata apply(Action.Apply apply, RayCluster cluster) {
    HasMetadata desired = apply.desired();
    if (apply.observedUid().isPresent()) {
      return change(desired, apply.observedUid().get());
    }
    try {
      desired.getMetadata().setResourceVersion(NO_VERSION);
      return serverSideApply(desired);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      HasMetadata found = client.resource(desired).get();
      if (found == null
          || found.isMarkedForDeletion()
          || isLeaving(found, cluster)
          || Identity.isKeptFor(found, cluster)) {
        // The next pass sees what there is.
        throw e;
      }
      if (!isOwn(found, cluster)) {
        throw foreign(desired);
      }
      return change(desired, found.getMetadata().getUid());
    }
  }

  /** With its UID the patch can't make a new object, nor change another one of this name. */
  private HasMetadata change(HasMetadata desired, String uid) {
    desired.getMetadata().setResourceVersion(null);
    desired.getMetadata().setUid(uid);
    return serverSideApply(desired);
  }

  private HasMetadata serverSideApply(HasMetadata desired) {
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();
    return writes.send(() -> client.resource(desired).patch(context));
  }

  /** Only if the cluster is the one, and nothing about it has changed since it was looked at. */
  private void add(String finalizer, RayCluster cluster) {
    ObjectMeta metadata = cluster.getMetadata();
    boolean first = metadata.getFinalizers().isEmpty();
    String patch =
        """
        [{"op": "test", "path": "/metadata/uid", "value": "%s"},
         {"op": "test", "path": "/metadata/resourceVersion", "value": "%s"},
         {"op": "add", "path": "/metadata/finalizers%s", "value": %s}]
        """
            .formatted(
                metadata.getUid(),
                metadata.getResourceVersion(),
                first ? "" : "/-",
                first ? "[\"" + finalizer + "\"]" : "\"" + finalizer + "\"");
    var _ =
        writes.send(() -> client.resource(cluster).patch(PatchContext.of(PatchType.JSON), patch));
  }

  /** All or nothing: the cluster must be the one, and as it was when it was looked at. */
  private void remove(String finalizer, RayCluster cluster) {
    ObjectMeta metadata = cluster.getMetadata();
    int index = metadata.getFinalizers().indexOf(finalizer);
    String patch =
        """
        [{"op": "test", "path": "/metadata/uid", "value": "%s"},
         {"op": "test", "path": "/metadata/finalizers/%2$d", "value": "%3$s"},
         {"op": "remove", "path": "/metadata/finalizers/%2$d"}]
        """
            .formatted(metadata.getUid(), index, finalizer);
    try {
      var _ =
          writes.send(() -> client.resource(cluster).patch(PatchContext.of(PatchType.JSON), patch));
    } catch (KubernetesClientException e) {
      if (!Failures.isGone(e)) {
        throw e;
      }
    }
  }

  private void delete(HasMetadata observed) {
    boolean core = observed.getApiVersion().equals("v1");
    delete(
        "%s/%s/namespaces/%s/%s/%s"
            .formatted(
                core ? "/api" : "/apis",
                observed.getApiVersion(),
                observed.getMetadata().getNamespace(),
                observed.getPlural(),
                observed.getMetadata().getName()),
        options(observed.getMetadata().getUid(), observed.getMetadata().getResourceVersion())
            .build());
  }

  private void delete(Action.DeletePod delete) {
    DeleteOptionsBuilder options = options(delete.uid(), delete.resourceVersion());
    delete(
        "/api/v1/namespaces/%s/pods/%s".formatted(delete.namespace(), delete.name()),
        options
            .withGracePeriodSeconds(delete.grace().map(Duration::toSeconds).orElse(null))
            .build());
  }

  private static DeleteOptionsBuilder options(String uid, String resourceVersion) {
    return new DeleteOptionsBuilder()
        .withNewPreconditions()
        .withUid(uid)
        .withResourceVersion(resourceVersion)
        .endPreconditions();
  }

  /** The typed client has no way to send a UID precondition. */
  private void delete(String path, DeleteOptions options) {
    try {
      writes.send(() -> client.raw(path, "DELETE", options));
    } catch (KubernetesClientException e) {
      if (!Failures.isGone(e)) {
        throw e;
      }
    }
  }

  private static KubernetesClientException foreign(HasMetadata object) {
    String message =
        "%s %s exists and belongs to somebody else: delete or rename it, or rename the RayCluster%s"
            .formatted(
                object.getKind(),
                object.getMetadata().getName(),
                switch (object) {
                  case ServiceAccount account ->
                      ", or name it as serviceAccountName in the head's template to use it";
                  case PersistentVolumeClaim claim ->
                      ", or name it as gcsFaultToleranceOptions.storage.claimName to use it";
                  default -> "";
                });
    return new KubernetesClientException(message, HttpURLConnection.HTTP_FORBIDDEN, null);
  }

  /** It would be created again and again. */
  private static KubernetesClientException unseen(Pod pod, String nodeType) {
    String message =
        "Pod %s has lost its label %s: %s, by which the operator sees it: put it back, or delete the pod"
            .formatted(pod.getMetadata().getName(), RayLabels.NODE_TYPE, nodeType);
    return new KubernetesClientException(message, HttpURLConnection.HTTP_FORBIDDEN, null);
  }

  private static String nodeType(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault(RayLabels.NODE_TYPE, "");
  }

  private static String describe(Action action) {
    String name =
        switch (action) {
          case Action.Apply apply -> name(apply.desired());
          case Action.MakeSecret make -> name(make.secret());
          case Action.RequireSecret require -> require.namespace() + "/" + require.name();
          case Action.Delete delete -> name(delete.observed());
          case Action.CreatePod create -> name(create.pod());
          case Action.DeletePod delete -> delete.namespace() + "/" + delete.name();
          case Action.Create create -> name(create.object());
          case Action.AddFinalizer add -> add.finalizer();
          case Action.RemoveFinalizer remove -> remove.finalizer();
        };
    return name + " because " + action.reason().why();
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }
}
