/// A picture as gnuplot draws it: its data and its script, which are kept beside it so that it can be
/// restyled.
public struct Figure: Equatable, Sendable {
  /// The name of its files, without an ending.
  public let name: String
  /// What it shows, as one line.
  public let title: String
  /// What a reader must know to read it.
  public let caption: String
  /// The text of its `.tsv`: blocks of rows that two blank lines separate, `#` before what is no data.
  public let data: String
  /// The text of its `.gp`, which reads the data and `style.gp` and writes the `.svg` and the `.png`.
  public let script: String
}
