package dev.spray.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  @Test
  void theLeaseOfKubeRayIsRefused() {
    assertThat(refusal("--leader-election-name=ray-operator-leader"))
        .contains("is the lease of KubeRay")
        .contains("RayJobs and RayServices");
  }

  @Test
  void anUnknownBatchSchedulerIsRefused() {
    assertThat(refusal("--batch-scheduler=slurm"))
        .contains("there is no slurm, but volcano, yunikorn, scheduler-plugins, kai-scheduler");
  }

  @Test
  void twoBatchSchedulersAreRefused() {
    assertThat(refusal("--batch-scheduler=yunikorn", "--enable-batch-scheduler"))
        .contains("leave the second out");
  }

  private static String refusal(String... arguments) {
    StringWriter said = new StringWriter();
    int code = new CommandLine(new Main()).setErr(new PrintWriter(said)).execute(arguments);
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    return said.toString();
  }
}
