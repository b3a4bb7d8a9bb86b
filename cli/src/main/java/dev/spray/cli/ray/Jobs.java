package dev.spray.cli.ray;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Json;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Ray's Jobs API. Every call may be repeated: names are chosen here. */
public final class Jobs {
  private static final Set<String> OVER = Set.of("SUCCEEDED", "FAILED", "STOPPED");
  private static final String PATH = "/api/jobs/";

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
    Printed printed = new Printed(out);
    while (true) {
      boolean broken = !tail(id, printed);
      if (broken) {
        dashboard.reopen();
      }
      JsonNode job = known(id);
      if (over(job)) {
        printed.upTo(logs(id));
        return job;
      }
      Dashboard.pause();
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

  /** Streams from the beginning until Ray ends the stream; false when it broke. */
  private boolean tail(String id, Printed printed) {
    printed.again();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    try {
      WebSocket.Builder builder = dashboard.http().newWebSocketBuilder();
      if (dashboard.authorization() != null) {
        builder.header("Authorization", dashboard.authorization());
      }
      WebSocket socket =
          builder
              .buildAsync(dashboard.at("ws", PATH + id + "/logs/tail"), new Lines(printed, ended))
              .join();
      boolean whole = ended.join();
      socket.abort();
      return whole;
    } catch (CompletionException | KubernetesClientException | Failure e) {
      return false;
    }
  }

  /** What has been told so far of a text that is told from its beginning again and again. */
  private static final class Printed {
    private final Consumer<String> out;
    private int told;
    private int heard;

    Printed(Consumer<String> out) {
      this.out = out;
    }

    synchronized void again() {
      heard = 0;
    }

    synchronized void more(CharSequence text) {
      int skip = Math.clamp(told - heard, 0, text.length());
      heard += text.length();
      if (skip < text.length()) {
        out.accept(text.subSequence(skip, text.length()).toString());
        told = heard;
      }
    }

    synchronized void upTo(String whole) {
      again();
      more(whole);
    }
  }

  private record Lines(Printed printed, CompletableFuture<Boolean> ended)
      implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      printed.more(data);
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      var _ = ended.complete(code == WebSocket.NORMAL_CLOSURE);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      var _ = ended.complete(false);
    }
  }
}
