package dev.spray.operator.plan;

import dev.spray.api.raycluster.RayCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Optional;

/** One write to the API server, or a look before writes that need something, and why. */
public sealed interface Action {

  /** Name of the object that is written or looked for, or of the finalizer. */
  String name();

  /** Why this is done: ends up in the event and in the log. */
  Reason reason();

  /**
   * Server-side apply of an object that the operator keeps as it wants it.
   *
   * @param observedUid of the object that is there; empty when none of ours is: then one that
   *     somebody else made under this name is left alone
   */
  record Apply(HasMetadata desired, Optional<String> observedUid, Reason reason) implements Action {
    @Override
    public String name() {
      return desired.getMetadata().getName();
    }
  }

  /**
   * Creation of an object that never changes afterwards, so that it can't be applied, under the
   * name that it carries.
   */
  record Create(HasMetadata object, Reason reason) implements Action {
    @Override
    public String name() {
      return object.getMetadata().getName();
    }
  }

  /** Deletion of exactly this object, which is not a pod, as it was observed. */
  record Delete(HasMetadata observed, Reason reason) implements Action {
    @Override
    public String name() {
      return observed.getMetadata().getName();
    }
  }

  /** Creation of a pod under the name that it carries. */
  record CreatePod(Pod pod, Reason reason) implements Action {
    @Override
    public String name() {
      return pod.getMetadata().getName();
    }
  }

  /**
   * Deletion of exactly this pod.
   *
   * @param resourceVersion the version on which the decision rests: a pod that has changed since is
   *     looked at again instead
   * @param grace how long it may take to end, whatever its spec says; zero: it is removed without
   *     waiting for its kubelet to confirm it
   */
  record DeletePod(
      String namespace,
      String name,
      String uid,
      String resourceVersion,
      Optional<Duration> grace,
      Reason reason)
      implements Action {}

  /**
   * Creation of a Secret; one of the cluster's that is there is kept as it is.
   *
   * @param secret without its content, which is drawn by chance just before it is sent
   */
  record MakeSecret(Secret secret, SecretKind kind, Reason reason) implements Action {
    @Override
    public String name() {
      return secret.getMetadata().getName();
    }
  }

  /**
   * A look whether a Secret is there, and has what the pods will look for that are created next;
   * nothing is written.
   *
   * @param given whether the user names it: then it may be anybody's
   * @param remedy what a person can do if it isn't, as part of a sentence
   */
  record RequireSecret(
      String namespace, String name, SecretKind kind, boolean given, String remedy, Reason reason)
      implements Action {}

  /** Gives the cluster itself a finalizer, if it is still as it was observed. */
  record AddFinalizer(String finalizer, Reason reason) implements Action {
    @Override
    public String name() {
      return finalizer;
    }
  }

  /**
   * Suspension of exactly this cluster, as it was observed. Nothing else is done in a pass that has
   * suspended its cluster.
   */
  record SuspendCluster(RayCluster observed, Reason reason) implements Action {
    @Override
    public String name() {
      return observed.getMetadata().getName();
    }
  }

  /** Deletion of exactly this cluster, as it was observed; then nothing else is done, as above. */
  record DeleteCluster(RayCluster observed, Reason reason) implements Action {
    @Override
    public String name() {
      return observed.getMetadata().getName();
    }
  }

  /** Takes a finalizer from the cluster itself, which is marked for deletion. */
  record RemoveFinalizer(String finalizer, Reason reason) implements Action {
    @Override
    public String name() {
      return finalizer;
    }
  }
}
