/// The mean responses of some LLMs over the train queries they answered, and the best of them.
public struct TrainMeans: Equatable, Sendable {
  /// The mean of each LLM, in the order asked for; nil for one that answered no train query.
  public let values: [Double?]
  /// The position of the LLM with the highest mean; nil where none answered a train query.
  ///
  /// Equal means go to the smaller column, so that the choice does not depend on the order asked for.
  public let best: Int?

  /// The positions from the best mean to the worst, then those without one; equals by column, which are those asked for.
  package func order(of columns: [Int]) -> [Int] {
    values.indices.sorted { left, right in
      (values[right] ?? -1, columns[left]) < (values[left] ?? -1, columns[right])
    }
  }
}

extension Benchmark {
  /// The train means of some LLMs, given as columns of the responses.
  ///
  /// Cost: one pass over queries × LLMs asked for.
  public func trainMeans(of llms: [Int]) -> TrainMeans {
    let train = responses.selecting(llms: llms).selecting(queries: split.queries(in: .train))
    let values = train.llmMeans()
    let answered = values.indices.filter { values[$0] != nil }
    let best = answered.max { left, right in
      (values[left] ?? 0, llms[right]) < (values[right] ?? 0, llms[left])
    }
    return TrainMeans(values: values, best: best)
  }
}
