package dev.spray.e2e.faults;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One run's way to the API server, with rules, counters and a log of its own. {@link #close} fails
 * when a rule that must fire never did: such a run proves nothing.
 */
public final class FaultLane implements AutoCloseable {
  /** Enough for a loaded machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final FaultControl control;
  private final Address address;
  private boolean closed;

  record Address(String id, String url) {}

  FaultLane(FaultControl control, Address address) {
    this.control = control;
    this.address = address;
  }

  /** Where this lane's clients find the API server. */
  public String url() {
    return address.url();
  }

  /** The same access through this lane. It has to be one by token. */
  public Config through(Config config) {
    return new ConfigBuilder(config)
        .withMasterUrl(url() + "/")
        .withClientCertData(null)
        .withClientCertFile(null)
        .withClientKeyData(null)
        .withClientKeyFile(null)
        .withNoProxy("127.0.0.1")
        .build();
  }

  /** Replaces the rules; those that had to fire and didn't still fail {@link #close}. */
  public void rules(FaultRule... rules) {
    control.put(path("/rules"), List.of(rules));
  }

  /** What happened up to now. */
  public FaultReport report() {
    return control.get(path(""), FaultReport.class);
  }

  /** Waits until a rule has fired; with {@link FaultAction#hold} the lane stands still then. */
  public FaultReport awaitFired(String rule) {
    return awaitFired(rule, 1);
  }

  /** Waits until a rule has fired that many times. */
  public FaultReport awaitFired(String rule, int times) {
    String name = URLEncoder.encode(rule, StandardCharsets.UTF_8);
    return await("fired=" + name + "&times=" + times);
  }

  private FaultReport await(String condition) {
    return control.get(
        path("/wait?" + condition + "&timeout=" + PATIENCE.toSeconds() + "s"), FaultReport.class);
  }

  /** Lets go of everything that is held: requests, events, the lane as a whole. */
  public void release() {
    control.post(path("/release"), Map.of());
  }

  /** Cuts all connections at once. Held requests never reach the server; new connections work. */
  public void cut() {
    control.post(path("/cut"), Map.of());
  }

  /** Cuts all connections and refuses new ones until {@link #accept}. */
  public void cutOff() {
    control.post(path("/cut"), Map.of("refuse", true));
  }

  /** Undoes {@link #cutOff}. */
  public void accept() {
    control.post(path("/accept"), Map.of());
  }

  /**
   * What remains to be done when the client was killed: nothing that it sent and that is held
   * reaches the server, and the next client can use the lane.
   */
  public void bury() {
    cut();
    release();
  }

  /** Ends the lane; fails when a rule that must fire never did. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    FaultReport report = control.delete(path(""), FaultReport.class);
    if (!report.unfired().isEmpty()) {
      throw new AssertionError("these rules never fired: " + report.unfired() + " in " + report);
    }
  }

  private String path(String rest) {
    return "/lanes/" + address.id() + rest;
  }
}
