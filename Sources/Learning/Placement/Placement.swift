import NumericKernels

/// Places LLMs among those of a model by a few graded answers: their abilities, and their accuracy on each benchmark.
///
/// The accuracy is that of all queries that the model knows: the answered ones count with their grades, the others with
/// what is expected, (Σ y + Σ p)/N. Its variance is gᵀ·Σ·g + φ·Σ p(1 − p)/N²: what is not known of the LLM, with
/// g = Σ p(1 − p)·d/N over the queries left, at the mean abilities, and the chance of each of those answers.
public struct Placement: Sendable {
  /// From answers to abilities.
  public let fold: FoldIn
  private let predictions: [PredictedResponses]

  /// A placement by a fold-in.
  public init(_ fold: FoldIn) {
    self.fold = fold
    predictions = fold.benchmarks.map(PredictedResponses.init)
  }

  private init(_ fold: FoldIn, predictions: [PredictedResponses]) {
    self.fold = fold
    self.predictions = predictions
  }

  /// The same for LLMs of which something else is known beforehand.
  ///
  /// - Throws: `NumericalError.notPositiveDefinite` for a prior without variance.
  public func with(prior: Abilities) throws(NumericalError) -> Placement {
    Placement(try FoldIn(fold.benchmarks, prior: prior), predictions: predictions)
  }

  /// A placed LLM.
  public struct Placed: Sendable {
    /// Its abilities given its answers.
    public let abilities: Abilities
    /// How much its answers scatter about them, see `FoldIn.dispersion`.
    public let dispersion: Double
    /// Its accuracy on each benchmark, in the order of the fold-in's.
    public let accuracies: [AccuracyEstimate]
  }

  /// Places one LLM.
  ///
  /// - Throws: `NumericalError` where numbers overflow.
  public func placed(_ answers: [GradedAnchor]) throws(NumericalError) -> Placed {
    let llms: [[GradedAnchor]] = [answers]
    return try placed(llms)[0]
  }

  /// Places some LLMs, each by its own answers; cost N·(k + 1)(k + 3) operations for each.
  ///
  /// - Throws: `NumericalError` where numbers overflow.
  public func placed(_ llms: [[GradedAnchor]]) throws(NumericalError) -> [Placed] {
    let blocks = Parallel.blocks(of: llms.count, size: PredictedResponses.blockSize)
    let parts = Parallel.map(blocks.count) { index in
      Result { () throws(NumericalError) -> [Placed] in try block(llms[blocks[index]]) }
    }
    var all: [Placed] = []
    for part in parts { all += try part.get() }
    return all
  }

  private func block(_ llms: ArraySlice<[GradedAnchor]>) throws(NumericalError) -> [Placed] {
    var abilities: [Abilities] = []
    for answers in llms { abilities.append(try fold.posterior(of: answers)) }
    let dispersions = zip(llms, abilities).map { fold.dispersion(of: $0, at: $1.mean) }
    let byBenchmark = fold.benchmarks.indices.map { benchmark in
      accuracies(
        on: benchmark, of: abilities, answers: llms.map { own in own.filter { $0.benchmark == benchmark } },
        dispersions: dispersions)
    }
    return abilities.indices.map { llm in
      Placed(
        abilities: abilities[llm], dispersion: dispersions[llm], accuracies: byBenchmark.map { $0[llm] })
    }
  }

  private func accuracies(
    on benchmark: Int, of abilities: [Abilities], answers: [[GradedAnchor]], dispersions: [Double]
  ) -> [AccuracyEstimate] {
    let known = fold.benchmarks[benchmark]
    let expected = predictions[benchmark].probabilities(of: abilities)
    var (sums, spreads) = (
      [Double](repeating: 0, count: abilities.count), [Double](repeating: 0, count: abilities.count)
    )
    var left = expected
    for (llm, own) in answers.enumerated() {
      for answer in own { left[answer.query, llm] = .nan }
    }
    var chances = predictions[benchmark].slopes(of: abilities)
    for query in 0..<known.count {
      for llm in abilities.indices {
        let p = left[query, llm]
        guard !p.isNaN else {
          chances[query, llm] = 0
          continue
        }
        sums[llm] += Double(p)
        spreads[llm] += Double(p * (1 - p))
      }
    }
    let slopes = BLAS.multiply(chances, .transposed, known.designs, .asStored)
    let count = Double(known.count)
    return abilities.indices.map { llm in
      let good = answers[llm].reduce(0.0) { $0 + Double($1.response) }
      let slope = slopes.row(llm).map { Double($0) / count }
      let variance =
        abilities[llm].variance(along: slope) + dispersions[llm] * spreads[llm] / (count * count)
      let open = count - Double(answers[llm].count)
      return AccuracyEstimate(
        benchmark: known.benchmark, queries: known.count, answered: answers[llm].count,
        mean: (good + sums[llm]) / count, deviation: max(variance, 0).squareRoot(), least: good / count,
        most: (good + open) / count)
    }
  }

  /// p(1 − p) of some LLMs on a benchmark's queries, at the means of their abilities, n × LLMs.
  package func slopes(of llms: [Abilities], on benchmark: Int) -> Matrix {
    predictions[benchmark].slopes(of: llms)
  }

  /// The probabilities of good answers of some LLMs to a benchmark's queries, n × LLMs.
  package func probabilities(of llms: [Abilities], on benchmark: Int) -> Matrix {
    predictions[benchmark].probabilities(of: llms)
  }
}
