package dev.spray.operator.cluster;

import java.util.Optional;

/**
 * Tells whether a text is one word of a shell. {@code rayStartParams} are written into a command
 * line as they are, so that {@code $NAME} is the container's environment variable and quotes keep
 * JSON together; anything more would be a second command, or half of one.
 */
final class ShellWord {
  private static final String OPERATORS = ";&|<>()";
  private static final String SUBSTITUTION =
      "no command is run for a value: write the value itself, or $NAME of an environment variable";

  private final String text;
  private int at;

  /** Whether braces stand outside of quotes, other than those of a variable. */
  private boolean braces;

  private ShellWord(String text) {
    this.text = text;
  }

  /** What is wrong with a text, and what to do; empty when it is one word. */
  static Optional<String> complaint(String text) {
    return new ShellWord(withoutBlanksAtEnd(text)).complaint();
  }

  /** They end the word and nothing else; a line break would end the command. */
  private static String withoutBlanksAtEnd(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    return text.substring(0, end);
  }

  private Optional<String> complaint() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '`' || (c == '$' && follows('('))) {
        return Optional.of(SUBSTITUTION);
      }
      if (c == '$' && (follows('\'') || follows('"'))) {
        return Optional.of("quotes must not follow a $: remove the $");
      }
      if (c == '\n' || c == '\r') {
        return Optional.of(
            "the shell would end the command there: put it into single quotes, or remove the line"
                + " break");
      }
      if (OPERATORS.indexOf(c) >= 0) {
        return Optional.of("the shell would end the command there: put it into single quotes");
      }
      if (Character.isWhitespace(c)) {
        return Optional.of("the shell would take it for several words: put it into single quotes");
      }
      Optional<String> inside =
          switch (c) {
            case '\\' -> escaped();
            case '\'' -> singleQuoted();
            case '"' -> doubleQuoted();
            case '$' -> variable();
            case '{' -> brace();
            default -> Optional.empty();
          };
      if (inside.isPresent()) {
        return inside;
      }
    }
    return braces
        ? Optional.of("the shell would take apart what is in braces: put it into single quotes")
        : Optional.empty();
  }

  private Optional<String> variable() {
    if (follows('{')) {
      at++;
    }
    return Optional.empty();
  }

  /** Nothing in braces is left alone. */
  private Optional<String> brace() {
    braces |= !follows('}');
    return Optional.empty();
  }

  private boolean follows(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private Optional<String> escaped() {
    return at++ < text.length()
        ? Optional.empty()
        : Optional.of("nothing follows its last backslash: remove it");
  }

  private Optional<String> singleQuoted() {
    int end = text.indexOf('\'', at);
    at = end + 1;
    return end < 0 ? Optional.of("a single quote isn't closed: close it") : Optional.empty();
  }

  private Optional<String> doubleQuoted() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return Optional.empty();
      }
      if (c == '`' || (c == '$' && follows('('))) {
        return Optional.of(SUBSTITUTION);
      }
      if (c == '\\') {
        at++;
      }
    }
    return Optional.of("a double quote isn't closed: close it");
  }
}
