import Evaluation
import RoutingData

/// The mark of cells with too few queries to tell routers apart, and what it says.
enum ThinCells {
  /// What stands behind the name of such a cell, or of a picture's panel that shows one.
  static let mark = " †"

  /// The mark, if a cell needs it.
  static func mark(_ isThin: Bool) -> String { isThin ? mark : "" }

  /// What the mark says, with the cells of some that have it; nil where none has.
  static func note(_ cells: [CellResult]) -> String? {
    let thin = cells.filter(\.hasTooFewQueries)
    guard !thin.isEmpty else { return nil }
    let names = thin.map {
      "\($0.benchmark) m = \($0.size) \($0.group.words) (\($0.queryCount) of \($0.partCount))"
    }
    let shown = names.count > 12 ? names.prefix(11) + ["\(names.count - 11) more"] : names[...]
    return "† Fewer than \(CellResult.enoughQueries) queries are measured, too few to tell routers apart: "
      + shown.joined(separator: ", ") + "."
  }

  /// A caption with what the mark says of the cells that a picture shows.
  static func caption(_ caption: String, _ cells: [CellResult]) -> String {
    note(cells).map { "\(caption) \($0)" } ?? caption
  }
}
