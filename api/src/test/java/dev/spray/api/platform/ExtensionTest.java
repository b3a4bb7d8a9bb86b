package dev.spray.api.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionTest {

  @ParameterizedTest
  @CsvSource({
    "2026-03-31T18:00:00Z, 2026-03-31T18:00:00Z",
    "2026-03-31t18:00:00z, 2026-03-31T18:00:00Z",
    "2026-03-31T20:00:00.5+02:00, 2026-03-31T18:00:00.5Z",
    "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
  })
  void aTimeIsRead(String text, String until) {
    assertThat(of(text)).isEqualTo(new Extension(of(text).until(), of(null).problem()));
    assertThat(of(text).until()).contains(Instant.parse(until));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "8h",
        "2026-03-31",
        "2026-03-31T18:00:00",
        "2026-02-30T18:00:00Z",
        "1774980000",
        "+12026-03-31T18:00:00Z",
        "-0001-03-31T18:00:00Z"
      })
  void anythingElseIsAProblem(String text) {
    assertThat(of(text).until()).isEmpty();
    assertThat(of(text).problem())
        .contains(
            "annotation sp-ray.dev/extend-until: \""
                + text
                + "\" is no time, and as long as it stands there the cluster doesn't expire: write"
                + " it like 2026-03-31T18:00:00Z, or remove it");
  }

  @Test
  void aBookIsNotTold() {
    assertThat(of("x".repeat(100_000)).problem().orElseThrow()).hasSizeLessThan(300);
  }

  @Test
  void nothingSaidIsNoProblem() {
    assertThat(of(null)).isEqualTo(Extension.of(null)).isEqualTo(Extension.of(Map.of("a", "b")));
    assertThat(of(null).problem()).isEmpty();
    assertThat(of(null).until()).isEmpty();
  }

  private static Extension of(String text) {
    return Extension.of(text == null ? Map.of() : Map.of(Extension.ANNOTATION, text));
  }
}
