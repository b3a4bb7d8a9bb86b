package dev.spray.cli.kube;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The way to the API server, opened when it is first needed. */
public final class Session implements AutoCloseable {
  /** Where everybody may try things. */
  public static final String PLAYGROUND = "ray-playground";

  private static final Path POD_NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  private final Flags flags;
  private final Map<String, String> environment;
  private Config config;
  private KubernetesClient client;
  private Settings settings;

  /**
   * What the command line says.
   *
   * @param kubeconfig a file; null: {@code KUBECONFIG} or {@code ~/.kube/config}
   * @param context of the kubeconfig; null: its current one
   * @param namespace null: see {@link #namespace}
   */
  public record Flags(String kubeconfig, String context, String namespace) {}

  public Session(Flags flags, Map<String, String> environment) {
    this.flags = flags;
    this.environment = environment;
  }

  /** What the person has set once. */
  public Settings settings() {
    if (settings == null) {
      settings = Settings.read(environment);
    }
    return settings;
  }

  /**
   * The namespace: of the flag, of {@code SP_RAY_NAMESPACE}, of the kubeconfig's context, of the
   * settings, else {@link #PLAYGROUND}.
   */
  public String namespace() {
    String named = first(flags.namespace(), environment.get("SP_RAY_NAMESPACE"));
    if (named != null) {
      return named;
    }
    return first(ofContext(), settings().get("namespace"), PLAYGROUND);
  }

  /** Name of the kubeconfig's context in use; null inside a pod. */
  public String context() {
    NamedContext current = config().getCurrentContext();
    return current == null ? null : current.getName();
  }

  private String ofContext() {
    NamedContext current = config().getCurrentContext();
    if (current != null && current.getContext() != null) {
      return current.getContext().getNamespace();
    }
    try {
      return Files.exists(POD_NAMESPACE) ? Files.readString(POD_NAMESPACE).strip() : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** How the API server is reached. */
  public Config config() {
    if (config == null) {
      config = read();
    }
    return config;
  }

  /** The client. */
  public KubernetesClient client() {
    if (client == null) {
      client =
          new KubernetesClientBuilder()
              .withConfig(config())
              .withHttpClientFactory(new QueuedWebSockets())
              .withHttpClientBuilderConsumer(
                  http -> http.addOrReplaceInterceptor("overload", new Overload()))
              .build();
    }
    return client;
  }

  /** The Ray clusters. */
  public Clusters clusters() {
    return new Clusters(client());
  }

  private Config read() {
    // The client keeps the user's key in a store in memory, locked with a password that is no
    // secret;
    // by default that is made as slow as for a file that may be stolen.
    System.setProperty("keystore.pkcs12.keyPbeIterationCount", "1");
    if (flags.kubeconfig() != null) {
      if (!Files.isReadable(Path.of(flags.kubeconfig()))) {
        throw new Failure(ErrorCode.INVALID_CONFIG, "there is no kubeconfig " + flags.kubeconfig());
      }
      System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, flags.kubeconfig());
    }
    String context =
        first(flags.context(), environment.get("SP_RAY_CONTEXT"), settings().get("context"));
    Config read = Config.autoConfigure(context);
    if (context != null
        && (read.getCurrentContext() == null
            || !context.equals(read.getCurrentContext().getName()))) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "the kubeconfig has no context " + context)
          .suggesting("kubectl config get-contexts");
    }
    // A repeated create would find its own object and call the name taken.
    read.setRequestRetryBackoffLimit(0);
    // Most commands send one request or two: what HTTP/2 takes to begin is never regained.
    read.setHttp2Disable(true);
    return read;
  }

  private static String first(String... values) {
    for (String value : values) {
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return null;
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
