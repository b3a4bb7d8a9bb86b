package dev.spray.api.platform;

import dev.spray.api.raycluster.AuthOptions;
import dev.spray.api.raycluster.RayClusterSpec;
import java.util.Optional;

/**
 * What a user says of a cluster beside {@code spec.platform}: what is said there is left alone.
 *
 * @param rayVersion the Ray version; empty: the image's
 * @param autoscaled whether Ray's autoscaler is to run; empty: if a group has bounds
 * @param autoscalerOptions whether there are any
 * @param authOptions whether they stay as they are, absent ones, too
 * @param before of what was resolved before
 */
public record UserFields(
    Optional<String> rayVersion,
    Optional<Boolean> autoscaled,
    boolean autoscalerOptions,
    boolean authOptions,
    ResolvedNote before) {

  /** Nothing else. */
  public static final UserFields NONE =
      new UserFields(Optional.empty(), Optional.empty(), false, false, ResolvedNote.NONE);

  /**
   * Those of a spec.
   *
   * @param note of what of it was resolved before, and is not the user's; null: nothing
   */
  public static UserFields of(RayClusterSpec spec, ResolvedNote note) {
    ResolvedNote before = note == null ? ResolvedNote.NONE : note;
    return new UserFields(
        Optional.ofNullable(spec.rayVersion())
            .filter(version -> !version.isEmpty())
            .filter(version -> !version.equals(before.rayVersion())),
        Optional.ofNullable(spec.enableInTreeAutoscaling())
            .filter(said -> !before.wrote(ResolvedNote.AUTOSCALING)),
        spec.autoscalerOptions() != null && !before.wrote(ResolvedNote.AUTOSCALER_OPTIONS),
        !isOurs(spec.authOptions(), before) && (spec.authOptions() != null || before.settles()),
        before);
  }

  /** Whoever has written something else since, or removed it, has his way. */
  private static boolean isOurs(AuthOptions there, ResolvedNote before) {
    return before.wrote(ResolvedNote.AUTH_OPTIONS) && AuthOptions.BY_TOKEN.equals(there);
  }
}
