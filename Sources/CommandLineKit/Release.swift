/// The release of the project.
public enum Release {
  /// What `--version` prints after a command's name.
  public static let version = "0.2.0"
}
