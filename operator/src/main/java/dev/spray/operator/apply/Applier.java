package dev.spray.operator.apply;

import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.observe.OwnWrites;
import dev.spray.operator.plan.Action;
import dev.spray.operator.plan.Outcome;
import dev.spray.operator.plan.Plan;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a plan. */
public final class Applier {
  /** Field manager of everything that is applied. */
  public static final String FIELD_MANAGER = "sp-ray-operator";

  private static final Logger log = LoggerFactory.getLogger(Applier.class);

  private final KubernetesClient client;
  private final ChildWriter children;
  private final PodWriter pods;
  private final ClusterSecrets secrets;
  private final FinalizerWriter finalizers;
  private final Deletions deletions;
  private final Suspender suspender;

  /**
   * @param client must not retry writes by itself
   */
  public Applier(KubernetesClient client, Writes writes, OwnWrites ownWrites) {
    this.client = client;
    Claims claims = new Claims(client, writes);
    this.children = new ChildWriter(client, writes, claims, ownWrites);
    this.pods = new PodWriter(claims, ownWrites);
    this.secrets = new ClusterSecrets(client, claims);
    this.finalizers = new FinalizerWriter(client, writes);
    this.deletions = new Deletions(client, writes, ownWrites);
    this.suspender = new Suspender(client, writes);
  }

  /**
   * Asks the API server whether a cluster is still there. When one is deleted, the garbage
   * collector takes its pods, and their end may be heard of before that of the cluster.
   *
   * @throws KubernetesClientException when it doesn't answer
   */
  public boolean isThere(RayCluster cluster) {
    RayCluster found = client.resource(cluster).get();
    return found != null
        && found.getMetadata().getUid().equals(cluster.getMetadata().getUid())
        && !found.isMarkedForDeletion();
  }

  /**
   * Carries out the actions, see {@link PlanOrder}.
   *
   * @return the outcomes of what was tried
   */
  public List<Outcome> run(RayCluster cluster, Plan plan) {
    List<Outcome> outcomes = new ArrayList<>();
    PlanOrder order = new PlanOrder(plan.actions());
    while (!order.isDone()) {
      List<Outcome> tried = sideBySide(cluster, order.next());
      outcomes.addAll(tried);
      order.after(tried);
    }
    return outcomes;
  }

  private List<Outcome> sideBySide(RayCluster cluster, List<Action> actions) {
    if (actions.size() == 1) {
      return List.of(carryOut(cluster, actions.getFirst()));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> outcomes =
          actions.stream().map(action -> threads.submit(() -> carryOut(cluster, action))).toList();
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
    String what =
        "%s/%s because %s"
            .formatted(cluster.getMetadata().getNamespace(), action.name(), action.reason().why());
    try {
      Outcome done = Outcome.done(action);
      switch (action) {
        case Action.Apply apply -> children.apply(apply, cluster);
        case Action.Create create -> children.create(create.object(), cluster);
        case Action.Delete delete -> deletions.delete(delete, cluster);
        case Action.CreatePod create -> pods.create(create.pod(), cluster);
        case Action.DeletePod delete -> deletions.delete(delete, cluster);
        case Action.MakeSecret make -> {
          if (!secrets.make(make, cluster)) {
            return Outcome.done(found(make));
          }
        }
        case Action.RequireSecret require -> {
          secrets.require(require, cluster);
          return Outcome.done(require);
        }
        case Action.SuspendCluster suspend -> suspender.suspend(suspend.observed());
        case Action.DeleteCluster delete -> deletions.delete(delete.observed());
        case Action.AddFinalizer add ->
            done = Outcome.changed(add, finalizers.add(add.finalizer(), cluster));
        case Action.RemoveFinalizer remove -> finalizers.remove(remove.finalizer(), cluster);
      }
      log.info("{}: {}", action.reason().done(), what);
      return done;
    } catch (KubernetesClientException e) {
      Outcome.Failure failure = Failures.of(action, e);
      log.warn("{}: {}: {}", action.reason().failed(), what, failure.message());
      return Outcome.failed(action, failure);
    }
  }

  /** What was done when there was nothing left to do. */
  private static Action found(Action.MakeSecret make) {
    return new Action.RequireSecret(
        make.secret().getMetadata().getNamespace(),
        make.name(),
        make.kind(),
        false,
        "",
        make.reason());
  }
}
