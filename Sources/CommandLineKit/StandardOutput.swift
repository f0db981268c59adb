/// Where a command prints its results, so that a full disk or a closed pipe is an error and not silence.
///
/// `print` ignores such failures; commands use these functions instead. ``CommandRunner`` flushes at the end.
public enum StandardOutput {
  @TaskLocal static var current = TextOutput.standardOutput

  /// Prints text exactly as it is, such as a rendered table.
  public static func write(_ text: String) throws {
    // On a terminal both streams share the screen.
    if current.isTerminal { StandardError.current.erase() }
    try current.write(text)
  }

  /// Prints text and ends the line.
  public static func writeLine(_ line: String) throws {
    try write(line + "\n")
  }

  /// Lets everything printed so far out, for a reader that waits for it before it answers.
  public static func flush() throws { try current.flush() }
}
