import Foundation
import Learning
import NumericKernels
import Testing

@testable import TwoTower

@Suite(.serialized) struct TwoTowerSolverTests {
  /// Two blocks over 7 LLMs: one of LLMs 0…4, one of 6, 3, 1, 5; answers depend on the embedding's signs.
  static func blocks(
    missing: Float = 0, junk: Float = 0, graded: Bool = false, hidesMask: Bool = false
  ) -> [TwoTowerSolver.Block] {
    [[0, 1, 2, 3, 4], [6, 3, 1, 5]].enumerated().map { index, llms in
      var generator = SeededGenerator(seed: 21, stream: "blocks", index)
      let embeddings = Matrix(rows: 150, columns: 6, storage: (0..<900).map { _ in generator.normal() })
      var values = Matrix(rows: 150, columns: llms.count)
      var seen = BitMatrix(rows: 150, columns: llms.count, repeating: true)
      for row in 0..<150 {
        for (column, llm) in llms.enumerated() {
          let side = embeddings[row, llm % 6] + 0.3 * generator.normal()
          values[row, column] = graded ? Elementwise.sigmoid(2 * side) : side > 0 ? 1 : 0
          if generator.uniform() < missing {
            seen[row, column] = false
            values[row, column] = junk
          }
        }
      }
      return TwoTowerSolver.Block(
        cells: GradedCells(.floats(values), observed: missing > 0 && !hidesMask ? seen : nil),
        embeddings: embeddings, subscenarios: (0..<150).map { $0 % 3 == 2 ? nil : $0 % 3 + 2 * index },
        llms: llms)
    }
  }

  static let features = LLMFeatures.matrix(
    fields: ["family"], metadata: [["a"], ["a"], ["b"], ["b"], [""], ["a"], ["b"]]
  ).values

  static func train(
    _ blocks: [TwoTowerSolver.Block], start: TwoTowerStart = TwoTowerStart(factors: 4),
    _ options: TwoTowerSolver.Options, teacher: TwoTowerSolver.Teacher? = nil
  ) -> (network: TwoTowerNetwork, losses: [LossSum]) {
    let solver = TwoTowerSolver(blocks: blocks, features: features, options: options, teacher: teacher)
    var network = start.network(
      dimensions: 6, subscenarioCount: 4, featureCount: features.columns,
      means: TwoTowerFit.means(blocks, llmCount: 7))
    var optimizer = NetworkOptimizer(network)
    let losses = (0..<options.epochs).map { solver.epoch($0, &network, &optimizer) }
    return (network, losses)
  }

  static func options(
    _ loss: ResponseLoss = .bce, epochs: Int = 12, _ change: (inout TwoTowerSolver.Options) -> Void = { _ in }
  ) -> TwoTowerSolver.Options {
    var options = TwoTowerSolver.Options()
    options.loss = loss
    options.epochs = epochs
    options.batchSize = 40
    options.rate = 0.02
    change(&options)
    return options
  }

  @Test(arguments: ResponseLoss.allCases, [false, true])
  func everyLossFalls(loss: ResponseLoss, graded: Bool) throws {
    let losses = Self.train(Self.blocks(graded: graded), Self.options(loss)).losses.map(\.mean)
    let (first, last) = (try #require(losses.first), try #require(losses.last))
    // Soft labels leave their own entropy, and the expected score of −1 can't be reached.
    #expect(last < first - (graded ? 0.04 : 0.1), "\(losses)")
  }

  @Test(arguments: ResponseLoss.allCases) func sameBitsAtAnyThreadCount(loss: ResponseLoss) {
    let usual = Threads.count
    defer { Threads.count = usual }
    func train(threads: Int) -> (TwoTowerNetwork, [LossSum]) {
      Threads.count = threads
      return Self.train(
        Self.blocks(missing: 0.2),
        start: TwoTowerStart(
          factors: 8, hidden: [128, 96], activation: .gaussian, isNormalized: true, subscenarios: .add),
        Self.options(loss, epochs: 2) {
          $0.batchSize = 140
          $0.dropout = 0.2
        })
    }
    let (one, two) = (train(threads: 1), train(threads: 2))
    #expect(one.0 == two.0 && one.1 == two.1)
  }

  @Test(arguments: ResponseLoss.allCases) func valuesOfMissingCellsChangeNothing(loss: ResponseLoss) {
    let usual = Self.train(Self.blocks(missing: 0.3), Self.options(loss, epochs: 2)).network
    for junk: Float in [1, .nan, -1e30] {
      #expect(
        Self.train(Self.blocks(missing: 0.3, junk: junk), Self.options(loss, epochs: 2)).network == usual)
    }
    let seen = Self.train(Self.blocks(missing: 0.3, junk: 1, hidesMask: true), Self.options(loss, epochs: 2))
    #expect(seen.network != usual)
  }

