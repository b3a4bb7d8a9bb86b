package dev.spray.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** The same, so that nobody else on this machine sees the address among the processes. */
  static void openInSecret(String url) throws IOException {
    Path page = Files.createTempFile("sp-ray-", ".html");
    page.toFile().deleteOnExit();
    Files.writeString(
        page, "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=%s\">".formatted(url));
    open(page.toUri().toString());
  }

  private Browser() {}
}
