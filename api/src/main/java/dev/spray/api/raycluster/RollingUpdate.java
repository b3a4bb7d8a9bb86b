package dev.spray.api.raycluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * How worker groups are replaced; names and meanings are those of Kubernetes' Deployments. Amounts
 * are replicas of each group, or percentages of them such as {@code 25%}.
 *
 * @param maxSurge how many more than wanted there may be, rounded up; absent: 1
 * @param maxUnavailable how many fewer than wanted may be ready, rounded down; absent: 0
 * @param drainTimeoutSeconds how long a worker may take to finish its work; absent: 3600
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollingUpdate(
    IntOrString maxSurge,
    IntOrString maxUnavailable,
    @Min(1) @Max(RollingUpdate.LONGEST_DRAIN) Integer drainTimeoutSeconds) {
  /** Thirty days. */
  private static final int LONGEST_DRAIN = 2_592_000;

  private static final int DEFAULT_DRAIN = 3600;
  private static final Pattern PERCENTAGE = Pattern.compile("\\d{1,6}%");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** One replica after the other. */
  public static final RollingUpdate DEFAULT = new RollingUpdate(null, null, null);

  /** How many replicas more than that many there may be. */
  public int surgeOf(int replicas) {
    return maxSurge == null ? 1 : amount(maxSurge, replicas, RoundingMode.CEILING);
  }

  /**
   * How many of that many replicas may be missing: one, where the amounts come to nothing at all,
   * as none could be replaced then.
   */
  public int unavailableOf(int replicas) {
    int unavailable =
        maxUnavailable == null ? 0 : amount(maxUnavailable, replicas, RoundingMode.FLOOR);
    return unavailable == 0 && surgeOf(replicas) == 0 ? 1 : unavailable;
  }

  /** How long a worker may take to finish its work, in seconds. */
  public int drainSeconds() {
    return drainTimeoutSeconds == null ? DEFAULT_DRAIN : drainTimeoutSeconds;
  }

  /** Whether it is a whole number from 0, or a percentage; absent is fine, too. */
  public static boolean isAmount(IntOrString value) {
    return value == null
        || (value.getStrVal() == null
            ? value.getIntVal() != null && value.getIntVal() >= 0
            : PERCENTAGE.matcher(value.getStrVal()).matches());
  }

  /** Whether it is nothing, of however many replicas. */
  public static boolean isZero(IntOrString value) {
    return isAmount(value) && value != null && amount(value, 100, RoundingMode.CEILING) == 0;
  }

  private static int amount(IntOrString value, int replicas, RoundingMode rounding) {
    if (value.getStrVal() == null) {
      return value.getIntVal();
    }
    String percentage = value.getStrVal();
    return new BigDecimal(percentage.substring(0, percentage.length() - 1))
        .multiply(BigDecimal.valueOf(replicas))
        .divide(HUNDRED, 0, rounding)
        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
        .intValue();
  }
}
