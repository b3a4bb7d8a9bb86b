package dev.spray.cli.ray;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A local port that leads to a port of a pod; it can be opened anew when it broke. */
public final class Forward implements AutoCloseable {
  private final KubernetesClient client;
  private final String namespace;
  private final String pod;
  private final int port;
  private final int wanted;
  private LocalPortForward open;

  /**
   * One that opens when it is first used.
   *
   * @param wanted local port; 0: any that is free
   */
  public Forward(KubernetesClient client, String namespace, String pod, int port, int wanted) {
    this.client = client;
    this.namespace = namespace;
    this.pod = pod;
    this.port = port;
    this.wanted = wanted;
  }

  /** The local port. */
  public synchronized int localPort() {
    if (open == null || !open.isAlive()) {
      close();
      var target = client.pods().inNamespace(namespace).withName(pod);
      if (target.get() == null) {
        throw new Failure(
                ErrorCode.UNREACHABLE, "there is no pod " + pod + " in namespace " + namespace)
            .suggesting("sp-ray describe cluster; a suspended cluster has no pods");
      }
      open = target.portForward(port, loopback(), wanted);
    }
    return open.getLocalPort();
  }

  /** Breaks it off; the next use opens it anew. */
  public synchronized void reopen() {
    close();
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It was broken: that is why it is closed.
      }
      open = null;
    }
  }

  /** The wanted port when nobody has it, else one that is free. */
  public static int free(int wanted) {
    try (ServerSocket _ = new ServerSocket(wanted, 1, loopback())) {
      return wanted;
    } catch (IOException e) {
      return 0;
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
