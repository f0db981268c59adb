import FileFormats
import RoutingData

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
  /// - Throws: `FileError`, naming the line, for other columns, a benchmark, an estimator or a choice of anchors that there is not, or a number that is not
  ///   in [0, 1].
  static func read(_ path: String) throws(FileError) -> [PlacedLLM] {
    let reader = try CSVReader(path: path)
    guard reader.header == columns else {
      throw FileError(
        path, at: .line(1), "is no table of estimates; expected \(columns.joined(separator: ","))")
    }
    var estimates: [PlacedLLM] = []
    try reader.forEachRow { (fields, line) throws(FileError) in
      // Benchmarks become names of files.
      guard DatasetPaths.isName(fields[0]) else {
        throw FileError(path, at: .line(line), "'\(FileError.excerpt(fields[0]))' is no benchmark's name")
      }
      guard let estimator = EstimatorName(rawValue: fields[4]) else {
        throw FileError(path, at: .line(line), "estimator '\(FileError.excerpt(fields[4]))' is not known")
      }
      guard anchors.contains(fields[3]) else {
        throw FileError(
          path, at: .line(line), "choice of anchors '\(FileError.excerpt(fields[3]))' is not known")
      }
      guard let answers = Int(fields[5]), answers >= 0 else {
        throw FileError(path, at: .line(line), "'\(FileError.excerpt(fields[5]))' is no number of answers")
      }
      var shares: [Double] = []
      for field in fields[6...] {
        guard let share = Double(field), share >= 0, share <= 1 else {
          throw FileError(path, at: .line(line), "'\(FileError.excerpt(field))' is not a number in [0, 1]")
        }
        shares.append(share)
      }
      estimates.append(
        PlacedLLM(
          benchmark: fields[0], fold: fields[1], llm: fields[2], anchors: fields[3], estimator: estimator,
          answers: answers, truth: shares[0], estimate: shares[1], low: shares[2], high: shares[3]))
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
