package dev.spray.cli.kube;

import dev.spray.api.RayLabels;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Sees a cluster and its pods as they change, by watches. */
public final class Observer implements AutoCloseable {
  private static final int FORBIDDEN = 403;

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final Semaphore changed = new Semaphore(1);
  private final SharedIndexInformer<GenericKubernetesResource> clusters;
  private final SharedIndexInformer<Pod> pods;

  /** Begins to watch; the cluster need not exist. */
  public Observer(Session session, String namespace, String name) {
    this.client = session.client();
    this.namespace = namespace;
    this.name = name;
    this.clusters = session.clusters().one(namespace, name).inform(new Signal<>());
    this.pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(RayLabels.CLUSTER, name)
            .inform(new Signal<>());
  }

  /** The cluster; null when there is none. */
  public Cluster cluster() {
    return clusters.getStore().list().stream()
        .filter(found -> found.getMetadata().getName().equals(name))
        .findFirst()
        .map(Clusters::read)
        .orElse(null);
  }

  /** Its pods, the head first. */
  public List<RayPod> pods() {
    return RayPod.all(pods.getStore().list());
  }

  /** What node providers said of a pod: reasons of its Events. */
  public Set<String> notes(RayPod pod) {
    try {
      return client
          .v1()
          .events()
          .inNamespace(namespace)
          .withField("involvedObject.name", pod.name())
          .list()
          .getItems()
          .stream()
          .map(event -> String.valueOf(event.getReason()))
          .collect(Collectors.toSet());
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return Set.of();
      }
      throw e;
    }
  }

  /** Waits for the next change, at most for the given time. */
  public void await(long milliseconds) {
    try {
      if (changed.tryAcquire(milliseconds, TimeUnit.MILLISECONDS)) {
        changed.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ErrorCode.INTERRUPTED, "interrupted");
    }
  }

  private final class Signal<T> implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      changed.release();
    }

    @Override
    public void onUpdate(T before, T after) {
      changed.release();
    }

    @Override
    public void onDelete(T object, boolean unsure) {
      changed.release();
    }
  }

  @Override
  public void close() {
    clusters.close();
    pods.close();
  }
}
