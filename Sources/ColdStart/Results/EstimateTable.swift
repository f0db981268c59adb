import FileFormats

/// Estimates of held-out LLMs as comma-separated values: a header, then a line for each estimate.
///
/// Numbers are written with as many digits as it takes to read the same `Double` back.
enum EstimateTable {
  private static let columns = [
    "benchmark", "fold", "llm", "anchors", "estimator", "answers", "truth", "estimate", "low", "high",
  ]

  /// How anchors may have been chosen; without answers there are none.
  private static let anchors = Set(AnchorPolicy.all.map(\.name) + [PlacedLLM.withoutAnchors])

  /// The table of some estimates; every line ends with a line feed.
  static func csv(_ estimates: [PlacedLLM]) -> String {
    var text = CSVRow.text(columns)
    for one in estimates {
      text += CSVRow.text([
        one.benchmark, one.fold, one.llm, one.anchors, one.estimator.rawValue, "\(one.answers)",
        "\(one.truth)", "\(one.estimate)", "\(one.low)", "\(one.high)",
      ])
    }
    return text
  }

  /// Reads a table back.
  ///
  /// - Throws: `FileError`, naming the line, for other columns, a benchmark, an estimator or a choice of anchors that
  ///   there is not, or a number that is not in [0, 1].
  static func read(_ path: String) throws(FileError) -> [PlacedLLM] {
    var estimates: [PlacedLLM] = []
    try ResultFields.forEach(path, columns: columns, of: "estimates") { (row) throws(FileError) in
      guard let estimator = EstimatorName(rawValue: row[4]) else {
        throw FileError(path, at: .line(row.line), "estimator '\(FileError.excerpt(row[4]))' is not known")
      }
      guard anchors.contains(row[3]) else {
        throw FileError(
          path, at: .line(row.line), "choice of anchors '\(FileError.excerpt(row[3]))' is not known")
      }
      estimates.append(
        PlacedLLM(
          benchmark: try row.benchmark(0), fold: row[1], llm: row[2], anchors: row[3], estimator: estimator,
          answers: try row.count(5, of: "answers"), truth: try row.share(6), estimate: try row.share(7),
          low: try row.share(8), high: try row.share(9)))
    }
    return estimates
  }
}

extension PlacedLLM {
  /// What stands for a choice of anchors where an LLM is placed without answers.
  public static let withoutAnchors = LLMExperiment.noAnchors

  /// The same with all shares in [0, 1], beyond which a mixture's rounding may carry an estimate.
  var bounded: PlacedLLM {
    func share(_ value: Double) -> Double { min(max(value, 0), 1) }
    return PlacedLLM(
      benchmark: benchmark, fold: fold, llm: llm, anchors: anchors, estimator: estimator, answers: answers,
      truth: share(truth), estimate: share(estimate), low: share(low), high: share(high))
  }
}
