package dev.spray.cli.kube;

import dev.spray.api.platform.Workspace;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Runs a command in a container.
 *
 * @param client to do it with
 * @param namespace of the pod
 * @param pod its name
 * @param container its name
 */
public record PodExec(KubernetesClient client, String namespace, String pod, String container) {
  private static final int BUFFER = 8192;

  /** One in the Ray container of a pod. */
  public static PodExec inRayContainer(KubernetesClient client, String namespace, String pod) {
    return new PodExec(client, namespace, pod, ray(found(client, namespace, pod)));
  }

  /** One where people work: in the workspace of a pod, or its Ray container where it has none. */
  public static PodExec inWorkspace(KubernetesClient client, String namespace, String pod) {
    Pod found = found(client, namespace, pod);
    boolean hasWorkspace =
        found.getSpec().getInitContainers().stream()
            .anyMatch(container -> container.getName().equals(Workspace.CONTAINER));
    return new PodExec(client, namespace, pod, hasWorkspace ? Workspace.CONTAINER : ray(found));
  }

  private static String ray(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getName();
  }

  private static Pod found(KubernetesClient client, String namespace, String pod) {
    Pod found = client.pods().inNamespace(namespace).withName(pod).get();
    if (found == null) {
      throw new Failure(
              ErrorCode.NOT_FOUND, "there is no pod " + pod + " in namespace " + namespace)
          .suggesting("sp-ray get nodes -n " + namespace);
    }
    return found;
  }

  /**
   * Runs it; returns its exit code.
   *
   * @param in null: it has no standard input
   * @param terminal whether it gets a terminal, whose output is all standard output
   * @param started is told when it runs
   */
  public int run(
      InputStream in,
      OutputStream out,
      OutputStream err,
      boolean terminal,
      Consumer<ExecWatch> started,
      String... command) {
    var container = client.pods().inNamespace(namespace).withName(pod).inContainer(container());
    var input = in == null ? container : container.redirectingInput();
    var output = input.writingOutput(out);
    var errors = terminal ? output.withTTY() : output.writingError(err);
    try (ExecWatch watch = errors.usingListener(new Quiet()).exec(command)) {
      started.accept(watch);
      if (in != null) {
        Thread.ofVirtual().start(() -> hand(in, watch.getInput()));
      }
      return watch.exitCode().get();
    } catch (ExecutionException e) {
      throw new Failure(ErrorCode.UNREACHABLE, "the connection to pod " + pod + " broke")
          .because(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ErrorCode.INTERRUPTED, "interrupted");
    }
  }

  private static void hand(InputStream in, OutputStream out) {
    byte[] buffer = new byte[BUFFER];
    try (out) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // The command has ended before its input did.
    }
  }

  private static final class Quiet implements ExecListener {
    @Override
    public void onClose(int code, String reason) {}
  }
}
