package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformLifecycleTest {

  @ParameterizedTest
  @CsvSource({
    "14d, PT336H",
    "8h, PT8H",
    "15m, PT15M",
    "90s, PT1M30S",
    "1d2h3m4s, PT26H3M4S",
    "0d1s, PT1S",
    "99999d99999h99999m99999s, PT2501669H25M39S"
  })
  void timesAreRead(String text, String time) {
    assertThat(lifecycle(text, text, null).timeIdle()).contains(Duration.parse(time));
    assertThat(lifecycle(text, text, null).timeToLive()).contains(Duration.parse(time));
    assertThat(lifecycle(text, text, null).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "0s", "0d0h", "8", "-8h", "8H", "1.5h", "100000d", "1h 5m"})
  void whatIsNoTimeIsAProblemAndNoTime(String text) {
    assertThat(lifecycle(text, null, null).timeIdle()).isEmpty();
    assertThat(lifecycle(null, text, null).timeToLive()).isEmpty();
    assertThat(lifecycle(null, text, null).problems())
        .containsExactly(
            "spec.platform.lifecycle.ttl: \""
                + text
                + "\" is no time: write for example 14d, 8h or 1h30m, more than 0s");
    assertThat(lifecycle(text, null, null).problems())
        .singleElement()
        .asString()
        .startsWith("spec.platform.lifecycle.idleTimeout: ");
  }

  @Test
  void nothingSaidIsNoProblem() {
    assertThat(lifecycle(null, null, null).problems()).isEmpty();
    assertThat(lifecycle(null, null, null).timeIdle()).isEmpty();
  }

  @Test
  void onlyDeleteDeletes() {
    assertThat(lifecycle("8h", null, null).deletes()).isFalse();
    assertThat(lifecycle("8h", null, "Suspend").deletes()).isFalse();
    assertThat(lifecycle("8h", null, "Delete").deletes()).isTrue();
    assertThat(lifecycle("8h", null, "delete").problems())
        .containsExactly(
            "spec.platform.lifecycle.onExpiry: there is no delete; possible are Suspend and"
                + " Delete");
  }

  /** To give a cluster more time must not bring it another image, for example. */
  @Test
  void anotherLifecycleIsNoOtherPlatform() {
    PlatformSpec before = platform(lifecycle("8h", "14d", null));

    assertThat(ResolvedNote.hash("c", platform(lifecycle("9h", "28d", "Delete"))))
        .isEqualTo(ResolvedNote.hash("c", before))
        .isEqualTo(ResolvedNote.hash("c", PlatformSpec.NOTHING));
  }

  private static PlatformSpec platform(PlatformLifecycle lifecycle) {
    return new PlatformSpec(null, null, null, lifecycle, null, null, null);
  }

  private static PlatformLifecycle lifecycle(String idleTimeout, String ttl, String onExpiry) {
    return new PlatformLifecycle(idleTimeout, ttl, onExpiry);
  }
}
