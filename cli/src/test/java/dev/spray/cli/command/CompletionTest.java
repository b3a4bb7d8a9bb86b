package dev.spray.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In the shells themselves, with a {@code sp-ray} on the path that is this one. */
class CompletionTest {
  @TempDir private Path bin;

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    assertThat(inBash("sp-ray", ""))
        .contains("create", "get", "job")
        .doesNotContain("__complete", "ssh-proxy");
    assertThat(inBash("sp-ray", "des")).containsExactly("describe");
    assertThat(inBash("sp-ray", "create", "cluster", "--gpus-p"))
        .containsExactly("--gpus-per-worker");
    assertThat(inBash("sp-ray", "get", "clusters", "-o", ""))
        .contains("table", "wide", "json", "yaml", "name");
    assertThat(inBash("sp-ray", "create", "cluster", "--capacity", "S")).containsExactly("Spot");
  }

  @Test
  void zshCompletesCommandsAndOptions() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "zsh"))),
        "zsh isn't tested, as there is none here: apt-get install zsh");
    assertThat(inZsh("sp-ray", "des")).containsExactly("describe");
    assertThat(inZsh("sp-ray", "create", "cluster", "--gpus-p"))
        .containsExactly("--gpus-per-worker");
    assertThat(inZsh("sp-ray", "get", "clusters", "-o", ""))
        .contains("table", "wide", "json", "yaml", "name");
    assertThat(inZsh("sp-ray", "create", "cluster", "--capacity", "S")).containsExactly("Spot");
  }

  private List<String> inBash(String... words) throws Exception {
    return shell(
        "bash",
        "source <(sp-ray completion bash); COMP_WORDS=(%s); COMP_CWORD=%d; _sp_ray; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(quoted(words), words.length - 1));
  }

  private List<String> inZsh(String... words) throws Exception {
    return shell(
        "zsh",
        "compdef() { : }; compadd() { print -l -- ${(P)2} }; source <(sp-ray completion zsh); words=(%s); CURRENT=%d; _sp_ray"
            .formatted(quoted(words), words.length));
  }

  private static String quoted(String[] words) {
    return "'" + String.join("' '", words) + "'";
  }

  private List<String> shell(String shell, String script) throws Exception {
    Path launcher = bin.resolve("sp-ray");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' dev.spray.cli.SpRay \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = new ProcessBuilder(shell, "-c", script);
    builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output.lines().filter(line -> !line.isBlank()).toList();
  }
}
