/// Which of two answers of an LLM to a query counts, with its cost, where a dataset and what is merged into it contradict each other.
public enum MergeRule: String, CaseIterable, Sendable {
  /// Neither: the merge is refused.
  case error
  /// The dataset's.
  case keep
  /// The one that is merged into it.
  case replace
}

/// What a merge added to a dataset.
public struct MergeSummary: Equatable, Sendable {
  /// The number of benchmarks that were not there.
  public internal(set) var benchmarks = 0
  /// The number of LLMs that were not in the catalogue.
  public internal(set) var llms = 0
  /// The number of queries that were not there.
  public internal(set) var queries = 0
  /// The number of answers that were not there.
  public internal(set) var answers = 0
  /// The number of answers that were there already and are the same.
  public internal(set) var agreeing = 0
  /// The number of answers that were there already and are others.
  public internal(set) var contradicting = 0
  /// The first of them, in words.
  public internal(set) var firstContradiction: String?
  /// Whether texts, embeddings, pools, costs or facts of LLMs were added to what is there.
  public internal(set) var hasMore = false
  /// What the user should know, one line each.
  public internal(set) var notes: [String] = []

  /// Whether the dataset is as it was.
  public func changesNothing(by rule: MergeRule) -> Bool {
    benchmarks + llms + queries + answers == 0 && !hasMore && (contradicting == 0 || rule != .replace)
  }

  mutating func contradict(_ text: @autoclosure () -> String) {
    contradicting += 1
    if firstContradiction == nil { firstContradiction = text() }
  }
}
