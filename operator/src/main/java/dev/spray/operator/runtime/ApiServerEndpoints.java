package dev.spray.operator.runtime;

import dev.spray.operator.resources.NetworkSettings.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the API server is, for network policies: no selector can name it. It says so itself in the
 * EndpointSlice {@code kubernetes} of the namespace {@code default}; and pods know it by the
 * address of its Service, which some network plug-ins look at, others only after it was translated.
 */
final class ApiServerEndpoints implements AutoCloseable {
  /** The first policies are then right at once; it is no reason to wait any longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(ApiServerEndpoints.class);

  private final SharedIndexInformer<EndpointSlice> informer;
  private final List<Endpoint> service;
  private final Runnable changed;
  private volatile List<Endpoint> known;
  private volatile boolean complained;

  /**
   * @param environment the operator's own variables
   * @param changed called after the API server has moved
   */
  ApiServerEndpoints(KubernetesClient client, Map<String, String> environment, Runnable changed) {
    this.service = ofService(environment);
    this.known = service;
    this.changed = changed;
    this.informer =
        client
            .resources(EndpointSlice.class)
            .inNamespace("default")
            .withName("kubernetes")
            .runnableInformer(0)
            .exceptionHandler((started, failure) -> complain(failure))
            .addEventHandler(new Handler());
  }

  /** As far as it is known by now. */
  List<Endpoint> known() {
    return known;
  }

  /** Asks, and watches from then on; returns within seconds whether there is an answer or not. */
  void start() {
    try {
      informer.start().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.info("Where the API server is isn't known yet");
    } catch (ExecutionException e) {
      complain(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    informer.close();
  }

  /** Goes on trying. */
  private boolean complain(Throwable failure) {
    if (!complained && failure instanceof KubernetesClientException) {
      complained = true;
      log.warn(
          "Where the API server is can't be read: {}. Network policies that deny egress will keep Ray's"
              + " autoscaler from it, unless their egressRules let it through or the operator may get, list"
              + " and watch the EndpointSlice default/kubernetes",
          failure.getMessage());
    }
    return true;
  }

  private void learn(EndpointSlice slice) {
    List<Endpoint> now =
        Stream.concat(service.stream(), of(slice))
            .distinct()
            .sorted(Comparator.comparing(Endpoint::ip).thenComparingInt(Endpoint::port))
            .toList();
    if (!now.equals(known)) {
      known = now;
      log.info("The API server is at {}", now);
      changed.run();
    }
  }

  static Stream<Endpoint> of(EndpointSlice slice) {
    return slice.getEndpoints().stream()
        .flatMap(endpoint -> endpoint.getAddresses().stream())
        .flatMap(address ->
            slice.getPorts().stream().map(port -> new Endpoint(address, port.getPort())));
  }

  /** What every pod is told of it. */
  static List<Endpoint> ofService(Map<String, String> environment) {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
    return host.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*") && port.matches("\\d{1,5}")
        ? List.of(new Endpoint(host, Integer.parseInt(port)))
        : List.of();
  }

  private final class Handler implements ResourceEventHandler<EndpointSlice> {
    @Override
    public void onAdd(EndpointSlice slice) {
      learn(slice);
    }

    @Override
    public void onUpdate(EndpointSlice before, EndpointSlice slice) {
      learn(slice);
    }

    /** It is made anew at once; until then what was true is the best guess. */
    @Override
    public void onDelete(EndpointSlice slice, boolean unknown) {}
  }
}
