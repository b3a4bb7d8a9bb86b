package dev.spray.operator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spray.operator.plan.EventNote;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records Events, behind the back of whoever asks for it: they decide nothing, and nothing waits
 * for them. One that fails is logged and given up; so are those that come while too many wait.
 */
public final class EventWriter implements AutoCloseable {
  private static final int MAX_NOTE = 1024;
  private static final int MOST_WAITING = 5000;

  /** A few, so that in a storm most of the writes under way are those that matter. */
  private static final int AT_ONCE = 4;

  private static final Duration LAST_CHANCE = Duration.ofSeconds(2);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Logger log = LoggerFactory.getLogger(EventWriter.class);

  private final KubernetesClient client;
  private final Writes writes;
  private final InstantSource clock;
  private final String instance;
  private final ThreadPoolExecutor senders =
      new ThreadPoolExecutor(
          AT_ONCE,
          AT_ONCE,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          Thread.ofVirtual().name("events-", 0).factory(),
          (event, full) -> log.warn("An event is not recorded: {} wait already", MOST_WAITING));

  /**
   * @param client must not retry writes by itself
   * @param instance this operator's name, unique among its replicas
   */
  public EventWriter(KubernetesClient client, Writes writes, InstantSource clock, String instance) {
    this.client = client;
    this.writes = writes;
    this.clock = clock;
    this.instance = instance;
  }

  /** Records some Events about an object, soon. */
  public void write(HasMetadata about, List<EventNote> notes) {
    notes.forEach(note -> write(about, note));
  }

  /** Records an Event about an object, soon. */
  public void write(HasMetadata about, EventNote note) {
    Event event = event(about, note);
    senders.execute(() -> send(event));
  }

  /** Sends what waits, if that is quick. */
  @Override
  public void close() {
    senders.shutdown();
    try {
      if (!senders.awaitTermination(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        senders.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Event event) {
    String path =
        "/apis/events.k8s.io/v1/namespaces/%s/events".formatted(event.getMetadata().getNamespace());
    try {
      // The answer is not read: nobody needs it, and parsing costs more than sending.
      var _ = writes.send(() -> client.raw(path, "POST", event));
    } catch (KubernetesClientException | Leadership.Lost e) {
      log.warn(
          "The event {} about {} was not recorded: {}",
          event.getReason(),
          event.getRegarding().getName(),
          e.getMessage());
    }
  }

  /** The API server counts bytes of UTF-8. */
  static String shortened(String text) {
    if (text.getBytes(UTF_8).length <= MAX_NOTE) {
      return text;
    }
    byte[] start = Arrays.copyOf(text.getBytes(UTF_8), MAX_NOTE - "...".length());
    // Without what is left of a letter that was cut in two.
    return new String(start, UTF_8).replaceFirst("\uFFFD+$", "") + "...";
  }

  private Event event(HasMetadata about, EventNote note) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(about.getMetadata().getName() + "." + UUID.randomUUID())
        .withNamespace(about.getMetadata().getNamespace())
        .endMetadata()
        .withEventTime(new MicroTime(MICRO_TIME.format(clock.instant())))
        .withReportingController("sp-ray-operator")
        .withReportingInstance(instance)
        .withType(note.warning() ? "Warning" : "Normal")
        .withReason(note.reason())
        .withAction(note.action())
        .withNote(shortened(note.note()))
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withName(about.getMetadata().getName())
                .withNamespace(about.getMetadata().getNamespace())
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion())
                .build())
        .build();
  }
}
