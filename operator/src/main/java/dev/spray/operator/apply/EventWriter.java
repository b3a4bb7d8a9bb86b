package dev.spray.operator.apply;

import dev.spray.operator.plan.EventNote;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records Events; one that fails is logged and given up, for it decides nothing. */
public final class EventWriter {
  private static final int MAX_NOTE = 1024;
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Logger log = LoggerFactory.getLogger(EventWriter.class);

  private final KubernetesClient client;
  private final Writes writes;
  private final InstantSource clock;
  private final String instance;

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

  /** Records an Event about an object. */
  public void write(HasMetadata about, EventNote note) {
    try {
      Event event = event(about, note);
      String path =
          "/apis/events.k8s.io/v1/namespaces/%s/events"
              .formatted(about.getMetadata().getNamespace());
      // The answer is not read: nobody needs it, and parsing costs more than sending.
      var _ = writes.send(() -> client.raw(path, "POST", event));
    } catch (KubernetesClientException e) {
      log.warn("The event {} was not recorded: {}", note, e.getMessage());
    }
  }

  private Event event(HasMetadata about, EventNote note) {
    String text = note.note();
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
        .withNote(text.length() <= MAX_NOTE ? text : text.substring(0, MAX_NOTE - 3) + "...")
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
