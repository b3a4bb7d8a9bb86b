package dev.spray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.Golden.Where;
import dev.spray.cli.command.Globals;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.failure.Failures;
import dev.spray.cli.kube.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ReportingTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void anUnknownCommandIsAnErrorOfTheUser() {
    assertThat(execute("create-magic")).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: ").contains("create-magic").contains("try:   ");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scale cluster c --replicas many",
        "get clusters --colour",
        "scale",
        "describe cluster"
      })
  void whatCanNotBeReadIsAnErrorOfTheUser(String line) {
    assertThat(execute(line.split(" "))).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("error: ")
        .containsPattern("try:   (--context, or )?sp-ray .*--help");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"get nothing -o json", "get nothing --output=json", "-o json scale cluster"})
  void errorsAreJsonWhereThatIsAskedFor(String line) throws Exception {
    assertThat(execute(line.split(" "))).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(Json.text(Json.parse(err.toString()), "error", "code")).isEqualTo("invalid_config");
    assertThat(Json.number(Json.parse(err.toString()), "error", "exitCode")).isEqualTo(1);
  }

  /** A job's program may want it so; picocli would put in what the file says. */
  @Test
  void aWordThatNamesAFileIsAWord(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("words"), "clusters --help");

    assertThat(execute("get", "@" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("@" + file);
  }

  @Test
  void aFileThatIsMissingIsNoBrokenConnection() {
    Failure failure = Failures.of(new NoSuchFileException("/there/is/none"));

    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(failure.reason()).isEqualTo("there is no /there/is/none");
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void howAnErrorLooks(Where where) {
    Golden.check(
        "error",
        where,
        terminal -> {
          CommandLine command = SpRay.commandLine(new Globals(terminal, Map.of()));
          try {
            int code =
                command
                    .getExecutionExceptionHandler()
                    .handleExecutionException(
                        new Failure(ErrorCode.IMAGE_PULL, "image ray:9 can't be pulled")
                            .because("manifest unknown\nand another line")
                            .suggesting("check its name"),
                        command,
                        null);
            assertThat(code).isEqualTo(2);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void helpIsNoError() {
    assertThat(execute("create", "cluster", "--help")).isZero();
    assertThat(out.toString()).contains("--gpus-per-worker").contains("--namespace");
    assertThat(err.toString()).isEmpty();
  }

  private int execute(String... args) {
    return SpRay.execute(Golden.terminal(Where.PIPE, out, err), Map.of(), args);
  }
}
