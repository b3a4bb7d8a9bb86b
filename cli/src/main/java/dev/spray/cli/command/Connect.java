package dev.spray.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spray.api.platform.Workspace;
import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Json;
import dev.spray.cli.ray.Dashboard;
import dev.spray.cli.ray.Forward;
import dev.spray.cli.ray.WorkspaceToken;
import dev.spray.cli.term.Documents;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings the ports of a cluster's head here. */
@Command(
    name = "connect",
    description = {
      "Bring the ports of a cluster's head here, until Ctrl-C.",
      "A port that is taken here gets another number; connections that break are made anew."
    })
class Connect extends Action {
  private static final long LOOK_AGAIN_SECONDS = 2;

  @Parameters(paramLabel = "CLUSTER", description = "The cluster.")
  private String name;

  @Option(
      names = "--port",
      paramLabel = "[LOCAL:]PORT",
      description = "Only this port; may be repeated.")
  private List<String> ports = List.of();

  /** What there is to connect to. */
  enum Part {
    dashboard(8265, "http", ""),
    client(10001, "ray", ""),
    notebook(Workspace.NOTEBOOK_PORT, "http", "/lab"),
    vscode(Workspace.VSCODE_PORT, "http", "/");

    final int port;
    final String scheme;
    final String path;

    Part(int port, String scheme, String path) {
      this.port = port;
      this.scheme = scheme;
      this.path = path;
    }
  }

  @Override
  int run() throws InterruptedException, IOException {
    Cluster cluster = cluster(name);
    Map<String, Forward> forwards = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    ObjectNode told = Json.object();
    if (ports.isEmpty()) {
      for (Part part : parts(cluster)) {
        Forward forward = forward(cluster, port(cluster, part), port(cluster, part));
        String url = part.scheme + "://127.0.0.1:" + forward.localPort() + part.path;
        forwards.put(part.name(), forward);
        lines.add(part.name() + " ".repeat(Math.max(1, 24 - part.name().length())) + url);
        told.put(part.name(), url);
      }
    }
    for (String asked : ports) {
      String[] numbers = asked.split(":", 2);
      int remote = number(numbers[numbers.length - 1]);
      Forward forward = forward(cluster, remote, number(numbers[0]));
      forwards.put(asked, forward);
      lines.add("port " + remote + "               127.0.0.1:" + forward.localPort());
      told.put(Integer.toString(remote), "127.0.0.1:" + forward.localPort());
    }
    if (format().structured()) {
      Documents.print(terminal(), format(), told);
    }
    lines.forEach(this::say);
    terminal().out().flush();
    opened(told);
    terminal().err().println("Connected to cluster " + cluster.name() + "; Ctrl-C ends it.");
    hold(forwards);
    return 0;
  }

  /** Hook for commands that show one of the URLs. */
  void opened(ObjectNode urls) throws IOException {}

  /** What this command brings here. */
  List<Part> parts(Cluster cluster) {
    List<Part> parts = new ArrayList<>(List.of(Part.dashboard, Part.client));
    if (Json.at(cluster.platform(), "workspace", "notebook").asBoolean()) {
      parts.add(Part.notebook);
    }
    if (Json.at(cluster.platform(), "workspace", "vscode").asBoolean()) {
      parts.add(Part.vscode);
    }
    return parts;
  }

  private Forward forward(Cluster cluster, int remote, int local) {
    return new Forward(
        session().client(), cluster.namespace(), cluster.headPod(), remote, Forward.free(local));
  }

  private static int port(Cluster cluster, Part part) {
    String told = Json.text(cluster.status(), "endpoints", part.name());
    return told != null && told.matches("[0-9]+") ? Integer.parseInt(told) : part.port;
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "'" + text + "' is no port");
    }
    return Integer.parseInt(text);
  }

  /**
   * Keeps them open; each connection through them is a stream of its own, and a dead one is
   * replaced.
   */
  private static void hold(Map<String, Forward> forwards) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!never.await(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS)) {
      for (Forward forward : forwards.values()) {
        try {
          int _ = forward.localPort();
        } catch (RuntimeException e) {
          // The head is away; the next look tries again.
        }
      }
    }
  }

  /** Opens one page in the browser. */
  abstract static class Page extends Connect {
    @Option(names = "--no-browser", description = "Only print the address.")
    private boolean quiet;

    private final Part part;

    /** For which the page asks; null: for none. */
    private String token;

    Page(Part part) {
      this.part = part;
    }

    @Override
    final List<Part> parts(Cluster cluster) {
      if (part == Part.dashboard && cluster.authenticated()) {
        // One's own is nothing to be shown on a screen.
        boolean own = Json.at(cluster.spec(), "authOptions", "enableK8sTokenAuth").asBoolean();
        terminal()
            .err()
            .println(
                own
                    ? "The dashboard asks for your Kubernetes token."
                    : "The dashboard asks for a token: " + Dashboard.token(session(), cluster));
      }
      String field = part == Part.vscode ? "vscode" : "notebook";
      if (part != Part.dashboard && !Json.at(cluster.platform(), "workspace", field).asBoolean()) {
        throw new Failure(ErrorCode.NOT_FOUND, "cluster " + cluster.name() + " has no " + field)
            .suggesting(
                "sp-ray update cluster "
                    + cluster.name()
                    + " -n "
                    + cluster.namespace()
                    + (part == Part.vscode ? " --vscode-server" : " --notebook"));
      }
      if (part != Part.dashboard) {
        token = WorkspaceToken.of(session(), cluster);
        terminal()
            .err()
            .println(
                (part == Part.vscode ? "VS Code asks for a password: " : "Its token: ") + token);
      }
      return List.of(part);
    }

    @Override
    final void opened(ObjectNode urls) throws IOException {
      if (!quiet && terminal().asks()) {
        String url = urls.path(part.name()).asText();
        if (part == Part.notebook) {
          Browser.openInSecret(url + "?token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
        } else {
          Browser.open(url);
        }
      }
    }
  }

  @Command(name = "dashboard", description = "Open Ray's dashboard in the browser.")
  static final class DashboardPage extends Page {
    DashboardPage() {
      super(Part.dashboard);
    }
  }

  @Command(name = "notebook", description = "Open the notebook server in the browser.")
  static final class NotebookPage extends Page {
    NotebookPage() {
      super(Part.notebook);
    }
  }

  @Command(name = "code", description = "Open VS Code in the browser.")
  static final class CodePage extends Page {
    CodePage() {
      super(Part.vscode);
    }
  }
}
