package dev.spray.cli.command;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Clusters;
import dev.spray.cli.kube.Session;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.term.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that does something. */
abstract class Action implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public final Integer call() throws Exception {
    return run();
  }

  /** Does it; returns the exit code of success, or of what the user ran. */
  abstract int run() throws Exception;

  Globals globals() {
    return ((Root) spec.root().userObject()).globals();
  }

  CommandSpec spec() {
    return spec;
  }

  Terminal terminal() {
    return globals().terminal();
  }

  Session session() {
    return globals().session();
  }

  OutputFormat format() {
    return globals().format();
  }

  Clusters clusters() {
    return session().clusters();
  }

  String namespace() {
    return session().namespace();
  }

  /** A cluster of the namespace; {@code rayclusters/NAME} is its name too. */
  Cluster cluster(String name) {
    return clusters().get(namespace(), bare(name));
  }

  /** The name in {@code TYPE/NAME}. */
  static String bare(String name) {
    return name.substring(name.indexOf('/') + 1);
  }

  /** A line of standard output, if a person is to read it. */
  void say(String line) {
    if (!format().structured()) {
      terminal().out().println(line);
    }
  }
}
