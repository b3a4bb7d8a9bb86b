package dev.spray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spray.cli.kube.Cluster;
import dev.spray.cli.kube.Manifests;
import dev.spray.cli.term.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Output that is compared with a file; {@code -Dgolden.write=true} writes the files anew. */
public final class Golden {
  /** The moment of all of them. */
  public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static final Path DIRECTORY = Path.of("src/test/resources/golden");

  /** Where output goes. */
  public enum Where {
    TERMINAL,
    PIPE,
    NO_COLOR,
    NARROW
  }

  /** The clusters of {@code clusters.yaml}. */
  public static List<Cluster> clusters() {
    return Manifests.read(
            DIRECTORY.resolve("clusters.yaml").toString(), InputStream.nullInputStream())
        .stream()
        .map(Cluster::new)
        .toList();
  }

  /** A terminal of a kind that writes down what it gets. */
  public static Terminal terminal(Where where, StringWriter out, StringWriter err) {
    boolean person = where != Where.PIPE;
    return new Terminal(
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        InputStream.nullInputStream(),
        person,
        person,
        person,
        where != Where.NO_COLOR,
        where == Where.NARROW ? 80 : person ? 200 : Terminal.ENDLESS);
  }

  /** Compares what is printed. */
  public static void check(String name, Where where, Consumer<Terminal> prints) {
    StringWriter out = new StringWriter();
    prints.accept(terminal(where, out, out));
    String readable = out.toString().replace('\u001b', '␛');
    Path file =
        DIRECTORY.resolve(name + "." + where.name().toLowerCase(java.util.Locale.ROOT) + ".txt");
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.writeString(file, readable);
      }
      assertThat(readable).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Golden() {}
}
