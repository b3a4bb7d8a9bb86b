package dev.spray.cli.term;

/** Colours of a terminal, by what they say. */
public enum Style {
  GOOD("32"),
  WAITING("33"),
  BAD("31"),
  TITLE("1");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  String paint(String text) {
    return "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