  @Test func pretrainingIsBinaryCrossEntropy() {
    let blocks = Self.blocks()
    let expected = Self.options(.expected, epochs: 4) { $0.pretrainEpochs = 2 }
    let mixed = Self.train(blocks, expected).losses
    let plain = Self.train(blocks, Self.options(.bce, epochs: 4)).losses
    #expect(Array(mixed[..<2]) == Array(plain[..<2]))
    #expect(mixed[2].mean < 0 && mixed[2].mean > -1 && mixed[2].terms == 300)
  }

  @Test func aTeacherReplacesTheLabelsByItsWeight() {
    let blocks = Self.blocks(missing: 0.2)
    let teacher: TwoTowerSolver.Teacher = { block, rows in
      Matrix(rows: rows.count, columns: blocks[block].cells.columns, repeating: 0.25)
    }
    let alone = Self.train(blocks, Self.options(epochs: 3)).network
    func taught(_ weight: Float, epochs: Int = 3) -> TwoTowerNetwork {
      Self.train(blocks, Self.options(epochs: epochs) { $0.teacherWeight = weight }, teacher: teacher).network
    }
    #expect(taught(0) == alone)
    #expect(taught(0.5) != alone)
    // A teacher of the constant 1/4 leaves nothing else to say.
    let network = taught(1, epochs: 60)
    var dropout: Dropout?
    let queries = network.query.pass(blocks[0].embeddings, blocks[0].subscenarios, dropout: &dropout).outputs
    let vectors = network.llm.vectors(features: Self.features, of: blocks[0].llms)
    let logits = vectors.outputs(queries.scaled(by: exp(network.logScale[0])))
    #expect(logits.storage.allSatisfy { abs(Elementwise.sigmoid($0) - 0.25) < 0.05 })
  }

  @Test func metadataSpeakForAnLLMThatAnsweredNothing() {
    var blocks = Self.blocks()
    blocks.removeLast()
    // LLMs 5 and 6 answered nothing: only family and decay reach their vectors.
    let start = TwoTowerStart(factors: 4)
    let network = Self.train(blocks, start: start, Self.options()).network
    let before = start.network(
      dimensions: 6, subscenarioCount: 4, featureCount: 2, means: TwoTowerFit.means(blocks, llmCount: 7))
    #expect(network.llm.identities.weights.row(6) == before.llm.identities.weights.row(6))
    #expect(network.llm.identities.biases[6] == 0)
    let vectors = network.llm.vectors(features: Self.features, of: nil).weights
    #expect(vectors.row(6) != network.llm.identities.weights.row(6))
  }

  @Test func decayShrinksWeightsAndSparesOffsets() {
    let blocks = Self.blocks()
    func norms(_ decay: Double) -> (weights: Float, offsets: Float) {
      var network = Self.train(blocks, Self.options { $0.weightDecay = decay }).network
      var result: (weights: Float, offsets: Float) = (0, 0)
      network.changeParameters { array, role in
        let squares = array.reduce(0) { $0 + $1 * $1 }
        if role == .weights { result.weights += squares } else { result.offsets += squares }
      }
      return result
    }
    let (free, decayed) = (norms(0), norms(5))
    #expect(decayed.weights < 0.5 * free.weights)
    #expect(decayed.offsets > 0.5 * free.offsets)
  }

  @Test(arguments: [1e6, 1e12, 1e30]) func aRateThatDivergesGivesAnInfiniteLoss(rate: Double) {
    let outcome = Self.train(Self.blocks(), Self.options { $0.rate = rate })
    #expect(outcome.losses.contains { $0.total == .infinity && $0.mean == .infinity })
  }

  @Test func theRateRisesThenFallsToZero() {
    let schedule = WarmUpCosine(peak: 2, steps: 100, warmUpShare: 0.1)
    let rates = (0..<100).map(schedule.rate)
    #expect(rates[10] == 2 && rates.max() == 2)
    #expect(zip(rates[..<10], rates[1...10]).allSatisfy { $0 < $1 })
    #expect(zip(rates[10...], rates[11...]).allSatisfy { $0 > $1 })
    #expect(rates[0] > 0 && rates[99] > 0 && rates[99] < 0.01)
    #expect(WarmUpCosine(peak: 2, steps: 5, warmUpShare: 0).rate(0) == 2)
  }
}
