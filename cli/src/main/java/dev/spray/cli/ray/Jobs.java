package dev.spray.cli.ray;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Json;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Ray's Jobs API. Every call may be repeated: names are chosen here. */
public final class Jobs {
  private static final Set<String> OVER = Set.of("SUCCEEDED", "FAILED", "STOPPED");
  private static final String PATH = "/api/jobs/";
  private static final Duration QUIET = Duration.ofSeconds(15);

  private final Dashboard dashboard;

  public Jobs(Dashboard dashboard) {
    this.dashboard = dashboard;
  }

  /** Makes a directory known to Ray; returns its address. */
  public String upload(WorkingDirectory directory) throws IOException {
    WorkingDirectory.Packed packed = directory.packed();
    try {
      String path = "/api/packages/gcs/" + packed.name();
      if (!dashboard.exists(path)) {
        dashboard.put(path, packed.file());
      }
      return "gcs://" + packed.name();
    } finally {
      Files.delete(packed.file());
    }
  }

  /**
   * Submits a job.
   *
   * @param id chosen by the caller; when Ray says that it exists although it didn't before, then
   *     the answer to the first try got lost
   */
  public void submit(String id, ObjectNode job) {
    if (dashboard.exists(PATH + id)) {
      throw new Failure(ErrorCode.NAME_CONFLICT, "there is a job " + id + " already")
          .suggesting("another --submission-id, or none");
    }
    job.put("submission_id", id);
    try {
      JsonNode _ = dashboard.post(PATH, job);
    } catch (Failure e) {
      if (!e.reason().contains("already exists")) {
        throw e;
      }
    }
  }

  /** All jobs that were submitted. */
  public List<JsonNode> list() {
    List<JsonNode> jobs = new ArrayList<>();
    dashboard.get(PATH).forEach(jobs::add);
    return jobs;
  }

  /** One job. */
  public JsonNode get(String id) {
    return dashboard.get(PATH + id);
  }

  /** All that it has printed. */
  public String logs(String id) {
    String logs = Json.text(dashboard.get(PATH + id + "/logs"), "logs");
    return logs == null ? "" : logs;
  }

  /** Asks it to stop. */
  public boolean stop(String id) {
    return dashboard.post(PATH + id + "/stop", Json.object()).path("stopped").asBoolean();
  }

  /** Whether a job is over. */
  public static boolean over(JsonNode job) {
    return OVER.contains(String.valueOf(Json.text(job, "status")));
  }

  /**
   * Hands on what a job prints until it is over; returns it then. Connections that break on the way
   * are made anew, and nothing is told twice.
   */
  public JsonNode follow(String id, Consumer<String> out) {
    JobLogs logs = new JobLogs(out, QUIET);
    while (true) {
      if (!stream(id, logs)) {
        dashboard.reopen();
      }
      JsonNode job = known(id);
      if (over(job)) {
        logs.complete(logs(id));
        return job;
      }
      Dashboard.pause();
    }
  }

  /** False when the connection broke, or there is none. */
  private boolean stream(String id, JobLogs logs) {
    try {
      return logs.stream(
          dashboard.http(),
          dashboard.at("ws", PATH + id + "/logs/tail"),
          dashboard.authorization());
    } catch (KubernetesClientException | Failure e) {
      return false;
    }
  }

  private JsonNode known(String id) {
    try {
      return get(id);
    } catch (Failure e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        throw new Failure(ErrorCode.WORKLOAD_FAILED, "Ray doesn't know job " + id + " any more")
            .because("its head was replaced; what it knew is lost unless GCS fault tolerance is on")
            .suggesting("submit the job again");
      }
      throw e;
    }
  }
}
