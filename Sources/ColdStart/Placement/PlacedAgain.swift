import FileFormats
import Learning
import RoutingData

extension TrainedQueries {
  /// The same with the model as it was before some LLMs were placed; names that it does not know change nothing.
  ///
  /// Whoever is placed again then is placed as the first time, by all of its answers.
  ///
  /// - Throws: `DataError` for an LLM that was not placed but trained.
  public func forgetting(_ llms: [String]) throws -> TrainedQueries {
    let index = NameIndex(model.identity.llms)
    let known = llms.filter { index.contains($0) }
    guard !known.isEmpty else { return self }
    for llm in known where isTrained(llm) { throw DataError(Self.trained(llm)) }
    return try TrainedQueries(model: model.removing(llms: known), record: record, dataset: dataset)
  }

  /// Looks whether LLMs are new to the model.
  ///
  /// - Throws: `DataError` for one that is not, saying what can be done: it may have been placed before or trained.
  public func requireNew(_ llms: [String]) throws(DataError) {
    let index = NameIndex(model.identity.llms)
    guard let llm = llms.first(where: { index.contains($0) }) else { return }
    throw DataError(
      isTrained(llm)
        ? Self.trained(llm)
        : "the model knows LLM '\(llm)' already, it was placed: give all its answers, old and new, with --update to place it "
          + "anew, or another --name")
  }

  private static func trained(_ llm: String) -> String {
    "the model knows LLM '\(llm)' already, it was trained on its answers in the dataset: add the new answers there and "
      + "train again, or give another --name"
  }

  /// Whether the model learned an LLM from its answers in the dataset.
  private func isTrained(_ llm: String) -> Bool {
    benchmarks.indices.contains { place in
      let columns = benchmarks[place].llms
      guard let column = columns.firstIndex(where: { Name(dataset.catalog.names[$0]) == Name(llm) }) else {
        return false
      }
      return ResponseMatrix(knownAnswers(of: place)).llmMeans()[column] != nil
    }
  }
}
