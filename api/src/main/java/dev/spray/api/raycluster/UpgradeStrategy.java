package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.spray.api.OneOf;

/**
 * What a change of the pods' templates does to pods that exist.
 *
 * @param type {@link #RECREATE}: all of them are made anew; {@link #NONE} or absent: nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UpgradeStrategy(
    @OneOf({UpgradeStrategy.RECREATE, UpgradeStrategy.NONE}) String type) {
  public static final String RECREATE = "Recreate";
  public static final String NONE = "None";
}
