package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Clusters;
import dev.spray.cli.term.Table;
import dev.spray.cli.term.Terminal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A table that follows what happens: redrawn on a terminal, a line for each change in a pipe. */
final class Live {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

  private final Terminal terminal;
  private final Function<List<Cluster>, Table> layout;
  private final Semaphore changed = new Semaphore(0);

  Live(Terminal terminal, Function<List<Cluster>, Table> layout) {
    this.terminal = terminal;
    this.layout = layout;
  }

  /** Until the process ends. */
  void run(Informable<GenericKubernetesResource> clusters) {
    boolean redrawn = terminal.outIsTerminal();
    if (!redrawn) {
      layout.apply(List.of()).print(terminal);
    }
    var handler = new Changes(redrawn);
    try (SharedIndexInformer<GenericKubernetesResource> informer = clusters.inform(handler)) {
      while (redrawn) {
        terminal.out().print(HOME_AND_CLEAR);
        layout.apply(sorted(informer)).print(terminal);
        terminal.out().flush();
        if (changed.tryAcquire(1, TimeUnit.SECONDS)) {
          changed.drainPermits();
        }
      }
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ErrorCode.INTERRUPTED, "interrupted");
    }
  }

  private static List<Cluster> sorted(SharedIndexInformer<GenericKubernetesResource> informer) {
    return informer.getStore().list().stream()
        .map(Clusters::read)
        .sorted(Comparator.comparing(Cluster::namespace).thenComparing(Cluster::name))
        .toList();
  }

  private final class Changes implements ResourceEventHandler<GenericKubernetesResource> {
    private final boolean redrawn;

    Changes(boolean redrawn) {
      this.redrawn = redrawn;
    }

    @Override
    public void onAdd(GenericKubernetesResource object) {
      tell(object);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
      tell(after);
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unsure) {
      changed.release();
    }

    private void tell(GenericKubernetesResource object) {
      if (redrawn) {
        changed.release();
      } else {
        layout.apply(List.of(Clusters.read(object))).print(terminal, "", false);
      }
    }
  }
}
