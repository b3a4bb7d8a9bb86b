package dev.spray.e2e.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A real Kubernetes of the project's own, through the program {@code testbed/testbed}. */
public final class Testbed {
  private static final long LONGEST_BUILD_MINUTES = 30;

  /** The root of the work tree. */
  public static final Path ROOT = root();

  private static final Map<String, String> TOOLS = new ConcurrentHashMap<>();

  private final Path dir;
  private boolean hasWorkspaceTools;

  private Testbed(Path dir) {
    this.dir = dir;
  }

  /**
   * Starts one, or takes the one that already runs in the directory.
   *
   * @param profile {@code api}, {@code sim} or {@code real}
   * @param options further options of {@code testbed up}
   */
  static Testbed up(String profile, Path dir, String... options) {
    Testbed testbed = new Testbed(dir);
    List<String> command = new ArrayList<>(List.of("up", "--profile", profile));
    command.addAll(List.of(options));
    testbed.run(command);
    return testbed;
  }

  /** Stops a component at once, for example {@code kube-apiserver}. */
  public void stop(String component) {
    run(List.of("stop", component, "--signal", "KILL"));
  }

  /** Starts a stopped component; returns when it is ready. */
  public void start(String component) {
    run(List.of("start", component));
  }

  /** Gives each simulated pool that many nodes; returns when they are ready. */
  public void pools(int cpu, int t4, int a100) {
    run(
        List.of(
            "up",
            "--profile",
            "sim",
            "--cpu-nodes",
            cpu + "",
            "--t4-nodes",
            t4 + "",
            "--a100-nodes",
            a100 + ""));
  }

  /** Has etcd forget its history; the API server forgets its own when it is stopped. */
  public void compact() {
    run(List.of("compact"));
  }

  /**
   * Makes the image with the tools of workspaces known to the nodes; of the profile {@code real}.
   * It is built when it is first needed, for the Python of the testbed's own Ray image alone.
   */
  public void loadWorkspaceTools() {
    if (hasWorkspaceTools) {
      return;
    }
    String build =
        "PYTHONS=$(/usr/bin/python3 -c 'import sys; print(\"%d.%d\" % sys.version_info[:2])') "
            + ROOT.resolve("deploy/images/workspace/build");
    var _ = execute(List.of("bash", "-c", build));
    run(List.of("load-image", ROOT.resolve("target/sp-ray-workspace-tools-image.tar").toString()));
    hasWorkspaceTools = true;
  }

  void down() {
    run(List.of("down"));
  }

  /** The administrator's kubeconfig. */
  public Path kubeconfig() {
    return dir.resolve("kubeconfig");
  }

  /** One JSON object a line for each request, if {@code --audit} was given. */
  public Path auditLog() {
    return dir.resolve("logs/audit.log");
  }

  /** How the administrator reaches the API server. */
  public Config config() {
    try {
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig()));
      return new ConfigBuilder(config).withNoProxy("10.0.0.0/8", "127.0.0.1").build();
    } catch (IOException e) {
      throw new IllegalStateException("the testbed in " + dir + " has no kubeconfig", e);
    }
  }

  /** How pods reach what listens on this machine: by the address that it has towards them. */
  URI pathFromPods() {
    URI apiServer = URI.create(config().getMasterUrl());
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(apiServer.getHost(), apiServer.getPort()));
      return URI.create("https://" + socket.getLocalAddress().getHostAddress());
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client of the administrator. */
  public KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  /** Path of a tool that the testbed builds, for example {@code kubectl} or {@code helm}. */
  public static String tool(String name) {
    return TOOLS.computeIfAbsent(
        name,
        tool -> execute(List.of(ROOT.resolve("testbed/testbed").toString(), "bin", tool)).strip());
  }

  /** Runs a program and returns its standard output; a failure shows both outputs. */
  public static String execute(List<String> command) {
    try {
      Path errors = Files.createTempFile("sp-ray-", ".err");
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(LONGEST_BUILD_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " failed:\n" + output + Files.readString(errors));
      }
      Files.delete(errors);
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(String.join(" ", command) + " could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("testbed/testbed").toString()));
    command.addAll(arguments);
    command.addAll(List.of("--dir", dir.toString()));
    var _ = execute(command);
  }

  private static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(path.resolve("testbed"))) {
      path = path.getParent();
      if (path == null) {
        throw new IllegalStateException("the tests must run inside the work tree");
      }
    }
    return path;
  }
}
