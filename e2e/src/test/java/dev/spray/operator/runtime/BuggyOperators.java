package dev.spray.operator.runtime;

import dev.spray.e2e.testbed.Playground.OperatorFactory;
import dev.spray.operator.apply.Leadership;
import dev.spray.operator.observe.OwnWrites;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Operators with one deliberate bug each, to show that the suites notice it. */
public final class BuggyOperators {
  private static final Duration KEPT = Duration.ofSeconds(30);
  private static final String USER_AGENT = "buggy-operator";

  /** Forgets its own writes at once. */
  public static OperatorFactory withoutOverlay() {
    return (config, options) -> build(options, connecting(config), Duration.ZERO, gate -> gate);
  }

  /** Deletes whatever has the name. */
  public static OperatorFactory deletingWithoutPreconditions() {
    return (config, options) ->
        build(
            options,
            writingBy(
                connecting(config),
                (method, arguments) -> {
                  if (method.equals("raw") && "DELETE".equals(arguments[1])) {
                    arguments[2] = new DeleteOptions();
                  }
                }),
            KEPT,
            gate -> gate);
  }

  /** Lets the API server choose the names of pods. */
  public static OperatorFactory generatingNames() {
    return (config, options) ->
        build(
            options,
            writingBy(
                connecting(config),
                (method, arguments) -> {
                  if (method.equals("resource")
                      && arguments[0] instanceof Pod pod
                      && pod.getMetadata().getName().contains("-worker-")) {
                    arguments[0] = unnamed(pod);
                  }
                }),
            KEPT,
            gate -> gate);
  }

  /** Its writing client sends again what failed, as fabric8's does by default. */
  public static OperatorFactory retryingWrites() {
    return (config, options) -> {
      Config retrying =
          new ConfigBuilder(config)
              .withUserAgent(USER_AGENT)
              .withRequestRetryBackoffLimit(10)
              .build();
      KubernetesClient writing = new KubernetesClientBuilder().withConfig(retrying).build();
      return build(
          options,
          connecting(config)
              .andThen(clients -> new Clients(clients.watching(), writing, clients.leasing())),
          KEPT,
          gate -> gate);
    };
  }

  /** Contends for the lease on a way of its own; without a bug. */
  public static OperatorFactory electing(Config lease) {
    return (config, options) -> build(elected(options), leasing(config, lease), KEPT, gate -> gate);
  }

  /** As {@link #electing}, but believes that who has once led leads for ever. */
  public static OperatorFactory electingWithoutDeadline(Config lease) {
    return (config, options) ->
        build(elected(options), leasing(config, lease), KEPT, BuggyOperators::forEver);
  }

  private static Leadership forEver(Leadership election) {
    boolean[] once = {false};
    return () -> {
      once[0] |= election.mayWrite();
      return once[0];
    };
  }

  private static RayOperator build(
      Options options,
      Function<Leadership, Clients> connect,
      Duration kept,
      UnaryOperator<Leadership> gate)
      throws IOException {
    return new RayOperator(
        options, new OperatorMetrics(), connect, new OwnWrites(InstantSource.system(), kept), gate);
  }

  private static Function<Leadership, Clients> connecting(Config config) {
    return leadership -> Clients.connect(config, USER_AGENT, new Interceptor() {}, leadership);
  }

  private static Function<Leadership, Clients> leasing(Config config, Config lease) {
    return leadership -> {
      Clients clients = connecting(config).apply(leadership);
      KubernetesClient leasing = connecting(lease).apply(leadership).leasing();
      return new Clients(clients.watching(), clients.writing(), leasing);
    };
  }

  private static Options elected(Options options) {
    return new Options(
        options.watchNamespaces(),
        true,
        options.leaseNamespace(),
        "sp-ray-operator",
        options.identity() + System.nanoTime(),
        0,
        0,
        0,
        options.signingUrl(),
        options.shutdownGrace(),
        options.pods(),
        options.children(),
        options.platformConfiguration(),
        options.decoratesPlain(),
        options.randomPodDelete(),
        options.scheduler());
  }

  private static Pod unnamed(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .withGenerateName(pod.getMetadata().getName())
        .withName(null)
        .endMetadata()
        .build();
  }

  /** Changes the arguments of a call. */
  @FunctionalInterface
  private interface Sabotage {
    void apply(String method, Object[] arguments);
  }

  private static Function<Leadership, Clients> writingBy(
      Function<Leadership, Clients> connect, Sabotage sabotage) {
    return connect.andThen(clients ->
        new Clients(clients.watching(), sabotaged(clients, sabotage), clients.leasing()));
  }

  private static KubernetesClient sabotaged(Clients clients, Sabotage sabotage) {
    return (KubernetesClient)
        Proxy.newProxyInstance(
            BuggyOperators.class.getClassLoader(),
            new Class<?>[] {KubernetesClient.class},
            (proxy, method, arguments) -> {
              if (arguments != null) {
                sabotage.apply(method.getName(), arguments);
              }
              try {
                return method.invoke(clients.writing(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private BuggyOperators() {}
}
