/// What an experiment keeps from the model, to place it afterwards.
public enum HoldOut: String, CaseIterable, Codable, Sendable {
  /// Whole families of LLMs with their near copies.
  case family
  /// The LLMs of the highest quarter of accuracy.
  case frontier
  /// Single LLMs with their near copies: relatives stay known.
  case llm
  /// Whole benchmarks.
  case benchmark
  /// Whole sub-scenarios of a benchmark.
  case subscenario
  /// Queries.
  case query

  /// Whether LLMs are kept, not queries.
  public var isOfLLMs: Bool {
    switch self {
    case .family, .frontier, .llm: return true
    case .benchmark, .subscenario, .query: return false
    }
  }
}
