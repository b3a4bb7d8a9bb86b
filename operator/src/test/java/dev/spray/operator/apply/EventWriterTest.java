package dev.spray.operator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventWriterTest {
  private static final int MOST_BYTES = 1024;

  @Test
  void aNoteThatFitsStaysAsItIs() {
    assertThat(EventWriter.shortened("x".repeat(MOST_BYTES))).isEqualTo("x".repeat(MOST_BYTES));
  }

  /** Else the API server refuses the Event. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "€", "😀", "a€"})
  void aLongNoteIsCutToBytes(String letter) {
    String cut = EventWriter.shortened(letter.repeat(2 * MOST_BYTES));

    assertThat(cut.getBytes(UTF_8)).hasSizeBetween(MOST_BYTES - 4, MOST_BYTES);
    assertThat(cut).startsWith(letter).endsWith("...").doesNotContain("\uFFFD", "?");
  }
}
