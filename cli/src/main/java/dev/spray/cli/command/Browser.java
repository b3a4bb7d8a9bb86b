package dev.spray.cli.command;

import java.io.IOException;
import java.util.List;

/** The person's browser. */
final class Browser {

  /** Shows a page, where there is a browser. */
  static void open(String url) {
    for (String program : List.of("xdg-open", "open", "wslview")) {
      try {
        var _ =
            new ProcessBuilder(program, url)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return;
      } catch (IOException e) {
        // Not on this system; the next one may be.
      }
    }
  }

  private Browser() {}
}
