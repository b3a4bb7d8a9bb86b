package dev.spray.operator.runtime;

import static java.util.Objects.requireNonNullElse;

import dev.spray.operator.resources.ChildSettings;
import dev.spray.operator.resources.NetworkSettings;
import dev.spray.operator.resources.Signing;
import dev.spray.operator.scheduling.BatchScheduler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The operator's command line; its flags are KubeRay's where KubeRay has them. */
@Command(
    name = "sp-ray-operator",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Makes Ray clusters out of RayCluster objects.",
    footerHeading = "%nSwitches in the environment, KubeRay's:%n",
    footer = {
      "  CLUSTER_DOMAIN                      Domain, if not cluster.local.",
      "  ENABLE_LOGIN_SHELL                  true: Ray starts in a login shell.",
      "  ENABLE_PROBES_INJECTION             false: pods get no health probes.",
      "  ENABLE_INIT_CONTAINER_INJECTION     false: workers don't wait for the head.",
      "  ENABLE_RAY_HEAD_CLUSTER_IP_SERVICE  true: head services have an address of their own.",
      "  ENABLE_RANDOM_POD_DELETE            true: groups shrink without the autoscaler's word.",
      "  ENABLE_GCS_FT_REDIS_CLEANUP         false: what deleted clusters have in Redis stays there."
    },
    sortOptions = false)
public final class Main implements Callable<Integer> {

  @Option(
      names = {"--config", "-config"},
      paramLabel = "FILE",
      description =
          "Configuration file, YAML: KubeRay's Configuration of config.ray.io/v1alpha1."
              + " What it says stands above the flags.")
  private Path config;

