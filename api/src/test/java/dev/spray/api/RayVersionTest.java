package dev.spray.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RayVersionTest {
  @ParameterizedTest
  @CsvSource({
    "2.52.0, true",
    "v2.52.0, true",
    "2.52, true",
    "2.52.0rc1, true",
    "2.60.0-py311-gpu, true",
    "2.100.1, true",
    "3.0.0.dev0, true",
    "2.51.9, false",
    "2.6.0, false",
    "1.99.0, false",
  })
  void isComparedByNumbers(String text, boolean atLeast) {
    assertThat(RayVersion.of(text).orElseThrow().isAtLeast(2, 52)).isEqualTo(atLeast);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", "2", "2.x", "99999999999.1", "nightly-2.60"})
  void noVersion(String text) {
    assertThat(RayVersion.of(text)).isEmpty();
  }

  @Test
  void anAbsentOneIsNone() {
    assertThat(RayVersion.of(null)).isEmpty();
  }
}
