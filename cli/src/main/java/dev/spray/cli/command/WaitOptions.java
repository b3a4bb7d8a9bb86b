package dev.spray.cli.command;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Health;
import dev.spray.cli.kube.Waiting;
import dev.spray.cli.term.Progress;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How long a command waits for what it began. */
final class WaitOptions {
  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "How long to wait, for example 90s, 15m, 2h (default: ${DEFAULT-VALUE}).")
  private String timeout;

  @Option(
      names = "--node-timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = {
        "How long a pod that no node has room for may wait while nobody adds nodes",
        "(default: ${DEFAULT-VALUE})."
      })
  private String nodes;

  @Option(names = "--operator-timeout", hidden = true, defaultValue = "30s")
  private String operator;

  /** A wait that tells how it goes. */
  Waiting waiting(Action action, Cluster cluster) {
    return new Waiting(
        action.session(),
        new Progress(action.terminal(), cluster.name()),
        duration(timeout),
        new Health.Patience(duration(operator), duration(nodes)));
  }

  /** For example {@code 90s}, {@code 1h30m}, {@code 2d}. */
  static Duration duration(String text) {
    String spelled = text.strip().toUpperCase(Locale.ROOT);
    int day = spelled.indexOf('D');
    String days = day < 0 ? "" : spelled.substring(0, day + 1);
    String rest = day < 0 ? spelled : spelled.substring(day + 1);
    try {
      return Duration.parse("P" + days + (rest.isEmpty() ? "" : "T" + rest));
    } catch (DateTimeParseException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "'" + text + "' is no duration")
          .suggesting("write it as 90s, 15m, 2h or 1d");
    }
  }
}
