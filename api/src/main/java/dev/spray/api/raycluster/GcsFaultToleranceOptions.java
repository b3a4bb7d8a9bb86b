package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;

/**
 * Where the GCS keeps its state, so that the cluster survives the loss of its head.
 *
 * @param backend {@link #REDIS} or {@link #ROCKSDB}; absent: Redis
 * @param redisAddress with Redis: where it is
 * @param redisUsername with Redis
 * @param redisPassword with Redis
 * @param externalStorageNamespace with Redis: under what name this cluster's state is kept there;
 *     absent: its UID
 * @param storage with RocksDB: the volume; absent: a claim of 1Gi of the operator's
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GcsFaultToleranceOptions(
    @OneOf({GcsFaultToleranceOptions.REDIS, GcsFaultToleranceOptions.ROCKSDB}) String backend,
    String redisAddress,
    RedisCredential redisUsername,
    RedisCredential redisPassword,
    String externalStorageNamespace,
    GcsEmbeddedStorage storage) {
  public static final String REDIS = "redis";
  public static final String ROCKSDB = "rocksdb";

  /** Whether the state lies on a volume of the head's own. */
  public boolean embedded() {
    return ROCKSDB.equals(backend);
  }
}
