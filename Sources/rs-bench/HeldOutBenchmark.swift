import CommandLineKit
import FileFormats
import Foundation
import Factorization
import NumericKernels
import RoutingData

/// How soon `logistic-mf` predicts cells that were hidden from it, on data it makes itself.
///
/// `experiments/peers/implicit_mf.py` gives other software the same cells.
enum HeldOutBenchmark {
  /// What was measured.
  struct Report: Codable {
    var kernel: String
    var threads: Int
    var training: HeldOutTraining.Result
    var peakMemoryBytes: Int?
  }

  private static let l2: Float = 10
  private static let share: Float = 0.05

  /// Hides a twentieth of the cells, chosen at random from the seed, and trains on the others.
  ///
  /// Where `matrix` is given, `responses.npy` (queries × LLMs, 0, 1 or a grade) and `observed.npy` (the cells
  /// trained on, rows packed as `np.packbits` does) are written to that folder.
  static func run(_ dataset: Dataset, factors: Int, seed: UInt64, matrix: String?) throws -> Report {
    let targets = dataset.benchmarks.map(\.responses.cells)
    var first = 0
    let hidden = targets.map { cells in
      defer { first += cells.rows }
      return mask(cells, firstRow: first, seed: seed)
    }
    let train = zip(targets, hidden).map { GradedCells($0.values, observed: $1.complement) }
    let heldOut = zip(targets, hidden).map { GradedCells($0.values, observed: $1) }
    if let matrix { try write(train, to: matrix) }
    let result = try HeldOutTraining.run(
      train: train, heldOut: heldOut, factors: factors, l2: l2, seed: seed)
    return Report(
      kernel: OpenBLASKernel.current, threads: Threads.count, training: result,
      peakMemoryBytes: Machine.peakMemory)
  }

  private static func mask(_ cells: GradedCells, firstRow: Int, seed: UInt64) -> BitMatrix {
    var bits = BitMatrix(rows: cells.rows, columns: cells.columns)
    for row in 0..<cells.rows {
      var generator = SeededGenerator(seed: seed, stream: "held-out", firstRow + row)
      bits.setRow(row, from: (0..<cells.columns).map { _ in generator.uniform() < share ? 1 : 0 })
    }
    return bits
  }

  private static func write(_ train: [GradedCells], to folder: String) throws {
    let lock = try FileLock(folder: folder)
    defer { lock.release() }
    let grades = Matrix.stacked(train.map { ResponseMatrix(GradedCells($0.values)).dense() })
    try NPY.write(NDArray(matrix: grades), to: "\(folder)/responses.npy")
    let observed = train.flatMap { $0.observed?.bytes ?? [] }
    let columns = train.first?.columns ?? 0
    try NPY.write(
      NDArray(uint8: observed, shape: [grades.rows, (columns + 7) / 8]), to: "\(folder)/observed.npy")
  }

  static func printTable(_ report: Report) throws {
    let training = report.training
    var table = TextTable([.left("what"), .right("value"), .left("unit")])
    table.append(["cells trained on", NumberFormatting.count(training.trainCells), ""])
    table.append(["cells held out", NumberFormatting.count(training.heldOutCells), ""])
    table.append(["sweeps", NumberFormatting.count(training.points.count - 1), ""])
    table.append(["one sweep", NumberFormatting.fixed(training.sweepSeconds, 3), "s"])
    table.append(["log-loss at the start", NumberFormatting.fixed(training.points[0].logLoss, 5), ""])
    table.append(["log-loss at the end", NumberFormatting.fixed(training.logLoss, 5), ""])
    table.append([
      "training until within 0.001 of it", NumberFormatting.fixed(training.secondsToConverged, 2), "s",
    ])
    table.append(["peak memory", NumberFormatting.bytes(report.peakMemoryBytes), ""])
    try StandardOutput.write(table.render())
  }
}
