package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;

/**
 * What a change of the pods' templates does to pods that exist.
 *
 * @param type {@link #RECREATE}: all of them are made anew at once; {@link #ROLLING_UPDATE}: those
 *     that are older than the spec are replaced one after the other, the head last; {@link #NONE}
 *     or absent: nothing
 * @param rollingUpdate how many at a time; of {@link #ROLLING_UPDATE}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UpgradeStrategy(
    @OneOf({UpgradeStrategy.RECREATE, UpgradeStrategy.ROLLING_UPDATE, UpgradeStrategy.NONE})
        String type,
    RollingUpdate rollingUpdate) {
  public static final String RECREATE = "Recreate";
  public static final String ROLLING_UPDATE = "RollingUpdate";
  public static final String NONE = "None";
}
