/// A table as a plain value: a title, columns, rows of text and notes.
///
/// It is rendered as CSV, Markdown, LaTeX and HTML by the extensions beside this file.
public struct ReportTable: Equatable, Sendable {
  /// A column's titles and what its cells are.
  public struct Column: Equatable, Sendable {
    /// Its title.
    public let title: String
    /// The title that it shares with its neighbours, such as a benchmark's name; nil where it has none.
    public let group: String?
    /// Whether its cells are numbers, which keep to the right.
    public let isNumber: Bool
    /// Whether its cells have intervals.
    public let hasInterval: Bool

    /// A column of words.
    public static func text(_ title: String) -> Column {
      Column(title: title, group: nil, isNumber: false, hasInterval: false)
    }

    /// A column of numbers.
    public static func number(_ title: String, in group: String? = nil, interval: Bool = false) -> Column {
      Column(title: title, group: group, isNumber: true, hasInterval: interval)
    }

    /// Both titles as one.
    var wholeTitle: String { group.map { "\($0) \(title)" } ?? title }
  }

  /// One cell: a text and, for a measured number, the ends of its interval.
  public struct Cell: Equatable, Sendable, ExpressibleByStringLiteral {
    /// What it says.
    public let text: String
    /// The lower end of the interval.
    public let low: String?
    /// The upper end of the interval; nil where `low` is.
    public let high: String?

    /// A cell from its parts; an interval has both ends or none.
    public init(_ text: String, low: String? = nil, high: String? = nil) {
      self.text = text
      self.low = low
      self.high = high
    }

    /// A cell of a literal text.
    public init(stringLiteral value: String) { self.init(value) }

    /// `[low, high]`; nil without an interval.
    var interval: String? {
      guard let low, let high else { return nil }
      return "[\(low), \(high)]"
    }

    /// The text and its interval.
    var whole: String { interval.map { "\(text) \($0)" } ?? text }
  }

  /// One row.
  public struct Row: Equatable, Sendable {
    /// A cell for each column.
    public let cells: [Cell]
    /// Whether the row quotes figures from elsewhere, which are set apart from ours.
    public let isQuoted: Bool
    /// Whether a rule stands above the row.
    public let startsSection: Bool

    /// A row from its parts.
    public init(_ cells: [Cell], isQuoted: Bool = false, startsSection: Bool = false) {
      self.cells = cells
      self.isQuoted = isQuoted
      self.startsSection = startsSection
    }
  }

  /// The name of its files, without an ending.
  public let name: String
  /// What it shows, as one line.
  public let title: String
  /// The columns; those of one group stand together.
  public let columns: [Column]
  /// The rows.
  public let rows: [Row]
  /// What a reader must know to read it, a sentence each.
  public let notes: [String]

  /// A table; every row has a cell for every column.
  public init(name: String, title: String, columns: [Column], rows: [Row], notes: [String] = []) {
    precondition(
      rows.allSatisfy { $0.cells.count == columns.count }, "table '\(name)' has rows of another length")
    self.name = name
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// The runs of neighbouring columns with the same group, in order.
  var columnGroups: [(group: String?, count: Int)] {
    var groups: [(group: String?, count: Int)] = []
    for column in columns {
      if let last = groups.last, last.group == column.group {
        groups[groups.count - 1].count += 1
      } else {
        groups.append((column.group, 1))
      }
    }
    return groups
  }

  /// Whether any column has a group.
  var hasGroups: Bool { columns.contains { $0.group != nil } }
}
