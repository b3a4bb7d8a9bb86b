package dev.spray.e2e.testbed;

import dev.spray.api.RayLabels;
import dev.spray.api.raycluster.RayCluster;
import dev.spray.operator.pods.PodSettings;
import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.runtime.Options;
import dev.spray.operator.runtime.RayOperator;
import dev.spray.operator.scheduling.BatchScheduler;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A namespace of one test: what the test does in it as a user, and the operator that serves it. */
public final class Playground implements AutoCloseable {
  /** Enough for a loaded machine: the limit of a wait, never a figure that is tested. */
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private static final String GKE = "helm/sp-ray-operator/files/platform/gke.yaml";

  /** The platform configuration for machines as small as the testbed's real nodes. */
  public static final Path SMALL =
      Testbed.ROOT.resolve("helm/sp-ray-operator/files/platform/small.yaml");

  private final Testbed testbed;
  private final String namespace = "test-" + UUID.randomUUID().toString().substring(0, 8);
  private final KubernetesClient admin;
  private final List<Runnable> running = new ArrayList<>();
  private Optional<Path> platform = Optional.empty();
  private boolean decoratesPlain;
  private BatchScheduler scheduler = BatchScheduler.NONE;

  /** Makes the namespace. */
  public Playground(Testbed testbed) {
    this.testbed = testbed;
    this.admin = testbed.client();
    admin
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  /** One on real nodes, with the small configuration, whose clusters can have workspaces. */
  public static Playground withWorkspaces(Testbed testbed) {
    testbed.loadWorkspaceTools();
    Playground playground = new Playground(testbed);
    playground.platform(SMALL);
    return playground;
  }

  /** Name of the namespace. */
  public String namespace() {
    return namespace;
  }

  /** Gives the operators that start from now on this platform configuration. */
  public void platform(Path configuration) {
    platform = Optional.of(configuration);
  }

  /** Gives them the one for GKE, but for how long a cluster's users are warned: {@code 2s}. */
  public void warnFor(String time) {
    changedGke("warning: 15m", "warning: " + time);
  }

  /** Gives them the one for GKE, with an image of tools, so that clusters can have workspaces. */
  public void offerWorkspaces() {
    changedGke("# toolsImage:", "toolsImage:");
  }

  private void changedGke(String text, String other) {
    try {
      String gke = Files.readString(Testbed.ROOT.resolve(GKE));
      if (!gke.contains(text)) {
        throw new IllegalStateException(GKE + " has no " + text);
      }
      Path file = Files.createTempFile("sp-ray-", ".platform.yaml");
      Files.writeString(file, gke.replace(text, other));
      platform(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the operators that start from now on add to plain manifests where they are silent. */
  public void decoratePlain() {
    decoratesPlain = true;
  }

  /** Has it schedule the pods of the operators that start from now on. */
  public void scheduler(BatchScheduler batchScheduler) {
    scheduler = batchScheduler;
  }

  /** An operator in this JVM that takes care of this namespace alone. */
  public RayOperator startOperator() {
    return startOperator(Installation.operatorConfig(testbed), RayOperator::new);
  }

  /**
   * As {@link #startOperator()}, over another way to the API server or with other parts.
   *
   * @param config from {@link #operatorConfig}, changed
   */
  public RayOperator startOperator(Config config, OperatorFactory factory) {
    try {
      Options options =
          new Options(
              Set.of(namespace),
              false,
              Installation.NAMESPACE,
              namespace,
              namespace,
              0,
              0,
              0,
              testbed.pathFromPods(),
              Duration.ofSeconds(5),
              PodSettings.standard("dev"),
              ChildSettings.DEFAULT,
              platform,
              decoratesPlain,
              false,
              scheduler);
      RayOperator operator = factory.create(config, options);
      running.add(operator::close);
      operator.start();
      return operator;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How the operator reaches the API server, with the rights that the chart gives it. */
  public Config operatorConfig() {
    return Installation.operatorConfig(testbed);
  }

  /**
   * As {@link #operatorConfig()}, with the rights of an installation of its own.
   *
   * @param release its name
   * @param values of the chart, as {@code helm --set} takes them
   */
  public Config operatorConfig(String release, String... values) {
    return Installation.operatorConfig(testbed, release, values);
  }

  /** How a pod of this namespace with that service account reaches the API server. */
  public Config configOf(String serviceAccount) {
    return Installation.config(testbed, namespace, serviceAccount);
  }

  /** Makes an operator. */
  @FunctionalInterface
  public interface OperatorFactory {
    /** Connects it; it is started by the caller. */
    RayOperator create(Config config, Options options) throws IOException;
  }

  /**
   * An operator process that takes care of this namespace alone; {@link Process#destroyForcibly} is
   * its {@code kill -9}.
   */
  public Process startOperatorProcess(String... options) {
    try {
      Path kubeconfig = Files.createTempFile("sp-ray-", ".kubeconfig");
      Files.writeString(kubeconfig, Kubeconfigs.write(Installation.operatorConfig(testbed)));
      Path log = Files.createTempFile("sp-ray-operator-", ".log");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.spray.operator.runtime.Main",
                  "--watch-namespace=" + namespace,
                  "--metrics-port=0",
                  "--health-port=0",
                  "--signing-port=0"));
      command.addAll(List.of(options));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("KUBECONFIG", kubeconfig.toString());
      Process process = builder.start();
      running.add(process::destroyForcibly);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kubectl apply -f -}, with the strict validation that it has by default. */
  public String apply(String manifest) {
    Kubectl.Result result = kubectl(manifest, "apply", "-f", "-");
    if (result.exitCode() != 0) {
      throw new AssertionError("kubectl apply failed: " + result.output());
    }
    return result.output();
  }

  /** As {@link #apply}, but it must be refused; returns what the user gets to read. */
  public String applyRefused(String manifest) {
    Kubectl.Result result = kubectl(manifest, "apply", "-f", "-");
    if (result.exitCode() == 0) {
      throw new AssertionError("kubectl apply accepted:\n" + manifest);
    }
    return result.output();
  }

  /** Patches a cluster as the administrator. */
  public void patch(String cluster, PatchType type, String patch) {
    var _ =
        admin
            .resources(RayCluster.class)
            .inNamespace(namespace)
            .withName(cluster)
            .patch(PatchContext.of(type), patch);
  }

  /** Runs kubectl in this namespace as the administrator. */
  public Kubectl.Result kubectl(String input, String... arguments) {
    return Kubectl.run(testbed, namespace, input, arguments);
  }

  /** The administrator's client. */
  public KubernetesClient admin() {
    return admin;
  }

  /** The RayCluster as it is now. */
  public RayCluster cluster(String name) {
    return admin.resources(RayCluster.class).inNamespace(namespace).withName(name).get();
  }

  /** All pods, in the order of their names. */
  public List<Pod> pods() {
    return admin.pods().inNamespace(namespace).list().getItems();
  }

  /** Reasons of all Events, each as often as it was told. */
  public List<String> eventReasons() {
    return events().map(Event::getReason).toList();
  }

  /** What all Events say. */
  public List<String> eventNotes() {
    return events().map(Event::getNote).toList();
  }

  /** All Events. */
  public Stream<Event> events() {
    return admin.events().v1().events().inNamespace(namespace).list().getItems().stream();
  }

  /** What the Events of a reason say. */
  public List<String> eventNotes(String reason) {
    return events().filter(event -> event.getReason().equals(reason)).map(Event::getNote).toList();
  }

  /** The head pods of a cluster. */
  public List<Pod> heads(String cluster) {
    return pods(cluster, RayLabels.HEAD);
  }

  /** The worker pods of a cluster. */
  public List<Pod> workers(String cluster) {
    return pods(cluster, RayLabels.WORKER);
  }

  private List<Pod> pods(String cluster, String nodeType) {
    return admin
        .pods()
        .inNamespace(namespace)
        .withLabel(RayLabels.CLUSTER, cluster)
        .withLabel(RayLabels.NODE_TYPE, nodeType)
        .list()
        .getItems();
  }

  /** Plays the kubelet where there is none: the pod runs and is ready. */
  public void makeReady(Pod pod) {
    makeReady(pod, "10.0.0.1");
  }

  /** The same, under an address at which something listens. */
  public void makeReady(Pod pod, String address) {
    setStatus(
        pod,
        new PodStatusBuilder()
            .withPhase("Running")
            .withPodIP(address)
            .addNewPodIP(address)
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition());
  }

  /** Plays the kubelet where there is none: the pod has failed for good. */
  public void makeFailed(Pod pod) {
    setStatus(pod, new PodStatusBuilder().withPhase("Failed").withReason("Evicted"));
  }

  /** Plays the kubelet where there is none: a container of the pod waits and says why. */
  public void makeWaiting(Pod pod, String reason, String message) {
    setStatus(
        pod,
        new PodStatusBuilder()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName(pod.getSpec().getContainers().getFirst().getName())
            .withImage(pod.getSpec().getContainers().getFirst().getImage())
            .withImageID("")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewWaiting(message, reason)
            .endState()
            .endContainerStatus());
  }

  /** Plays the scheduler where there is none: no node takes the pod. */
  public void makeUnschedulable(Pod pod, String message) {
    setStatus(
        pod,
        new PodStatusBuilder()
            .withPhase("Pending")
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage(message)
            .endCondition());
  }

  private void setStatus(Pod pod, PodStatusBuilder status) {
    admin
        .resource(pod)
        .editStatus(p -> {
          p.setStatus(status.build());
          return p;
        });
  }

  /** A condition of a cluster; empty while it has none. */
  public Optional<Condition> condition(String cluster, String type) {
    return condition(cluster(cluster), type);
  }

  private static Optional<Condition> condition(RayCluster cluster, String type) {
    return cluster == null
            || cluster.getStatus() == null
            || cluster.getStatus().conditions() == null
        ? Optional.empty()
        : cluster.getStatus().conditions().stream()
            .filter(condition -> condition.getType().equals(type))
            .findFirst();
  }

  /** Waits until a condition is true for the present generation. */
  public void awaitTrue(String cluster, String type) {
    await()
        .untilAsserted(() -> {
          RayCluster found = cluster(cluster);
          Long generation = found.getMetadata().getGeneration();
          if (condition(found, type).filter(c -> c.getStatus().equals("True")).isEmpty()
              || !generation.equals(found.getStatus().observedGeneration())) {
            throw new AssertionError(
                "%s is not %s; its status is %s".formatted(cluster, type, found.getStatus()));
          }
        });
  }

  /**
   * Waits, with the patience that a loaded machine needs: an API server that is too busy for one
   * answer is asked again.
   */
  public static ConditionFactory await() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(KubernetesClientException.class);
  }

  /** Ends the operators and deletes the clusters; the namespace's name is not used again. */
  @Override
  public void close() {
    running.forEach(Runnable::run);
    var clusters = admin.resources(RayCluster.class).inNamespace(namespace);
    clusters.delete();
    // Nobody is left to take finalizers off.
    clusters.list().getItems().stream()
        .filter(cluster -> !cluster.getMetadata().getFinalizers().isEmpty())
        .forEach(cluster ->
            patch(
                cluster.getMetadata().getName(),
                PatchType.JSON_MERGE,
                "{\"metadata\": {\"finalizers\": null}}"));
    admin.pods().inNamespace(namespace).withGracePeriod(0).delete();
    admin.close();
  }
}
