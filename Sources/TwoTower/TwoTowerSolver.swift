import Learning
import NumericKernels
import RoutingData

/// Fits a two-tower network by mini-batches of AdamW.
///
/// A mini-batch holds queries of one block; queries are shuffled in each block and the blocks' batches among
/// each other, anew in each epoch. A batch is cut into fixed parts that run in parallel and whose gradients
/// are added in order.
struct TwoTowerSolver: Sendable {
  /// The train queries of one benchmark.
  struct Block: Sendable {
    /// Their responses, n × (LLMs of the block).
    let cells: GradedCells
    /// n × d.
    let embeddings: Matrix
    /// The sub-scenario of each query, a row of the query tower's vectors; nil where unknown or unused.
    let subscenarios: [Int?]
    /// The LLM of each column, a row of the LLM tower; nil where the columns are all LLMs in order.
    let llms: [Int]?
    /// The benchmark, a row of the query tower's vectors; nil where there is only one.
    var benchmark: Int?
  }

  /// Probabilities of right answers by another model, one row for each index of a row of a block.
  typealias Teacher = @Sendable (_ block: Int, _ rows: [Int]) -> Matrix

  /// How to fit.
  struct Options: Equatable, Sendable {
    var loss = ResponseLoss.bce
    var epochs = 20
    /// The first epochs, which fit binary cross-entropy whatever the loss.
    var pretrainEpochs = 0
    var batchSize = 128
    /// The largest learning rate.
    var rate = 1e-3
    var weightDecay = 0.0
    /// The share of all steps in which the learning rate rises.
    var warmUp = 0.05
    /// The share of hidden units dropped.
    var dropout: Float = 0
    /// The weight a of the teacher in binary cross-entropy's labels (1 − a)·y + a·teacher.
    var teacherWeight: Float = 0
    var seed: UInt64 = 42
  }

  /// Fewer queries are not worth a part of their own.
  private static let smallestPart = 64
  /// A batch is cut into so many parts at most.
  private static let mostParts = 4
  /// A batch's mean loss beyond this is a divergence: logits wrong by hundreds still give finite losses.
  static let divergedLoss = 100.0
  /// Below so many operations, waking other threads takes longer than it spares.
  private static let parallelWork = 4_000_000

  let blocks: [Block]
  /// What embeddings are multiplied by.
  let embeddingScale: Float
  /// The metadata's features of all LLMs, m × f.
  let features: Matrix
  let options: Options
  let teacher: Teacher?
  private let schedule: WarmUpCosine

  init(
    blocks: [Block], embeddingScale: Float = 1, features: Matrix, options: Options, teacher: Teacher? = nil
  ) {
    self.blocks = blocks
    self.embeddingScale = embeddingScale
    self.features = features
    self.options = options
    self.teacher = teacher
    let steps = blocks.reduce(0) { $0 + ($1.cells.rows + options.batchSize - 1) / options.batchSize }
    schedule = WarmUpCosine(
      peak: options.rate, steps: max(steps * options.epochs, 1), warmUpShare: options.warmUp)
  }

  /// Queries of one block that make a step together.
  private struct MiniBatch {
    let block: Int
    let rows: [Int]
  }

  /// The loss of an epoch, counted from 0.
  func loss(ofEpoch epoch: Int) -> ResponseLoss { epoch < options.pretrainEpochs ? .bce : options.loss }

  /// Goes once through all queries; returns the loss of each batch before its step, summed.
  ///
  /// Ends early, with an infinite loss, where a batch's is not finite or beyond `divergedLoss`. Cost 6·n·(weights of the query tower
  /// + m·k) operations, and a pass over all parameters and their moments for each batch.
  func epoch(
    _ epoch: Int, _ network: inout TwoTowerNetwork, _ optimizer: inout NetworkOptimizer<TwoTowerNetwork>
  ) -> LossSum {
    let batches = batches(ofEpoch: epoch)
    var sum = LossSum()
    for (index, batch) in batches.enumerated() {
      let step = epoch * batches.count + index
      let gradient = gradient(of: batch, network, loss: loss(ofEpoch: epoch), step: step)
      sum += gradient.loss
      guard gradient.loss.mean <= Self.divergedLoss else {
        return LossSum(total: .infinity, terms: sum.terms)
      }
      // A batch without terms, such as one without a discordant pair, tells no direction.
      guard gradient.loss.terms > 0 else { continue }
      let whole = network.gradient(of: gradient, features: features, llms: blocks[batch.block].llms)
      optimizer.step(
        &network, gradient: whole, scale: Float(1 / gradient.loss.terms), rate: schedule.rate(step),
        weightDecay: options.weightDecay)
    }
    return sum
  }

  private func batches(ofEpoch epoch: Int) -> [MiniBatch] {
    var batches: [MiniBatch] = []
    for (index, block) in blocks.enumerated() {
      var order = Array(0..<block.cells.rows)
      var generator = SeededGenerator(
        seed: options.seed, stream: "two-tower/order", epoch * blocks.count + index)
      generator.shuffle(&order)
      for range in Parallel.blocks(of: order.count, size: options.batchSize) {
        batches.append(MiniBatch(block: index, rows: Array(order[range])))
      }
    }
    if blocks.count > 1 {
      var generator = SeededGenerator(seed: options.seed, stream: "two-tower/batches", epoch)
      generator.shuffle(&batches)
    }
    return batches
  }

  private func gradient(
    of batch: MiniBatch, _ network: TwoTowerNetwork, loss: ResponseLoss, step: Int
  ) -> TwoTowerNetwork.BatchGradient {
    let block = blocks[batch.block]
    let vectors = network.llm.vectors(features: features, of: block.llms)
    let count = batch.rows.count
    let size = max(Self.smallestPart, (count + Self.mostParts - 1) / Self.mostParts)
    let ranges = Parallel.blocks(of: count, size: size)
    let compute: @Sendable (Int) -> TwoTowerNetwork.BatchGradient = { part in
      let rows = Array(batch.rows[ranges[part]])
      var dropout: Dropout?
      if options.dropout > 0 {
        dropout = Dropout(
          share: options.dropout,
          generator: SeededGenerator(
            seed: options.seed, stream: "two-tower/dropout", step * Self.mostParts + part))
      }
      let labelled = TwoTowerNetwork.Batch(
        embeddings: block.embeddings.selecting(rows: rows).scaled(by: embeddingScale),
        subscenarios: rows.map { block.subscenarios[$0] },
        labels: labels(block: batch.block, rows: rows, loss: loss), weights: block.cells.weights(rows: rows),
        benchmark: block.benchmark)
      return network.gradient(labelled, vectors: vectors, loss: loss, dropout: &dropout)
    }
    let work = 6 * count * (network.query.weightCount + vectors.parameterCount)
    var parts =
      work < Self.parallelWork ? ranges.indices.map(compute) : Parallel.map(ranges.count, compute)
    var sum = parts.removeFirst()
    for part in parts { sum += part }
    return sum
  }

  private func labels(block: Int, rows: [Int], loss: ResponseLoss) -> Matrix {
    var labels = loss.labels(blocks[block].cells, rows: rows)
    guard loss == .bce, let teacher, options.teacherWeight > 0 else { return labels }
    let taught = teacher(block, rows)
    // A missing label is NaN and stays so.
    labels.update(with: taught) { $0 += options.teacherWeight * ($1 - $0) }
    return labels
  }
}
