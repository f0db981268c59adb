import NumericKernels

/// Answers of an LLM with the designs of their queries one after the other, as each step of Newton's method reads them.
struct GatheredAnswers {
  private let width: Int
  private var designs: [Double] = []
  private var offsets: [Double] = []
  private var responses: [Double] = []
  private var weights: [Double] = []

  /// Gathers answers to queries of some benchmarks.
  init(_ answers: [GradedAnchor], to benchmarks: [KnownQueries]) {
    width = benchmarks.first?.designs.columns ?? 0
    for answer in answers {
      let known = benchmarks[answer.benchmark]
      designs += known.designs.row(answer.query).lazy.map(Double.init)
      offsets.append(Double(known.offsets[answer.query]))
      responses.append(Double(answer.response))
      weights.append(Double(answer.weight))
    }
  }

  /// Adds the slope and the curvature of the answers' log-likelihood at some abilities; cost n·k².
  func add(at mean: [Double], to system: inout SmallCholesky) {
    for answer in responses.indices {
      let start = answer * width
      var logOdds = offsets[answer]
      for index in 0..<width { logOdds += designs[start + index] * mean[index] }
      let p = FoldIn.probability(logOdds)
      let weight = weights[answer]
      let slope = weight * (responses[answer] - p)
      let curvature = weight * p * (1 - p)
      var place = 0
      for row in 0..<width {
        system.vector[row] += slope * designs[start + row]
        let factor = curvature * designs[start + row]
        for column in 0...row {
          system.factor[place] += factor * designs[start + column]
          place += 1
        }
      }
    }
  }
}
