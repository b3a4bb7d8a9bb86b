package dev.spray.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.ray.Jobs;
import dev.spray.cli.ray.WorkingDirectory;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Submits a job. */
@Command(
    name = "submit",
    description = {
      "Run a command on a cluster, print what it prints, and end as it ends:",
      "0 when it succeeded, 10 when it failed or was stopped."
    })
final class JobSubmit extends JobAction {
  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command, after --.")
  private List<String> command;

  @Option(
      names = "--working-dir",
      paramLabel = "DIRECTORY",
      description = {
        "Directory to run it in; it is sent to the cluster.",
        "What .gitignore and .rayignore name stays behind."
      })
  private Path workingDirectory;

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "What else stays behind; may be repeated.")
  private List<String> excluded = List.of();

  @Option(
      names = "--runtime-env-json",
      paramLabel = "JSON",
      description = "Ray's runtime environment, for example {\"pip\": [\"polars\"]}.")
  private String runtimeEnvironment;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "An environment variable; may be repeated.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--submission-id",
      paramLabel = "ID",
      description = "Name of the job (default: made up).")
  private String id;

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "Kept with the job; may be repeated.")
  private Map<String, String> metadata = new LinkedHashMap<>();

  @Option(
      names = "--entrypoint-num-cpus",
      paramLabel = "N",
      description = "CPUs of the command itself, which then may run on a worker.")
  private Double cpus;

  @Option(
      names = "--entrypoint-num-gpus",
      paramLabel = "N",
      description = "GPUs of the command itself.")
  private Double gpus;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Return when the job is over (default), or at once.")
  private boolean wait;

  @Override
  int run(Cluster cluster, Jobs jobs) throws IOException {
    String job =
        id != null
            ? id
            : "sp-ray-"
                + Long.toString(ThreadLocalRandom.current().nextLong(1L << 50, 1L << 60), 36);
    jobs.submit(job, request(jobs));
    if (!wait) {
      if (format().structured()) {
        Documents.print(terminal(), format(), Json.object().put("submission_id", job));
      }
      say(
          format() == OutputFormat.name
              ? job
              : "Submitted job " + job + " to cluster " + cluster.name());
      return 0;
    }
    terminal().err().println("Submitted job " + job + " to cluster " + cluster.name());
    try (Interruption _ =
        Interruption.says(
            terminal(), "interrupted: job " + job + " goes on", "try:   " + again(job, cluster))) {
      return Job.followed(this, job, cluster, jobs);
    }
  }

  /** What whoever stops waiting for a job may go on with. */
  static String again(String job, Cluster cluster) {
    String which = job + " --cluster " + cluster.name() + " -n " + cluster.namespace();
    return "sp-ray job logs -f " + which + ", or sp-ray job stop " + which;
  }

  private ObjectNode request(Jobs jobs) throws IOException {
    ObjectNode request = Json.object();
    request.put("entrypoint", entrypoint(command));
    ObjectNode environment = runtimeEnvironment();
    if (workingDirectory != null) {
      environment.put("working_dir", jobs.upload(new WorkingDirectory(workingDirectory, excluded)));
    }
    variables.forEach(Json.object(environment, "env_vars")::put);
    if (environment.path("env_vars").isEmpty()) {
      environment.remove("env_vars");
    }
    request.set("runtime_env", environment);
    metadata.forEach(Json.object(request, "metadata")::put);
    if (cpus != null) {
      request.put("entrypoint_num_cpus", cpus);
    }
    if (gpus != null) {
      request.put("entrypoint_num_gpus", gpus);
    }
    return request;
  }

  private ObjectNode runtimeEnvironment() {
    if (runtimeEnvironment == null) {
      return Json.object();
    }
    try {
      JsonNode tree = Json.parse(runtimeEnvironment);
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new Failure(ErrorCode.INVALID_CONFIG, "--runtime-env-json is no JSON object");
    } catch (JsonProcessingException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "--runtime-env-json is no JSON")
          .because(e.getOriginalMessage());
    }
  }

  /** One word is a command line already; several are quoted for the shell that runs them. */
  static String entrypoint(List<String> words) {
    return words.size() == 1
        ? words.getFirst()
        : words.stream()
            .map(word ->
                word.matches("[A-Za-z0-9_@%+=:,./-]+")
                    ? word
                    : "'" + word.replace("'", "'\"'\"'") + "'")
            .collect(Collectors.joining(" "));
  }
}
