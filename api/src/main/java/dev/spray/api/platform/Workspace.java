package dev.spray.api.platform;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Optional;

/**
 * The workspace that a cluster is to have, with nothing left open, and where its parts are.
 *
 * @param notebook whether there is Jupyter
 * @param vscode whether there is VS Code in the browser
 * @param tutorials whether tutorials lie there
 * @param ssh whether there is a way in by ssh
 * @param homeSize of the volume for its files; empty: they go with the pod
 * @param homeRetained whether that volume outlives the cluster
 */
public record Workspace(
    boolean notebook,
    boolean vscode,
    boolean tutorials,
    boolean ssh,
    Optional<Quantity> homeSize,
    boolean homeRetained) {
  /** Name of its container. */
  public static final String CONTAINER = "workspace";

  /** Where the notebook server listens. */
  public static final int NOTEBOOK_PORT = 8888;

  /** Where VS Code listens: 8080, which it would choose itself, has Ray's metrics. */
  public static final int VSCODE_PORT = 3000;

  /** Where the image of the tools has them, and the workspace, too. */
  public static final String TOOLS = "/opt/sp-ray-tools";

  /** Where its user's files are. The image's own home has the image's Python in it. */
  public static final String HOME = "/home/workspace";

  /** The one of a cluster; empty: it asks for none. */
  public static Optional<Workspace> of(PlatformSpec platform) {
    PlatformWorkspace said = platform == null ? null : platform.workspace();
    if (said == null) {
      return Optional.empty();
    }
    boolean tutorials = isTrue(said.tutorials());
    Workspace workspace =
        new Workspace(
            said.notebook() == null ? tutorials : said.notebook(),
            isTrue(said.vscode()),
            tutorials,
            isTrue(said.ssh()),
            Optional.ofNullable(said.home()).map(PlatformHome::size),
            said.home() != null && isTrue(said.home().retain()));
    return workspace.isNothing() ? Optional.empty() : Optional.of(workspace);
  }

  /**
   * Name of the Secret with its token. No cluster's name has a dot, so that it is never that of
   * another cluster's own token.
   */
  public static String secretName(String cluster) {
    return cluster + ".workspace";
  }

  /** Name of the claim of the volume for its files. */
  public static String claimName(String cluster) {
    return cluster + "-workspace";
  }

  private boolean isNothing() {
    return !hasWayIn() && !tutorials && homeSize.isEmpty() && !homeRetained;
  }

  private boolean hasWayIn() {
    return notebook || vscode || ssh;
  }

  /** What can't be had together, in sentences that say what can. */
  List<String> problems(String at) {
    if (!hasWayIn()) {
      return List.of(
          at
              + ": nothing in it can be opened: ask for notebook: true, vscode: true or ssh: true, or remove it");
    }
    if (homeRetained && homeSize.isEmpty()) {
      return List.of(at + ".home.retain is for a volume: give home.size, or remove it");
    }
    return homeSize
        .filter(size -> !Amounts.isPositive(size))
        .map(size -> List.of("%s.home.size: %s is no amount above zero".formatted(at, size)))
        .orElse(List.of());
  }

  private static boolean isTrue(Boolean said) {
    return Boolean.TRUE.equals(said);
  }
}
