import CommandLineKit
import Foundation
import NumericKernels
import TextFeatures

/// Measures fitting text features, and making those of texts, on made-up prompts of the length of MMLU-Pro's.
enum TextBenchmark {
  private static let texts = 4_000
  private static let words = 110
  private static let vocabulary = 20_000
  private static let singles = 200

  /// Seconds of the fastest of several repetitions.
  struct Result: Codable {
    let kernel: String
    let threads: Int
    let texts: Int
    let bytesPerText: Double
    let dimensions: Int
    let fitSeconds: Double
    /// Features of all texts at once.
    let textsPerSecond: Double
    /// Features of one text alone: the median of many texts.
    let oneTextSeconds: Double
    let sgemmGigaflops: Double
  }

  static func run(repetitions: Int, seed: UInt64) throws -> Result {
    let prompts = prompts(seed)
    var featurizer: TextFeaturizer?
    let fit = try Stopwatch.seconds {
      featurizer = try TextFeaturizer(fitting: prompts, options: TextFeatureOptions(), seed: seed)
    }
    guard let featurizer else { throw UsageError("there are no features to measure") }
    var batch = Double.infinity
    var single = Double.infinity
    for _ in 0..<repetitions {
      batch = min(batch, Stopwatch.seconds { _ = featurizer.embeddings(of: prompts) })
      let times = prompts.prefix(singles).map { text in
        Stopwatch.seconds { _ = featurizer.embeddings(of: [text]) }
      }
      single = min(single, times.sorted()[times.count / 2])
    }
    return Result(
      kernel: OpenBLASKernel.current, threads: Threads.count, texts: texts,
      bytesPerText: Double(prompts.reduce(0) { $0 + $1.count }) / Double(texts),
      dimensions: featurizer.dimensions, fitSeconds: fit, textsPerSecond: Double(texts) / batch,
      oneTextSeconds: single, sgemmGigaflops: Machine.measuredSGEMMRate())
  }

  /// Prompts of made-up words, the i-th of which is drawn about 1/i as often as the first.
  private static func prompts(_ seed: UInt64) -> [[UInt8]] {
    let letters = Array("etaoinshrdlcumwfgypbvk".utf8)
    let list = (0..<vocabulary).map { index -> [UInt8] in
      var generator = SeededGenerator(seed: seed, stream: "words", index)
      return (0..<2 + generator.below(8)).map { _ in letters[generator.below(letters.count)] }
    }
    return (0..<texts).map { index in
      var generator = SeededGenerator(seed: seed, stream: "prompts", index)
      return Array(
        (0..<words).map { _ in list[Int(exp(generator.uniformDouble() * log(Double(vocabulary)))) - 1] }
          .joined(separator: [0x20]))
    }
  }

  /// Prints what was measured.
  static func printTable(_ result: Result) throws {
    var table = TextTable([.left("what"), .right("value"), .left("unit")])
    let count = NumberFormatting.count(result.texts)
    table.append([
      "fit \(result.dimensions) features on \(count) prompts of \(NumberFormatting.fixed(result.bytesPerText, 0)) bytes",
      NumberFormatting.fixed(result.fitSeconds, 2), "s",
    ])
    table.append(["features of all", NumberFormatting.fixed(result.textsPerSecond, 0), "texts/s"])
    table.append(["features of one text", NumberFormatting.fixed(1e6 * result.oneTextSeconds, 0), "µs"])
    table.append(["SGEMM", NumberFormatting.fixed(result.sgemmGigaflops, 0), "GFLOP/s"])
    try StandardOutput.write(table.render())
  }
}
