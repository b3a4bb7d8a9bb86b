package dev.spray.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spray.api.raycluster.ConditionTypes;
import dev.spray.e2e.testbed.Playground;
import dev.spray.e2e.testbed.RealTestbed;
import dev.spray.e2e.testbed.Testbed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and commands on a real cluster, from outside; one cluster for all, as it costs a minute. */
@Tag("real")
@ExtendWith(RealTestbed.class)
class RealClusterTest {
  @TempDir private Path home;

  private Testbed testbed;
  private Playground playground;
  private SpRayCli spRay;

  @BeforeEach
  void setUp(Testbed testbed) {
    this.testbed = testbed;
    playground = new Playground(testbed);
    playground.startOperator();
    spRay = new SpRayCli(testbed.kubeconfig(), playground.namespace());
  }

  @AfterEach
  void tearDown() {
    playground.close();
  }

  @Test
  void aPlainClusterIsUsedFromOutside() throws Exception {
    SpRayCli.Result created =
        spRay.run(
            "create", "cluster", "-f", Testbed.ROOT.resolve("examples/raycluster.yaml").toString());
    assertThat(created.exitCode()).as(created.err()).isZero();
    assertThat(created.out()).contains("Created cluster hello").containsPattern("head IP +10\\.");
    playground.awaitTrue("hello", ConditionTypes.READY);

    aJobRunsInItsDirectory();
    aJobThatFailsIsTheExitCode();
    aBrokenConnectionDoesNotChangeTheOutcome();
    jobsAreListedAndStopped();
    commandsRunAndFilesAreCopied();
    logsAreTold();
    portsAreBroughtHere();
    whereThereIsNoSshServerItIsSaid();
  }

  private void aJobRunsInItsDirectory() throws IOException {
    Path directory = Files.createDirectory(home.resolve("work"));
    Files.writeString(directory.resolve("helper.py"), "WORD = 'from the helper'\n");
    Files.writeString(directory.resolve("secret.env"), "no\n");
    Files.writeString(directory.resolve(".gitignore"), "*.env\n");
    Files.writeString(
        directory.resolve("job.py"),
        """
        import os, ray, sys
        import helper
        ray.init(logging_level="ERROR")

        @ray.remote
        def twice(x):
            return 2 * x

        print(helper.WORD, sum(ray.get([twice.remote(i) for i in range(10)])))
        print(sorted(os.listdir(".")), os.environ["WORD"], sys.argv[1:])
        """);
    SpRayCli.Result result =
        spRay.run(
            "job",
            "submit",
            "--working-dir",
            directory.toString(),
            "--env",
            "WORD=given",
            "--",
            "python",
            "job.py",
            "a b");
    assertThat(result.exitCode()).as(result.err() + result.out()).isZero();
    assertThat(result.out())
        .contains("from the helper 90\n")
        .contains("'helper.py', 'job.py'] given ['a b']")
        .doesNotContain("secret.env");
    assertThat(result.err()).contains("Submitted job sp-ray-");
  }

  private void aJobThatFailsIsTheExitCode() {
    SpRayCli.Result result =
        spRay.run(
            "job",
            "submit",
            "-c",
            "hello",
            "--",
            "python",
            "-c",
            "print('before'); raise SystemExit(3)");
    assertThat(result.exitCode()).isEqualTo(10);
    assertThat(result.out()).contains("before");
    assertThat(result.err())
        .contains("error: job sp-ray-")
        .contains(" failed")
        .contains("try:   sp-ray job logs");
  }

  /** The job waits for a file, which comes when its connection is broken. */
  private void aBrokenConnectionDoesNotChangeTheOutcome() throws IOException {
    String waiting =
        """
        import os, time
        print("line 1")
        while not os.path.exists("/tmp/go"):
            time.sleep(0.1)
        print("line 2")
        """;
    try (Relay relay = new Relay(testbed.config().getMasterUrl())) {
      SpRayCli.Running job =
          new SpRayCli(through(relay), playground.namespace())
              .start("job", "submit", "--", "python", "-uc", waiting);
      Playground.await()
          .untilAsserted(() -> assertThat(job.printed()).as(job.said()).contains("\nline 1\n"));
      assertThat(relay.cut()).isPositive();
      assertThat(spRay.run("exec", "hello", "--", "touch", "/tmp/go").exitCode()).isZero();

      SpRayCli.Result result = job.result();
      assertThat(result.exitCode()).as(result.err()).isZero();
      // Ray tells the script itself too, before what it prints.
      assertThat(result.out()).containsOnlyOnce("\nline 1\n").containsOnlyOnce("\nline 2\n");
    }
  }

