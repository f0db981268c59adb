/// Messages on standard error beside the results.
public enum Log {
  /// Tells the user something worth knowing, unless the command is quiet.
  public static func note(_ message: String) {
    let output = StandardError.current
    if !output.isQuiet { output.writeLine("note: " + onOneLine(message)) }
  }
}
