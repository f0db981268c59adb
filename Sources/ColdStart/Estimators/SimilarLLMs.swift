import Learning

/// The mean accuracy of the known LLMs whose answers to the anchors are most alike.
enum SimilarLLMs {
  private static let neighbours = 5

  static func estimate(_ answers: [GradedAnchor], _ known: KnownBenchmark) -> EstimatedAccuracy {
    let distances = (0..<known.table.rows).map { llm -> (Float, Int) in
      var sum: Float = 0
      for answer in answers { sum += abs(known.table[llm, answer.query] - answer.response) }
      return (sum, llm)
    }
    let nearest = distances.sorted { $0 < $1 }.prefix(neighbours)
    let count = Double(nearest.count)
    let mean = nearest.reduce(0.0) { $0 + known.accuracies[$1.1] } / count
    let disagreement = nearest.reduce(0.0) { $0 + Double($1.0) } / count / Double(max(answers.count, 1))
    let spread = nearest.reduce(0.0) {
      $0 + (known.accuracies[$1.1] - mean) * (known.accuracies[$1.1] - mean)
    }
    let variance = spread / count + disagreement * disagreement / Double(max(answers.count, 1))
    return EstimatedAccuracy(mean: mean, deviation: max(variance, 1e-6).squareRoot())
  }
}
