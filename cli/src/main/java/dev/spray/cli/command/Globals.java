package dev.spray.cli.command;

import dev.spray.cli.kube.Session;
import dev.spray.cli.term.OutputFormat;
import dev.spray.cli.term.Terminal;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command has, and what follows from them. */
public final class Globals implements AutoCloseable {
  private static final int LAST = 1000;

  private final Terminal terminal;
  private final Map<String, String> environment;
  private Session session;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      order = LAST,
      scope = ScopeType.INHERIT,
      description =
          "Namespace. Else SP_RAY_NAMESPACE, the kubeconfig's, the settings', ray-playground.")
  private String namespace;

  @Option(
      names = "--context",
      paramLabel = "CONTEXT",
      order = LAST + 1,
      scope = ScopeType.INHERIT,
      description =
          "Context of the kubeconfig. Else SP_RAY_CONTEXT, the settings', the current one.")
  private String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      order = LAST + 2,
      scope = ScopeType.INHERIT,
      description = "Kubeconfig. Else KUBECONFIG, ~/.kube/config.")
  private String kubeconfig;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      order = LAST + 3,
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      description =
          "How results are printed: ${COMPLETION-CANDIDATES}. Errors follow json and yaml.")
  private OutputFormat format = OutputFormat.table;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = LAST + 4,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  public Globals(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = Map.copyOf(environment);
  }

  public Terminal terminal() {
    return terminal;
  }

  public Map<String, String> environment() {
    return environment;
  }

  public OutputFormat format() {
    return format == null ? OutputFormat.table : format;
  }

  /** Whether failures are to show where in the code they come from. */
  public boolean debugging() {
    return !environment.getOrDefault("SP_RAY_DEBUG", "").isEmpty();
  }

  /** The namespace that the command line itself names; null where it leaves that to others. */
  String givenNamespace() {
    return namespace == null || namespace.isBlank() ? null : namespace;
  }

  /** The way to the API server that the options name. */
  public Session session() {
    if (session == null) {
      session = new Session(new Session.Flags(kubeconfig, context, namespace), environment);
    }
    return session;
  }

  /** Whether help was asked for. */
  boolean helpRequested() {
    return help;
  }

  /** These options as words of a command line, for a program that runs this one. */
  public String words() {
    StringBuilder words = new StringBuilder();
    words.append(" -n ").append(session().namespace());
    if (session().context() != null) {
      words.append(" --context ").append(session().context());
    }
    if (kubeconfig != null) {
      words.append(" --kubeconfig ").append(kubeconfig);
    }
    return words.toString();
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
