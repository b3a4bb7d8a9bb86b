package dev.spray.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  @Test
  void theLeaseOfKubeRayIsRefused() {
    StringWriter said = new StringWriter();

    int code =
        new CommandLine(new Main())
            .setErr(new PrintWriter(said))
            .execute("--leader-election-name=ray-operator-leader");

    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(said.toString())
        .contains("is the lease of KubeRay")
        .contains("RayJobs and RayServices");
  }
}
