/// A table for a terminal: a header, a rule, and rows in aligned columns.
///
/// A character counts as one column, so μ and – line up; wide East Asian characters would not.
public struct TextTable: Sendable {
  /// A column's title and the side its cells keep to.
  public struct Column: Sendable {
    let title: String
    let isRight: Bool

    /// A column for text.
    public static func left(_ title: String) -> Column { Column(title: title, isRight: false) }

    /// A column for numbers.
    public static func right(_ title: String) -> Column { Column(title: title, isRight: true) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// A table without rows.
  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row with a cell for every column.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
    rows.append(cells.map(onOneLine))
  }

  /// The whole table; every line ends with a line break and none with a space.
  public func render() -> String {
    let titles = columns.map(\.title)
    let widths = columns.indices.map { index in ([titles] + rows).map { $0[index].count }.max() ?? 0 }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([titles, rule] + rows).map { line($0, widths) + "\n" }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = columns.indices.map { index in
      let space = String(repeating: " ", count: widths[index] - cells[index].count)
      return columns[index].isRight ? space + cells[index] : cells[index] + space
    }
    var line = padded.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}
