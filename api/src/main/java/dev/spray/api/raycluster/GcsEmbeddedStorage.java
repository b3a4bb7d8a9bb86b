package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/**
 * The volume that RocksDB writes to: a claim of the user's, or one that the operator makes.
 *
 * @param claimName a claim of the user's; the operator neither changes nor deletes it
 * @param size of the operator's claim; absent: 1Gi
 * @param storageClassName of the operator's claim; absent: the default class
 * @param accessModes of the operator's claim; absent: {@code ReadWriteOnce}
 * @param subPath directory on the volume; absent: its root
 * @param deletionPolicy of the operator's claim: {@code DeleteWithCluster} or {@link #RETAIN};
 *     absent: the former
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GcsEmbeddedStorage(
    String claimName,
    Quantity size,
    String storageClassName,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> accessModes,
    String subPath,
    @OneOf({"DeleteWithCluster", GcsEmbeddedStorage.RETAIN}) String deletionPolicy) {
  public static final String RETAIN = "Retain";

  public GcsEmbeddedStorage {
    accessModes = accessModes == null ? List.of() : List.copyOf(accessModes);
  }
}
