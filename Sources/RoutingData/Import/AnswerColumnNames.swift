import FileFormats

/// What the columns of a table of answers, or the keys of its JSON Lines, are called; nil for the usual name.
public struct AnswerColumnNames: Equatable, Sendable {
  /// The query's id.
  public var query: String?
  /// The LLM's name.
  public var llm: String?
  /// The grade.
  public var score: String?
  /// The query's benchmark; another column's meaning may be the same column, such as that of the sub-scenario.
  public var benchmark: String?
  /// The query's sub-scenario.
  public var subscenario: String?
  /// The query's part of the split.
  public var split: String?
  /// The query's text.
  public var prompt: String?
  /// What the answer cost.
  public var cost: String?
  /// The ending of the columns of a wide table that hold costs: `LLM` and it, beside the column `LLM`; nil for none.
  public var costSuffix: String?

  /// The usual names.
  public init() {}

  /// The meanings, their usual names and the chosen ones.
  private var all: [(title: String, chosen: String?)] {
    [
      ("query", query), ("llm", llm), ("score", score), ("benchmark", benchmark),
      ("subscenario", subscenario),
      ("split", split), ("prompt", prompt), ("cost", cost),
    ]
  }

  /// Two meanings that one column was chosen for; a benchmark may share its column with a sub-scenario.
  public var clash: (column: String, first: String, second: String)? {
    let chosen = all.filter { $0.chosen != nil }
    for (place, one) in chosen.enumerated() {
      for other in chosen[(place + 1)...] where Name(one.chosen ?? "") == Name(other.chosen ?? "") {
        if (one.title, other.title) == ("benchmark", "subscenario") { continue }
        return (one.chosen ?? "", one.title, other.title)
      }
    }
    return nil
  }
}