  @Option(
      names = "--platform-config",
      paramLabel = "FILE",
      description =
          "What short manifests (spec.platform) may ask for, YAML: PlatformConfiguration of"
              + " sp-ray.dev/v1alpha1. It is read again when it changes. Default: GKE's.")
  private Path platformConfiguration;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "kuberay",
      description =
          "kuberay: clusters without spec.platform are made as KubeRay makes them. gke: where their"
              + " templates are silent, pods get tolerations of the GPUs that they ask for, isolation"
              + " and image streaming, too. Default: ${DEFAULT-VALUE}.")
  private String profile;

  @Option(
      names = {"--watch-namespace", "-watch-namespace"},
      split = ",",
      paramLabel = "NAMESPACE",
      description = "Only these namespaces, separated by commas. Default: all.")
  private Set<String> watchNamespaces = Set.of();

  @Option(
      names = {"--enable-leader-election", "-enable-leader-election"},
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Write only while holding the lease. Default: ${DEFAULT-VALUE}.")
  private boolean leaderElection;

  @Option(
      names = {"--leader-election-namespace", "-leader-election-namespace"},
      paramLabel = "NAMESPACE",
      description = "Where the lease lies. Default: the operator's own namespace, else `default`.")
  private String leaseNamespace;

  @Option(
      names = "--leader-election-name",
      paramLabel = "NAME",
      defaultValue = "sp-ray-operator",
      description = "Name of the lease. Default: ${DEFAULT-VALUE}.")
  private String leaseName;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port of /metrics; 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private int metricsPort;

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      defaultValue = "8082",
      description = "Port of /livez and /readyz; 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private int healthPort;

  @Option(
      names = "--signing-port",
      paramLabel = "PORT",
      defaultValue = "" + Signing.PORT,
      description =
          "Port on which pods of encrypted clusters have their certificates signed; 0 for any free"
              + " one. Default: ${DEFAULT-VALUE}.")
  private int signingPort;

  @Option(
      names = "--signing-url",
      paramLabel = "URL",
      description =
          "How pods reach that port: https://HOST[:PORT]. Default: the Service"
              + " `sp-ray-operator-certificates` in the operator's own namespace.")
  private URI signingUrl;

  @Option(
      names = {"--batch-scheduler", "-batch-scheduler"},
      paramLabel = "NAME",
      description =
          "Who schedules the pods of all clusters: volcano, yunikorn, scheduler-plugins or"
              + " kai-scheduler. Default: whom their templates name.")
  private String batchScheduler = "";

  @Option(
      names = {"--enable-batch-scheduler", "-enable-batch-scheduler"},
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description = "Older name of --batch-scheduler=volcano.")
  private boolean enableBatchScheduler;

  @Option(
      names = "--operator-pods",
      split = ",",
      paramLabel = "LABEL=VALUE",
      description =
          "Labels of the operator's own pods, which network policies let through. Default: all pods"
              + " of its namespace.")
  private Map<String, String> operatorPods = Map.of();

  @Option(
      names = "--shutdown-grace",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "How long passes under way may go on after a stop. Default: ${DEFAULT-VALUE}.")
  private int shutdownGraceSeconds;

  @Option(
      names = "--pid-file",
      paramLabel = "FILE",
      description = "Write the process id to this file.")
  private Path pidFile;

  @Spec private CommandSpec spec;

  /** Runs until a signal ends it. */
  public static void main(String[] args) {
    int code = new CommandLine(new Main()).execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  @Override
  public Integer call() throws Exception {
    if (pidFile != null) {
      Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
    }
    Config client = Config.autoConfigure(null);
    CountDownLatch ended = new CountDownLatch(1);
    RayOperator operator = new RayOperator(client, options(client, configuration()));
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  operator.close();
                  ended.countDown();
                }));
    operator.start();
    ended.await();
    return 0;
  }

  private Configuration configuration() {
    try {
      return config == null ? Configuration.NONE : Configuration.read(config);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--config: %s cannot be read: %s".formatted(config, e), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--config: %s: %s".formatted(config, e.getMessage()), e);
    }
  }

  private Options options(Config client, Configuration configuration) {
    refuseTheLeaseOfKubeRay();
    String own = client.getNamespace() == null ? "default" : client.getNamespace();
    return new Options(
        configuration.watchNamespaces().orElse(watchNamespaces),
        requireNonNullElse(configuration.enableLeaderElection(), leaderElection),
        Stream.of(configuration.leaderElectionNamespace(), leaseNamespace, own)
            .filter(namespace -> namespace != null && !namespace.isEmpty())
            .findFirst()
            .orElseThrow(),
        leaseName,
        identity(),
        metricsPort,
        healthPort,
        signingPort,
        signingUrl(own),
        Duration.ofSeconds(shutdownGraceSeconds),
        configuration.pods(System.getenv()),
        new ChildSettings(
            isTrue("ENABLE_RAY_HEAD_CLUSTER_IP_SERVICE"),
            !"false".equalsIgnoreCase(System.getenv("ENABLE_GCS_FT_REDIS_CLEANUP")),
            configuration.network(operatorPods(own))),
        Optional.ofNullable(platformConfiguration),
        decoratesPlain(),
        isTrue("ENABLE_RANDOM_POD_DELETE"),
        batchScheduler(configuration));
  }

  /** Two ways to say it, of which the second is KubeRay's older one. */
  private BatchScheduler batchScheduler(Configuration configuration) {
    String name = requireNonNullElse(configuration.batchScheduler(), batchScheduler);
    boolean volcano =
        requireNonNullElse(configuration.enableBatchScheduler(), enableBatchScheduler);
    if (volcano && !name.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--batch-scheduler and --enable-batch-scheduler, which means volcano, are both given: leave"
              + " the second out");
    }
    return volcano
        ? BatchScheduler.VOLCANO
        : BatchScheduler.named(name)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(),
                    "--batch-scheduler: there is no %s, but %s"
                        .formatted(name, String.join(", ", BatchScheduler.names()))));
  }

  /** Empty outside of a pod: then there are none to let through. */
  private Optional<NetworkPolicyPeer> operatorPods(String namespace) {
    String pod = System.getenv("POD_NAME");
    return pod == null || pod.isEmpty()
        ? Optional.empty()
        : Optional.of(NetworkSettings.pods(namespace, operatorPods));
  }

  /** To hold it would be to take over all that KubeRay does. */
  private void refuseTheLeaseOfKubeRay() {
    if (leaseName.equals(KubeRayLease.NAME)) {
      throw new ParameterException(
          spec.commandLine(),
          ("--leader-election-name: %s is the lease of KubeRay. Whoever holds it stands in for KubeRay,"
                  + " and this operator doesn't carry out RayJobs and RayServices yet: they would stand"
                  + " still. Choose another name; the default is sp-ray-operator")
              .formatted(leaseName));
    }
  }

  private URI signingUrl(String namespace) {
    if (signingUrl == null) {
      return URI.create("https://sp-ray-operator-certificates.%s.svc".formatted(namespace));
    }
    if (!"https".equals(signingUrl.getScheme()) || signingUrl.getHost() == null) {
      throw new ParameterException(
          spec.commandLine(), "--signing-url: %s is not https://HOST[:PORT]".formatted(signingUrl));
    }
    return signingUrl;
  }

  private boolean decoratesPlain() {
    return switch (profile) {
      case "kuberay" -> false;
      case "gke" -> true;
      default ->
          throw new ParameterException(
              spec.commandLine(),
              "--profile: there is no %s; possible are kuberay and gke".formatted(profile));
    };
  }

  private static boolean isTrue(String variable) {
    return "true".equalsIgnoreCase(System.getenv(variable));
  }

  /**
   * The pod's name, so that a container that is restarted in its pod takes its lease up at once;
   * outside of a pod something unique.
   */
  private static String identity() {
    String pod = System.getenv("POD_NAME");
    if (pod != null && !pod.isEmpty()) {
      return pod;
    }
    try {
      return InetAddress.getLocalHost().getHostName() + "_" + UUID.randomUUID();
    } catch (UnknownHostException e) {
      return "sp-ray-operator_" + UUID.randomUUID();
    }
  }

  /** Answers {@code --version}. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"sp-ray-operator " + Versions.operator()};
    }
  }
}
