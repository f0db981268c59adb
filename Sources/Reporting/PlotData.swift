/// The data of a figure: blocks that gnuplot chooses by number (`index`).
struct PlotData {
  /// One row: numbers for gnuplot, then words for people.
  struct Row {
    let numbers: [Double?]
    let words: [String]
  }

  /// The whole text so far.
  private(set) var text: String
  private var count = 0

  /// Data whose rows have columns of these names.
  init(columns: [String]) { text = "# " + columns.joined(separator: "\t") + "\n" }

  /// Adds a block of at least one row and gives its number.
  mutating func add(_ rows: [Row]) -> Int {
    precondition(!rows.isEmpty, "an empty block would not count for gnuplot")
    if count > 0 { text += "\n\n" }
    for row in rows {
      // The numbers come first: a line that began with '#' would be a comment.
      let fields = row.numbers.map { $0.map { "\($0)" } ?? "NaN" } + row.words.map(Self.plain)
      text += fields.joined(separator: "\t") + "\n"
    }
    count += 1
    return count - 1
  }

  /// A text without tabs and line breaks.
  static func plain(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }
}
