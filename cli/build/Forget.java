import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes an entry out of jars: {@code Forget ENTRY JAR...}. */
public final class Forget {
  public static void main(String[] arguments) throws IOException {
    for (int i = 1; i < arguments.length; i++) {
      try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[i]))) {
        Files.deleteIfExists(jar.getPath(arguments[0]));
      }
    }
  }

  private Forget() {}
}