  /** The administrator's kubeconfig, by way of a relay. */
  private Path through(Relay relay) throws IOException {
    Path kubeconfig = home.resolve("relayed");
    Files.writeString(
        kubeconfig,
        Files.readString(testbed.kubeconfig())
            .replaceFirst("server: \"?https://[^\"\\s]+\"?", "server: " + relay.address()));
    return kubeconfig;
  }

  private void jobsAreListedAndStopped() {
    assertThat(
            spRay
                .run("job", "submit", "--no-wait", "--submission-id", "endless", "--", "sleep 1000")
                .exitCode())
        .isZero();
    assertThat(spRay.run("job", "list").out())
        .contains("endless")
        .contains("SUCCEEDED")
        .contains("FAILED");
    Playground.await().until(() -> spRay.run("job", "status", "endless").out().contains("RUNNING"));
    assertThat(spRay.run("job", "stop", "endless").out()).contains("Stopping job endless");
    SpRayCli.Result followed = spRay.run("job", "logs", "-f", "endless");
    assertThat(followed.exitCode()).isEqualTo(10);
    assertThat(followed.err()).contains("job endless was stopped");
    assertThat(spRay.run("job", "status", "no-such-job").exitCode()).isEqualTo(5);
  }

  private void commandsRunAndFilesAreCopied() throws IOException {
    SpRayCli.Result result =
        spRay.run("exec", "hello", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
    assertThat(result).isEqualTo(new SpRayCli.Result(7, "out\n", "err\n"));
    assertThat(
            spRay
                .runWith("a line\n", "exec", "-i", "hello", "--node", "0", "--", "head", "-n", "1")
                .out())
        .isEqualTo("a line\n");

    Path file = home.resolve("data.bin");
    byte[] bytes = new byte[1 << 20];
    new Random(1).nextBytes(bytes);
    Files.write(file, bytes);
    assertThat(spRay.run("cp", file.toString(), "hello:/tmp/copied/there.bin").exitCode()).isZero();
    Path back = home.resolve("back.bin");
    SpRayCli.Result copied = spRay.run("cp", "hello:/tmp/copied/there.bin", back.toString());
    assertThat(copied.exitCode()).as(copied.err()).isZero();
    assertThat(back).hasBinaryContent(bytes);
  }

  private void logsAreTold() {
    assertThat(spRay.run("logs", "hello", "--tail", "200").out()).contains("Ray runtime started");
    assertThat(spRay.run("logs", "hello", "--node", "0").out()).contains("Ray runtime started");
  }

  private void portsAreBroughtHere() throws IOException, InterruptedException {
    SpRayCli.Running connected = spRay.start("connect", "hello", "-o", "json");
    Playground.await()
        .untilAsserted(() -> assertThat(connected.printed()).as(connected.said()).contains("}"));
    String dashboard = new ObjectMapper().readTree(connected.printed()).path("dashboard").asText();

    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest version =
          HttpRequest.newBuilder(URI.create(dashboard + "/api/version"))
              .timeout(Duration.ofMinutes(1))
              .build();
      assertThat(http.send(version, HttpResponse.BodyHandlers.ofString()).body())
          .contains("\"ray_version\": \"2.60.0\"");
    }
    connected.interrupt();
    assertThat(connected.result().exitCode()).isEqualTo(130);
  }

  /** The image of the example has no ssh server. */
  private void whereThereIsNoSshServerItIsSaid() {
    SpRayCli.Result result = spRay.run("ssh", "hello");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err())
        .contains("error: there is no way into hello-head by ssh")
        .contains("cause: it has no workspace with an ssh server, and its image no OpenSSH server")
        .contains("try:   sp-ray exec");
  }
}
