package dev.spray.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Optional;

/** One write to the API server, or a look before writes that need something, and why. */
public sealed interface Action {

  /** Why this is done: ends up in the event and in the log. */
  Reason reason();

  /**
   * Server-side apply of an object that the operator keeps as it wants it.
   *
   * @param observedUid of the object that is there; empty when none of ours is: then one that
   *     somebody else made under this name is left alone
   */
  record Apply(HasMetadata desired, Optional<String> observedUid, Reason reason)
      implements Action {}

  /**
   * Creation of the Secret with a cluster's token, unless it is there.
   *
   * @param secret without the token, which is drawn by chance just before it is sent
   */
  record MakeToken(Secret secret, Reason reason) implements Action {}

  /**
   * A look whether a token is where the pods that are created next will look for it; nothing is
   * written.
   *
   * @param remedy what a person can do if it isn't there, as part of a sentence
   */
  record RequireToken(SecretKey place, String remedy, Reason reason) implements Action {}

  /** Deletion of exactly this object, which is not a pod, as it was observed. */
  record Delete(HasMetadata observed, Reason reason) implements Action {}

  /** Creation of a pod under the name that it carries. */
  record CreatePod(Pod pod, Reason reason) implements Action {}

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
   * Creation of an object that never changes afterwards, so that it can't be applied, under the
   * name that it carries.
   */
  record Create(HasMetadata object, Reason reason) implements Action {}

  /** Gives the cluster itself a finalizer, if it is still as it was observed. */
  record AddFinalizer(String finalizer, Reason reason) implements Action {}

  /**
   * Creation of the Secret of a cluster's certificate authority, with a new key; one that is there
   * is kept.
   *
   * @param secret without its content
   */
  record MakeAuthority(Secret secret, Reason reason) implements Action {}

  /**
   * A look whether the Secret of a certificate authority is there, on which the pods rest that are
   * to be created; writes nothing.
   *
   * @param remedy what to do if it isn't
   */
  record RequireAuthority(String namespace, String secret, String remedy, Reason reason)
      implements Action {}

  /** Takes a finalizer from the cluster itself, which is marked for deletion. */
  record RemoveFinalizer(String finalizer, Reason reason) implements Action {}
}
