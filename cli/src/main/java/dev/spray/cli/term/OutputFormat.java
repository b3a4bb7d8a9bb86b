package dev.spray.cli.term;

/** How a command prints what it found. */
public enum OutputFormat {
  table,
  wide,
  json,
  yaml,
  name;

  /** Whether whole objects are printed. */
  public boolean structured() {
    return this == json || this == yaml;
  }

  /** How whole objects are printed where nothing else makes sense. */
  public OutputFormat ofDocuments() {
    return this == json ? json : yaml;
  }
}
