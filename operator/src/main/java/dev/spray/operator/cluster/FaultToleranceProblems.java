package dev.spray.operator.cluster;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.GcsEmbeddedStorage;
import dev.spray.api.raycluster.GcsFaultToleranceOptions;
import dev.spray.api.raycluster.RayClusterSpec;
import dev.spray.api.raycluster.RedisCredential;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds where the GCS would not know where its state is, or be told so twice; pure. */
final class FaultToleranceProblems {
  private static final String VOLUME = "gcs-storage";
  private static final String MOUNT_PATH = "/data/gcs";
  private static final String OPTIONS = "spec.gcsFaultToleranceOptions";

  private final List<String> problems = new ArrayList<>();
  private final PodTemplateSpec head;
  private final Map<String, String> params;
  private final Map<String, String> annotations;

  private FaultToleranceProblems(RayClusterSpec spec, Map<String, String> annotations) {
    this.head = spec.headGroupSpec().template();
    this.params = spec.headGroupSpec().rayStartParams();
    this.annotations = annotations;
  }

  static List<String> of(RayClusterSpec spec, Map<String, String> annotations) {
    FaultToleranceProblems found = new FaultToleranceProblems(spec, annotations);
    found.username();
    if (spec.gcsFaultToleranceOptions() == null) {
      found.withoutOptions();
    } else {
      found.saidTwice();
      found.options(spec.gcsFaultToleranceOptions());
    }
    return found.problems;
  }

  private void username() {
    if (!params.getOrDefault("redis-username", "").isEmpty()) {
      problems.add(
          ("spec.headGroupSpec.rayStartParams.redis-username isn't taken: move it to"
                  + " %s.redisUsername")
              .formatted(OPTIONS));
    }
    if (hasVariable("REDIS_USERNAME")) {
      problems.add(
          "REDIS_USERNAME in the head's env isn't taken: move it to %s.redisUsername"
              .formatted(OPTIONS));
    }
  }

  private void withoutOptions() {
    if (hasVariable("RAY_REDIS_ADDRESS")
        && !"true".equalsIgnoreCase(annotations.get(RayLabels.FT_ENABLED))) {
      problems.add(
          ("RAY_REDIS_ADDRESS in the head's env makes the GCS keep its state in Redis, and"
                  + " nobody would clean up there: move it to %s.redisAddress")
              .formatted(OPTIONS));
    }
  }

  private void saidTwice() {
    if (!annotations.getOrDefault(RayLabels.FT_ENABLED, "").isEmpty()) {
      problems.add(
          "the annotation %s doesn't go with %s, which says the same: remove the annotation"
              .formatted(RayLabels.FT_ENABLED, OPTIONS));
    }
    if (!annotations.getOrDefault(RayLabels.STORAGE_NAMESPACE, "").isEmpty()) {
      problems.add(
          "the annotation %s doesn't go with %s: move it to externalStorageNamespace there"
              .formatted(RayLabels.STORAGE_NAMESPACE, OPTIONS));
    }
    if (!params.getOrDefault("redis-password", "").isEmpty()) {
      problems.add(
          ("spec.headGroupSpec.rayStartParams.redis-password doesn't go with %s: move it to"
                  + " redisPassword there")
              .formatted(OPTIONS));
    }
    movedTo("redisPassword", "REDIS_PASSWORD");
    movedTo("redisAddress", "RAY_REDIS_ADDRESS");
  }

  private void movedTo(String field, String variable) {
    if (hasVariable(variable)) {
      problems.add(
          "%s in the head's env doesn't go with %s: move it to %s there"
              .formatted(variable, OPTIONS, field));
    }
  }

  private void options(GcsFaultToleranceOptions options) {
    credential("redisUsername", options.redisUsername());
    credential("redisPassword", options.redisPassword());
    if (!options.embedded()) {
      if (!isSet(options.redisAddress())) {
        problems.add(
            ("%s.redisAddress is missing, without which nothing is kept: say where Redis is, for"
                    + " example redis:6379, or set backend: rocksdb")
                .formatted(OPTIONS));
      }
      if (options.storage() != null) {
        problems.add(
            OPTIONS + ".storage is for the backend rocksdb: remove it, or set backend: rocksdb");
      }
      return;
    }
    forRedis("redisAddress", isSet(options.redisAddress()));
    forRedis("redisUsername", options.redisUsername() != null);
    forRedis("redisPassword", options.redisPassword() != null);
    forRedis("externalStorageNamespace", isSet(options.externalStorageNamespace()));
    if (options.storage() != null) {
      storage(options.storage());
    }
    ownedByOperator();
  }

  private void credential(String field, RedisCredential credential) {
    if (credential != null && isSet(credential.value()) && credential.valueFrom() != null) {
      problems.add(
          "%s.%s has a value and a valueFrom: remove one of them".formatted(OPTIONS, field));
    }
  }

  private void forRedis(String field, boolean set) {
    if (set) {
      problems.add(
          "%s.%s is for the backend redis: remove it, or backend: rocksdb"
              .formatted(OPTIONS, field));
    }
  }

  private void storage(GcsEmbeddedStorage storage) {
    if (isSet(storage.claimName())
        && (storage.size() != null
            || storage.storageClassName() != null
            || !storage.accessModes().isEmpty())) {
      problems.add(
          ("%s.storage.claimName names a volume of yours, and size, storageClassName and"
                  + " accessModes are for one that the operator makes: remove the former or the"
                  + " latter")
              .formatted(OPTIONS));
    }
  }

  private void ownedByOperator() {
    for (String variable : List.of("RAY_gcs_storage", "RAY_gcs_storage_path")) {
      if (hasVariable(variable)) {
        problems.add(
            "%s is set by the operator for the backend rocksdb: remove it from the head's env"
                .formatted(variable));
      }
    }
    boolean mounted =
        Templates.rayContainer(head).getVolumeMounts().stream()
            .anyMatch(m -> VOLUME.equals(m.getName()) || MOUNT_PATH.equals(m.getMountPath()));
    if (mounted
        || Templates.spec(head).getVolumes().stream().anyMatch(v -> VOLUME.equals(v.getName()))) {
      problems.add(
          ("the volume %s and what is mounted at %s are the operator's for the backend"
                  + " rocksdb: rename yours in the head's template")
              .formatted(VOLUME, MOUNT_PATH));
    }
  }

  private boolean hasVariable(String name) {
    return Templates.variable(head, name).isPresent();
  }

  private static boolean isSet(String text) {
    return text != null && !text.isEmpty();
  }
}
