package dev.spray.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for one word is one for bash too. */
class ShellWordTest {
  static List<String> words() {
    return List.of(
        "",
        "0",
        "0.0.0.0",
        "$REDIS_PASSWORD",
        "${POD}-$NAME",
        "price$",
        "\"{\\\"resource1\\\": 2, \\\"resource2\\\": 3}\"",
        "'{\"TPU\": 4}'",
        "'a'\"'\"'b'",
        "a\\ b\\;c\\`d\\$\\(e",
        "'$(reboot) `reboot` ; | &'",
        "\"; | & > < ( ) ' \\` \\$(x) \\\\\"",
        "/tmp/*",
        "{}",
        "'{a,b}'",
        "\"{a,b}\"",
        "\\{a,b}",
        "${A:-b,c}",
        "a=b#c",
        "true  ");
  }

  @ParameterizedTest
  @MethodSource("words")
  void isOne(String word) throws Exception {
    assertThat(ShellWord.complaint(word)).isEmpty();
    assertThat(wordsOfBash(word)).isEqualTo(1);
  }

  /** How many words bash makes of {@code --flag=<text>}. */
  private static int wordsOfBash(String text) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-f", "-c", "set -- --flag=" + text + " ; echo $#")
            .redirectErrorStream(true)
            .start();
    try (InputStream output = bash.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(bash.waitFor()).as(said).isZero();
      return Integer.parseInt(said);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", " a", "a\tb", "{\"TPU\": 4}", "'a' b"})
  void severalAreToldToBeQuoted(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow())
        .isEqualTo("the shell would take it for several words: put it into single quotes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", "a&", "a|b", "a>b", "<a", "(a)", "'a';b", "\"a\"&&b"})
  void anOperatorIsRefused(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow())
        .isEqualTo("the shell would end the command there: put it into single quotes");
  }

  /** Also at the end, where YAML's blocks have one. */
  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\n", "'a'\n", "a\r\n", "\n"})
  void aLineBreakIsRefused(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow()).contains("or remove the line break");
  }

  /** Bash makes several words of the one, and takes the quotes out of the JSON. */
  @ParameterizedTest
  @ValueSource(strings = {"a{b,c}", "{1..3}", "{\"a\":1,\"b\":2}", "{a", "$a{b,c}"})
  void bracesOutsideOfQuotesAreRefused(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow())
        .isEqualTo("the shell would take apart what is in braces: put it into single quotes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"`id`", "$(id)", "$((1+1))", "\"$(id)\"", "\"`id`\"", "${A:-$(id)}", "'a'$(id)"})
  void aCommandIsRefused(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow())
        .isEqualTo(
            "no command is run for a value: write the value itself, or $NAME of an environment"
                + " variable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'a", "a'", "\"a", "\"a\\\"", "'a''", "\"\\"})
  void anOpenQuoteIsToldToBeClosed(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow()).endsWith("isn't closed: close it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$'a'", "$\"a\"", "$'\\''"})
  void quotesOfOtherKindsAreRefused(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow()).contains("remove the $");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\", "\\"})
  void aBackslashAtTheEndIsRefused(String text) {
    assertThat(ShellWord.complaint(text).orElseThrow()).contains("backslash");
  }
}
