package dev.spray.cli.ray;

import dev.spray.cli.failure.ErrorCode;
import dev.spray.cli.failure.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A directory that a job runs in, packed as Ray's own client does: what {@code .gitignore} and
 * {@code .rayignore} name stays behind, and so do virtual environments and version control.
 */
public final class WorkingDirectory {
  /** Ray takes no larger package. */
  private static final long LARGEST = 500L << 20;

  private static final int NAME_DIGITS = 16;

  private final Path root;
  private final List<String> excluded;

  /**
   * One.
   *
   * @param excluded patterns as in {@code .gitignore}, beside those of the files
   */
  public WorkingDirectory(Path root, List<String> excluded) {
    if (!Files.isDirectory(root)) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "there is no directory " + root);
    }
    this.root = root.toAbsolutePath().normalize();
    this.excluded = List.copyOf(excluded);
  }

  /**
   * The directory as a file.
   *
   * @param name follows from the content, so that an unchanged one is sent once
   */
  record Packed(Path file, String name) {}

  Packed packed() throws IOException {
    Path zip = Files.createTempFile("sp-ray-", ".zip");
    // Ctrl-C may come before it is sent.
    zip.toFile().deleteOnExit();
    MessageDigest digest = digest();
    try (OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(zip));
        ZipOutputStream out = new ZipOutputStream(new DigestOutputStream(bytes, digest))) {
      for (Path file : files()) {
        ZipEntry entry = new ZipEntry(root.relativize(file).toString().replace('\\', '/'));
        // The same content is the same package, whenever it was written.
        entry.setLastModifiedTime(FileTime.fromMillis(315_619_200_000L));
        out.putNextEntry(entry);
        Files.copy(file, out);
      }
    }
    if (Files.size(zip) > LARGEST) {
      Files.delete(zip);
      throw new Failure(
              ErrorCode.INVALID_CONFIG, root + " is larger than the 500 MiB that Ray takes")
          .suggesting("name what the job doesn't need in .rayignore");
    }
    return new Packed(
        zip,
        "_ray_pkg_" + HexFormat.of().formatHex(digest.digest()).substring(0, NAME_DIGITS) + ".zip");
  }

  /** The files that are packed, in the order of their names. */
  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    IgnoreRules rules = IgnoreRules.of(root, excluded);
    var _ =
        Files.walkFileTree(
            root,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(
                  Path directory, BasicFileAttributes attributes) throws IOException {
                if (directory.equals(root)) {
                  return FileVisitResult.CONTINUE;
                }
                if (rules.ignored(directory, true)) {
                  return FileVisitResult.SKIP_SUBTREE;
                }
                rules.read(directory);
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (Files.isRegularFile(file) && !rules.ignored(file, false)) {
                  files.add(file);
                }
                return FileVisitResult.CONTINUE;
              }
            });
    Collections.sort(files);
    return files;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
