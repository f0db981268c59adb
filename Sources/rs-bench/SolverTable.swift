import CommandLineKit
import Factorization

/// The table of `rs-bench --factorizations`.
enum SolverTable {
  static func print(_ result: SolverBenchmark.Result) throws {
    var table = TextTable([.left("what"), .right("seconds"), .right("× logistic")])
    func row(_ what: String, _ seconds: Double) {
      table.append([
        what, NumberFormatting.fixed(seconds, 3),
        NumberFormatting.fixed(seconds / result.logisticSweepSeconds, 2),
      ])
    }
    row("logistic-mf, one sweep", result.logisticSweepSeconds)
    row("als with weights 1 + y, one sweep", result.alsSweepSeconds)
    row("als with equal weights, one sweep", result.alsUnweightedSweepSeconds)
    row("bpr, one sweep", result.bprSweepSeconds)
    row("mirt, one sweep", result.mirtSweepSeconds)
    row("svd, all of it", result.svdSeconds)
    try StandardOutput.write(table.render())
    try StandardOutput.write(
      "\(NumberFormatting.count(result.responses)) responses, \(result.factors) factors\n")
  }
}
