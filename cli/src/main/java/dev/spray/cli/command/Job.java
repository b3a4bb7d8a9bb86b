package dev.spray.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.ray.Jobs;
import dev.spray.cli.term.Ages;
import dev.spray.cli.term.Documents;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.term.Table;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Jobs of a cluster, over Ray's Jobs API. */
@Command(
    name = "job",
    aliases = "jobs",
    description = "Run scripts on a cluster.",
    subcommands = {
      JobSubmit.class,
      Job.ListAll.class,
      Job.Status.class,
      Job.Logs.class,
      Job.Stop.class
    })
final class Job {

  @Command(name = "list", aliases = "ls", description = "List the jobs of a cluster.")
  static class ListAll extends JobAction {
    @Override
    int run(Cluster cluster, Jobs jobs) {
      List<JsonNode> all =
          jobs.list().stream()
              .sorted(Comparator.comparingLong(job -> Json.at(job, "start_time").asLong()))
              .toList();
      if (format().structured()) {
        Documents.print(
            terminal(), format(), Documents.list(Documents.API_VERSION, "JobList", all));
        return 0;
      }
      Table table = new Table("ID", "STATUS", "STARTED", "ENTRYPOINT");
      for (JsonNode job : all) {
        if (format() == OutputFormat.name) {
          say(id(job));
        }
        table.row(
            id(job),
            Json.text(job, "status"),
            ago(Json.at(job, "start_time")),
            Json.text(job, "entrypoint"));
      }
      if (table.isEmpty()) {
        terminal().err().println("No jobs were submitted to cluster " + cluster.name() + ".");
      } else if (format() != OutputFormat.name) {
        table.print(terminal());
      }
      return 0;
    }

    private static String id(JsonNode job) {
      String submission = Json.text(job, "submission_id");
      return submission != null ? submission : Json.text(job, "job_id");
    }

    private static String ago(JsonNode milliseconds) {
      return milliseconds.isNumber()
          ? Ages.ago(Instant.ofEpochMilli(milliseconds.asLong()).toString(), Instant.now())
          : "";
    }
  }

  @Command(name = "status", description = "Tell how a job is; the exit code is 0 unless it failed.")
  static final class Status extends JobAction {
    @Mixin private JobId id;

    @Override
    int run(Cluster cluster, Jobs jobs) {
      JsonNode job = jobs.get(id.bare());
      if (format().structured()) {
        Documents.print(terminal(), format(), job);
      }
      say(Json.text(job, "status"));
      if (wentWrong(job)) {
        throw failure(id.bare(), job, cluster);
      }
      return 0;
    }
  }

  @Command(name = "logs", aliases = "log", description = "Print what a job prints.")
  static final class Logs extends JobAction {
    @Mixin private JobId id;

    @Option(
        names = {"-f", "--follow"},
        description = "Go on until the job is over; the exit code is its outcome.")
    private boolean follow;

    @Override
    int run(Cluster cluster, Jobs jobs) {
      if (!follow) {
        terminal().out().print(jobs.logs(id.bare()));
        return 0;
      }
      return followed(this, id.bare(), cluster, jobs);
    }
  }

  @Command(name = "stop", description = "Stop a job.")
  static final class Stop extends JobAction {
    @Mixin private JobId id;

    @Override
    int run(Cluster cluster, Jobs jobs) {
      boolean stopped = jobs.stop(id.bare());
      say(stopped ? "Stopping job " + id.bare() : "Job " + id.bare() + " is over already");
      return 0;
    }
  }

  /** Prints what a job prints until it is over; returns when it succeeded. */
  static int followed(Action action, String id, Cluster cluster, Jobs jobs) {
    JsonNode job =
        jobs.follow(
            id,
            text -> {
              action.terminal().out().print(text);
              action.terminal().out().flush();
            });
    if (wentWrong(job)) {
      throw failure(id, job, cluster);
    }
    return 0;
  }

  private static boolean wentWrong(JsonNode job) {
    return Jobs.over(job) && !"SUCCEEDED".equals(Json.text(job, "status"));
  }

  private static Failure failure(String id, JsonNode job, Cluster cluster) {
    boolean stopped = "STOPPED".equals(Json.text(job, "status"));
    return new Failure(
            ErrorCode.WORKLOAD_FAILED, "job " + id + (stopped ? " was stopped" : " failed"))
        .because(lastLine(Json.text(job, "message")))
        .suggesting(
            stopped
                ? ""
                : "sp-ray job logs "
                    + id
                    + " --cluster "
                    + cluster.name()
                    + " -n "
                    + cluster.namespace());
  }

  private static String lastLine(String message) {
    return message == null ? "" : message.strip().lines().reduce("", (first, second) -> second);
  }
}
