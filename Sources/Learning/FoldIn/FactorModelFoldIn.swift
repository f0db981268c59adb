import FileFormats
import NumericKernels
import Routing
import RoutingData

extension FactorModel: FoldsIn {
  /// This model with one LLM more, whose abilities are the posterior mean given its answers.
  ///
  /// It must have factors of its own for the queries, as factorizations have. Cost n·k² a Newton step.
  public func adding(llm: String, anchors: [Observations]) throws -> FactorModel {
    let fold = try foldIn()
    let abilities = try fold.posterior(of: try answers(anchors, among: fold.benchmarks))
    return try adding(llm: llm, abilities: abilities)
  }

  /// What learns the abilities of a new LLM for this model.
  ///
  /// - Throws: `DataError` for a model without factors of queries; `NumericalError` for LLMs that are all the same.
  public func foldIn(breadth: Abilities.Breadth = Abilities.Breadth()) throws -> FoldIn {
    guard !queries.isEmpty else {
      throw DataError(
        "router '\(name)' has no factors of queries, so an LLM can't be placed by its answers: train mirt or another "
          + "factorization")
    }
    return try FoldIn(KnownQueries.of(self), prior: Abilities(priorOf: self, breadth: breadth))
  }

  /// Answers by their places among the model's queries.
  ///
  /// - Throws: `DataError` for a query that the model has no factors of, or one that is answered twice.
  public func answers(
    _ anchors: [Observations], among benchmarks: [KnownQueries]
  ) throws(DataError) -> [GradedAnchor] {
    var seen: Set<[Int]> = []
    var result: [GradedAnchor] = []
    for part in anchors {
      guard let name = part.queries.benchmark, let rows = part.queries.rows,
        let benchmark = benchmarks.firstIndex(where: { Name($0.benchmark) == Name(name) })
      else {
        throw DataError(
          "router '\(self.name)': answers to queries of "
            + (part.queries.benchmark.map { "benchmark '\($0)'" } ?? "no benchmark") + "; it knows "
            + benchmarks.map(\.benchmark).joined(separator: ", "))
      }
      let responses = ResponseMatrix(part.cells)
      precondition(responses.llmCount == 1, "answers of \(responses.llmCount) LLMs")
      for (index, row) in rows.enumerated() {
        guard let response = responses[index, 0] else { continue }
        guard let query = benchmarks[benchmark].place(ofRow: row) else {
          throw DataError(
            "router '\(self.name)': query \(row) of benchmark '\(name)' is no query that it was trained on")
        }
        guard seen.insert([benchmark, query]).inserted else {
          throw DataError("query \(row) of benchmark '\(name)' is answered twice")
        }
        let weight = part.cells.weights?[index, 0] ?? 1
        if weight > 0 {
          result.append(
            GradedAnchor(benchmark: benchmark, query: query, response: response, weight: weight))
        }
      }
    }
    return result
  }

  /// This model with one LLM more of known abilities.
  ///
  /// - Throws: `DataError` for a name that it knows already.
  public func adding(llm: String, abilities: Abilities) throws(DataError) -> FactorModel {
    guard !identity.llms.containsName(llm) else {
      throw DataError(
        "router '\(name)' knows LLM '\(llm)' already: give the new one another name, or remove that one first"
      )
    }
    let k = llmFactors.columns
    precondition(abilities.mean.count == k + 1, "\(abilities.mean.count) abilities for \(k) factors")
    let values = abilities.mean.map { Float($0) }
    let errors = (0...k).map { Float(max(abilities.variance(of: $0), 0).squareRoot()) }
    return try FactorModel(
      RouterIdentity(
        name: identity.name, encoder: identity.encoder, llms: identity.llms + [llm],
        standard: identity.standard),
      llmFactors: .stacked([llmFactors, Matrix([Array(values[0..<k])])]),
      llmBiases: llmBiases + [values[k]],
      benchmarkBiases: benchmarkBiases.mapValues { $0 + [$0.reduce(0, +) / Float($0.count)] },
      llmStandardErrors: llmStandardErrors.map { .stacked([$0, Matrix([errors])]) },
      queries: queries, newLLM: newLLM, queryEncoder: queryEncoder, calibration: calibration,
      caution: caution?.adding(standardError: errors[k]))
  }

  /// This model without some LLMs; names that it does not know change nothing.
  ///
  /// - Throws: `DataError` where none would be left.
  public func removing(llms: [String]) throws(DataError) -> FactorModel {
    let gone = Set(llms.map { Name($0) })
    let kept = identity.llms.indices.filter { !gone.contains(Name(identity.llms[$0])) }
    guard !kept.isEmpty else { throw DataError("router '\(name)' would know no LLM") }
    return try FactorModel(
      RouterIdentity(
        name: identity.name, encoder: identity.encoder, llms: kept.map { identity.llms[$0] },
        standard: identity.standard),
      llmFactors: llmFactors.selecting(rows: kept), llmBiases: kept.map { llmBiases[$0] },
      benchmarkBiases: benchmarkBiases.mapValues { biases in kept.map { biases[$0] } },
      llmStandardErrors: llmStandardErrors?.selecting(rows: kept), queries: queries, newLLM: newLLM,
      queryEncoder: queryEncoder, calibration: calibration)
  }
}
