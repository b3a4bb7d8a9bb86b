package dev.spray.e2e.faults;

import dev.spray.api.RayLabels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Everything that clusters ever had in any namespace: what was created, and what was deleted. */
final class Chronicle implements AutoCloseable {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          Pod.class,
          Service.class,
          Secret.class,
          ServiceAccount.class,
          Role.class,
          RoleBinding.class,
          Ingress.class,
          Job.class,
          PersistentVolumeClaim.class);

  private record Entry(String namespace, String kind, String what) {}

  private final Map<String, Entry> created = new ConcurrentHashMap<>();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  Chronicle(KubernetesClient admin) {
    for (Class<? extends HasMetadata> kind : KINDS) {
      informers.add(inform(admin, kind));
    }
  }

  private <R extends HasMetadata> SharedIndexInformer<R> inform(
      KubernetesClient admin, Class<R> kind) {
    return Endless.inform(
        admin.resources(kind).inAnyNamespace().withLabel(RayLabels.CLUSTER), new Writer<>());
  }

  /**
   * What became of a namespace.
   *
   * @param created how many objects of each kind ever were
   * @param deleted how many of them are gone
   * @param there what is left, without names and identities
   */
  record Account(Map<String, Long> created, long deleted, Set<String> there) {

    /** Whether more was made or deleted than in the other: no waiting mends that. */
    boolean exceeds(Account other) {
      return deleted > other.deleted
          || created.entrySet().stream()
              .anyMatch(kind -> kind.getValue() > other.created.getOrDefault(kind.getKey(), 0L));
    }
  }

  Account of(String namespace) {
    var entries =
        created.entrySet().stream()
            .filter(entry -> entry.getValue().namespace().equals(namespace))
            .toList();
    return new Account(
        entries.stream()
            .collect(Collectors.groupingBy(e -> e.getValue().kind(), Collectors.counting())),
        entries.stream().filter(entry -> deleted.contains(entry.getKey())).count(),
        entries.stream()
            .filter(entry -> !deleted.contains(entry.getKey()))
            .map(entry -> entry.getValue().what())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  private final class Writer<R extends HasMetadata> implements ResourceEventHandler<R> {
    @Override
    public void onAdd(R object) {
      created.put(object.getMetadata().getUid(), entry(object));
    }

    @Override
    public void onUpdate(R old, R object) {
      onAdd(object);
      if (object.getMetadata().getDeletionTimestamp() != null) {
        deleted.add(object.getMetadata().getUid());
      }
    }

    @Override
    public void onDelete(R object, boolean unknown) {
      onAdd(object);
      deleted.add(object.getMetadata().getUid());
    }

    /** Of a certificate authority without the part of its cluster's UID. */
    private static String name(HasMetadata object) {
      return object.getMetadata().getName().replaceFirst("(?<=-ca-secret)-[0-9a-f]{8}$", "");
    }

    private Entry entry(R object) {
      Map<String, String> labels = object.getMetadata().getLabels();
      String what =
          "%s %s %s %s"
              .formatted(
                  object.getKind(),
                  labels.getOrDefault(RayLabels.GROUP, name(object)),
                  labels.getOrDefault(RayLabels.REPLICA_INDEX, ""),
                  labels.getOrDefault(RayLabels.HOST_INDEX, ""));
      return new Entry(object.getMetadata().getNamespace(), object.getKind(), what.strip());
    }
  }
}
