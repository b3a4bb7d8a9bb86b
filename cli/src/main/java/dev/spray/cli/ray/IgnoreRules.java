package dev.spray.cli.ray;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns of {@code .gitignore} and {@code .rayignore} files: the last one that fits decides. */
final class IgnoreRules {
  /** What Ray's client leaves behind by itself, and nobody means to send. */
  private static final List<String> ALWAYS =
      List.of(
          ".git/",
          ".hg/",
          ".svn/",
          ".venv/",
          "venv/",
          "__pycache__/",
          ".ipynb_checkpoints/",
          ".DS_Store");

  private record Rule(Pattern pattern, boolean directoriesOnly, boolean keeps) {}

  private final Path root;
  private final List<Rule> rules = new ArrayList<>();

  private IgnoreRules(Path root) {
    this.root = root;
  }

  /** Those of a directory, and more. */
  static IgnoreRules of(Path root, List<String> more) throws IOException {
    IgnoreRules rules = new IgnoreRules(root);
    ALWAYS.forEach(line -> rules.add("", line));
    rules.read(root);
    more.forEach(line -> rules.add("", line));
    return rules;
  }

  /** Adds those of a directory below. */
  void read(Path directory) throws IOException {
    for (String name : new String[] {".gitignore", ".rayignore"}) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        String base = relative(directory);
        Files.readAllLines(file).forEach(line -> add(base, line));
      }
    }
  }

  /** Whether a file or directory stays behind. */
  boolean ignored(Path path, boolean directory) {
    String relative = relative(path);
    for (int i = rules.size() - 1; i >= 0; i--) {
      Rule rule = rules.get(i);
      if ((directory || !rule.directoriesOnly()) && rule.pattern().matcher(relative).matches()) {
        return !rule.keeps();
      }
    }
    return false;
  }

  private String relative(Path path) {
    return root.relativize(path).toString().replace('\\', '/');
  }

  private void add(String base, String line) {
    String text = line.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return;
    }
    boolean keeps = text.startsWith("!");
    text = keeps ? text.substring(1) : text;
    boolean directoriesOnly = text.endsWith("/");
    text = directoriesOnly ? text.substring(0, text.length() - 1) : text;
    boolean anchored = text.contains("/");
    text = text.startsWith("/") ? text.substring(1) : text;
    String prefix = base.isEmpty() ? "" : Pattern.quote(base + "/");
    rules.add(
        new Rule(
            Pattern.compile(prefix + (anchored ? "" : "(.*/)?") + expression(text)),
            directoriesOnly,
            keeps));
  }

  private static String expression(String glob) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        expression.append("(.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        expression.append(".*");
        i++;
      } else if (c == '*') {
        expression.append("[^/]*");
      } else if (c == '?') {
        expression.append("[^/]");
      } else if (c == '[' && glob.indexOf(']', i + 1) > 0) {
        int end = glob.indexOf(']', i + 1);
        expression
            .append('[')
            .append(glob.substring(i + 1, end).replaceFirst("^!", "^"))
            .append(']');
        i = end;
      } else {
        expression.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }
}
