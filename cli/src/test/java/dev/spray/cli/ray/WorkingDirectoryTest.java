package dev.spray.cli.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spray.cli.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingDirectoryTest {
  @TempDir private Path root;

  @BeforeEach
  void setUp() throws IOException {
    for (String file :
        List.of(
            "train.py",
            "lib/util.py",
            "lib/__pycache__/util.pyc",
            ".git/config",
            ".venv/bin/python",
            "data/large.bin",
            "data/small.csv",
            "lib/data/kept.txt",
            "notes.log",
            "keep.log",
            "deep/er/x.tmp")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), file);
    }
  }

  @Test
  void whatNobodyMeansToSendStaysBehind() throws IOException {
    assertThat(sent())
        .containsExactlyInAnyOrder(
            "train.py",
            "lib/util.py",
            "data/large.bin",
            "data/small.csv",
            "lib/data/kept.txt",
            "notes.log",
            "keep.log",
            "deep/er/x.tmp");
  }

  @Test
  void patternsOfBothFilesAndOfTheCommandLineHold() throws IOException {
    Files.writeString(root.resolve(".gitignore"), "# comment\n*.log\n!keep.log\n/data/*.bin\n");
    Files.writeString(root.resolve(".rayignore"), "deep/**/x.tmp\n");
    Files.writeString(root.resolve("lib/.gitignore"), "data/\n");

    assertThat(sent("small.*"))
        .containsExactlyInAnyOrder(
            ".gitignore", ".rayignore", "lib/.gitignore", "train.py", "lib/util.py", "keep.log");
  }

  /** An unchanged directory is sent once. */
  @Test
  void theNameFollowsFromTheContentAlone() throws IOException {
    String name = packed();
    Files.setLastModifiedTime(
        root.resolve("train.py"), java.nio.file.attribute.FileTime.fromMillis(1_000_000));
    assertThat(packed()).isEqualTo(name).matches("_ray_pkg_[0-9a-f]{16}\\.zip");
    Files.writeString(root.resolve("train.py"), "other");
    assertThat(packed()).isNotEqualTo(name);
  }

  @Test
  void aDirectoryThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new WorkingDirectory(root.resolve("no"), List.of()))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("there is no directory");
  }

  private String packed() throws IOException {
    WorkingDirectory.Packed packed = new WorkingDirectory(root, List.of()).packed();
    Files.delete(packed.file());
    return packed.name();
  }

  private List<String> sent(String... excluded) throws IOException {
    return new WorkingDirectory(root, List.of(excluded))
        .files().stream().map(file -> root.relativize(file).toString()).toList();
  }
}
