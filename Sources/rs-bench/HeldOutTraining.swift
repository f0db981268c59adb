import Dispatch
import NumericKernels
import Factorization

/// Trains `logistic-mf` on some cells and follows the log-loss of others, sweep by sweep.
struct HeldOutTraining: Sendable {
  /// What a training run did.
  struct Result: Codable, Equatable, Sendable {
    /// Where it stood after a sweep, or before the first.
    struct Point: Codable, Equatable, Sendable {
      /// Seconds of training so far; the clock stands still while the loss is measured.
      let seconds: Double
      /// The mean of −log p(y) over the cells held out.
      let logLoss: Double
    }

    /// Cells trained on.
    let trainCells: Int
    /// Cells held out.
    let heldOutCells: Int
    /// The number of latent factors.
    let factors: Int
    /// The start, then every sweep until the objective stood still.
    let points: [Point]
    /// Seconds until the loss was, and stayed, within 0.001 of the last one.
    let secondsToConverged: Double
    /// Seconds of a sweep, on average.
    let sweepSeconds: Double
    /// The last loss.
    let logLoss: Double

    private enum CodingKeys: String, CodingKey {
      case factors, points
      case trainCells = "train_cells"
      case heldOutCells = "held_out_cells"
      case secondsToConverged = "seconds_to_converged"
      case sweepSeconds = "sweep_seconds"
      case logLoss = "log_loss"
    }
  }

  /// Trains to the end; `heldOut` has the train targets' shapes and observes other cells.
  ///
  /// All targets have the same LLMs in the same order.
  static func run(
    train: [GradedCells], heldOut: [GradedCells], factors: Int, l2: Float, seed: UInt64
  ) throws -> Result {
    precondition(!train.isEmpty && train.count == heldOut.count)
    let llmCount = train[0].columns
    let blocks = train.map { ResponseBlocks.Block(cells: $0, llms: Array(0..<llmCount)) }
    let biasL2: Float = 0.1
    var seconds = 0.0
    func timed<Value>(_ body: () throws -> Value) rethrows -> Value {
      let start = DispatchTime.now().uptimeNanoseconds
      defer { seconds += Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
      return try body()
    }
    func logLoss(_ factors: BiasedFactors) -> Double {
      var (sum, count) = (0.0, 0)
      for (index, cells) in heldOut.enumerated() {
        sum += LogisticResiduals(cells, rows: factors.queries[index], columns: factors.llms).loss()
        count += cells.observedCount
      }
      return sum / Double(max(count, 1))
    }
    let sweeps = AcceleratedSweeps(
      solver: LogisticMFSolver(blocks: blocks, llmCount: llmCount, l2: l2, biasL2: biasL2),
      maximumSweeps: 500, tolerance: 1e-6)
    let start = try timed {
      let spectrum = try SpectralStart(blocks: blocks, llmCount: llmCount, seed: seed)
        .spectrum(rank: factors)
      return SpectralStart.factors(from: spectrum, factors: factors, l2: l2)
    }
    var state = AcceleratedSweeps.State(start: start)
    var points = [Result.Point(seconds: seconds, logLoss: logLoss(start))]
    while state.objectives.count < sweeps.maximumSweeps, !state.isConverged {
      try timed { try sweeps.advance(&state) }
      points.append(Result.Point(seconds: seconds, logLoss: logLoss(state.accepted)))
    }
    let last = points[points.count - 1]
    let far = points.lastIndex { abs($0.logLoss - last.logLoss) > 0.001 }
    let converged = points[min(far.map { $0 + 1 } ?? 0, points.count - 1)]
    return Result(
      trainCells: train.reduce(0) { $0 + $1.observedCount },
      heldOutCells: heldOut.reduce(0) { $0 + $1.observedCount }, factors: factors, points: points,
      secondsToConverged: converged.seconds,
      sweepSeconds: (last.seconds - points[0].seconds) / Double(max(points.count - 1, 1)),
      logLoss: last.logLoss)
  }
}
