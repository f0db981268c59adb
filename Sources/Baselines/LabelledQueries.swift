import Learning
import NumericKernels
import Routing
import RoutingData

/// The train queries of all blocks one after the other, with the responses and labels of all LLMs of the data.
struct LabelledQueries: Sendable {
  /// What a router looks at, n × d.
  let inputs: Matrix
  /// The responses, n × m, each in [0, 1]; NaN where one is missing.
  let responses: Matrix
  /// The selection vectors, n × m, each 0 or 1; NaN where the response is missing.
  let labels: Matrix
  /// How much each cell counts, n × m, 0 where the response is missing; nil where all count 1.
  let weights: Matrix?

  /// Gathers the train part of some data with inputs of each block; cost: one pass over n × m.
  init(_ data: TrainingData, inputs: [Matrix]) {
    let places = Dictionary(data.llms.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    var responses: [Matrix] = []
    var labels: [Matrix] = []
    var weights: [Matrix] = []
    let isWeighted = data.blocks.contains { $0.train.cells.weights != nil }
    for block in data.blocks {
      let own = ResponseMatrix(block.train.cells)
      let dense = own.dense()
      let selected = SelectionVectors.labels(dense, isBinary: own.isBinary)
      let weight =
        block.train.cells.weights(rows: 0..<dense.rows)
        ?? Matrix(rows: isWeighted ? dense.rows : 0, columns: dense.columns, repeating: 1)
      guard block.llms != data.llms else {
        responses.append(dense)
        labels.append(selected)
        weights.append(weight)
        continue
      }
      // An LLM that never saw the benchmark has no response to it.
      let columns = block.llms.compactMap { places[$0] }
      var all = Matrix(rows: dense.rows, columns: data.llms.count, repeating: .nan)
      all.replaceColumns(columns, with: dense)
      responses.append(all)
      all.replaceColumns(columns, with: selected)
      labels.append(all)
      guard isWeighted else { continue }
      all = Matrix(rows: dense.rows, columns: data.llms.count)
      all.replaceColumns(columns, with: weight)
      weights.append(all)
    }
    self.inputs = Self.joined(inputs)
    self.responses = Self.joined(responses)
    self.labels = Self.joined(labels)
    self.weights = isWeighted ? Self.joined(weights) : nil
  }

  private static func joined(_ parts: [Matrix]) -> Matrix { parts.count == 1 ? parts[0] : .stacked(parts) }
}

extension QueryBatch {
  /// Throws unless there are queries to learn from, with finite embeddings.
  func requireTrainable(by router: String) throws(DataError) {
    guard count > 0 else {
      throw DataError(
        "router '\(router)': there are no train queries" + (benchmark.map { " of benchmark '\($0)'" } ?? ""))
    }
    guard embeddings.columns > 0 else {
      throw DataError("router '\(router)': the queries have no embeddings, which it learns from")
    }
    try require(encoder: nil, dimensions: embeddings.columns, by: router)
  }
}
