import Foundation
import Learning
import NumericKernels
import Testing

@testable import TwoTower

@Suite struct TwoTowerGradientTests {
  /// A network of 6 LLMs with 3 features whose every parameter matters.
  static func network(_ start: TwoTowerStart) -> TwoTowerNetwork {
    var network = start.network(
      dimensions: 5, subscenarioCount: 3, featureCount: 3, means: [0.2, 0.5, 0.9, 0.4, 0.6, 0.7],
      benchmarkCount: 3)
    if !start.hidden.isEmpty { network.query.direct = Matrix(rows: 5, columns: start.factors) }
    var generator = SeededGenerator(seed: 12)
    network.changeParameters { array, _ in
      for index in array.indices { array[index] += 0.3 * generator.normal() }
    }
    return network
  }

  static let features = Matrix([[1, 0, 0.5], [1, 0, -1], [0, 1, 2], [0, 1, 0], [0, 0, 0.3], [1, 0, 0]])

  static func batch(columns: Int, graded: Bool) -> TwoTowerNetwork.Batch {
    var generator = SeededGenerator(seed: 13)
    let labels = (0..<9 * columns).map { _ -> Float in
      let number = generator.uniform()
      return number < 0.2 ? .nan : graded ? generator.uniform() : number < 0.6 ? 1 : 0
    }
    return TwoTowerNetwork.Batch(
      embeddings: Matrix(rows: 9, columns: 5, storage: (0..<45).map { _ in generator.normal() }),
      subscenarios: [0, 2, nil, 1, 1, 0, nil, 2, 0],
      labels: Matrix(rows: 9, columns: columns, storage: labels), benchmark: 1)
  }

  /// Every parameter of every group against central differences of the reference.
  static func faults(_ start: TwoTowerStart, loss: ResponseLoss, llms: [Int]?) -> [String] {
    let network = network(start)
    let columns = llms ?? Array(0..<6)
    let batch = batch(columns: columns.count, graded: loss == .bce || loss == .expected)
    let vectors = network.llm.vectors(features: features, of: llms)
    var dropout: Dropout?
    let part = network.gradient(batch, vectors: vectors, loss: loss, dropout: &dropout)
    let gradient = network.gradient(of: part, features: features, llms: llms).parameters
    let reference = ReferenceTwoTower(network: network, features: features, llms: columns, loss: loss)
    var parameters = network.parameters.map { $0.map(Double.init) }
    var faults: [String] = []
    let value = reference.loss(parameters, batch)
    if abs(part.loss.total - value) > 1e-4 * max(1, abs(value)) {
      faults.append("loss \(part.loss.total), expected \(value)")
    }
    for group in parameters.indices {
      for place in parameters[group].indices {
        let kept = parameters[group][place]
        parameters[group][place] = kept + 1e-5
        let above = reference.loss(parameters, batch)
        parameters[group][place] = kept - 1e-5
        let slope = (above - reference.loss(parameters, batch)) / 2e-5
        parameters[group][place] = kept
        let found = Double(gradient[group][place])
        if abs(found - slope) > 2e-4 * max(1, abs(slope)) {
          faults.append("array \(group)[\(place)]: gradient \(found), expected \(slope)")
        }
      }
    }
    // Each group must move the loss somewhere, or nothing was tested.
    for group in gradient.indices where !gradient[group].isEmpty {
      if gradient[group].allSatisfy({ $0 == 0 }) { faults.append("array \(group) has no gradient") }
    }
    return faults
  }

  @Test(arguments: ResponseLoss.allCases) func linearTower(loss: ResponseLoss) {
    let start = TwoTowerStart(factors: 4, subscenarios: .add, temperature: 0.7)
    #expect(Self.faults(start, loss: loss, llms: nil) == [])
    #expect(Self.faults(start, loss: loss, llms: [4, 0, 5, 2]) == [])
  }

  @Test(arguments: Activation.allCases, [false, true])
  func hiddenLayers(activation: Activation, isNormalized: Bool) {
    for (hidden, use) in [([7], SubscenarioUse.none), ([7, 6, 5], .concatenate)] {
      let start = TwoTowerStart(
        factors: 3, hidden: hidden, activation: activation, isNormalized: isNormalized, subscenarios: use)
      for loss in [ResponseLoss.bce, .softmax] {
        #expect(Self.faults(start, loss: loss, llms: [1, 3, 5, 0, 2]) == [])
      }
    }
  }

  /// With the same choices of units the gradient is that of the thinned network.
  @Test(arguments: Activation.allCases) func dropoutScalesWhatItKeeps(activation: Activation) {
    let network = Self.network(TwoTowerStart(factors: 3, hidden: [40, 30], activation: activation))
    let batch = Self.batch(columns: 6, graded: false)
    func run(_ network: TwoTowerNetwork) -> TwoTowerNetwork.BatchGradient {
      var dropout: Dropout? = Dropout(share: 0.4, generator: SeededGenerator(seed: 3))
      let vectors = network.llm.vectors(features: Self.features, of: nil)
      return network.gradient(batch, vectors: vectors, loss: .bce, dropout: &dropout)
    }
    let gradient = run(network).query.parameters
    var changed = 0
    for (group, place) in [(0, 3), (0, 100), (1, 5), (2, 17), (2, 600), (3, 2), (4, 31)] {
      func loss(_ change: Float) -> Double {
        var moved = network
        var index = 0
        moved.query.changeParameters { array, _ in
          if index == group { array[place] += change }
          index += 1
        }
        return run(moved).loss.total
      }
      let slope = (loss(0.01) - loss(-0.01)) / 0.02
      #expect(abs(Double(gradient[group][place]) - slope) < 0.01 * max(1, abs(slope)))
      if slope != 0 { changed += 1 }
    }
    #expect(changed > 3)
  }

  @Test func dropoutKeepsTheMean() {
    var dropout = Dropout(share: 0.3, generator: SeededGenerator(seed: 1))
    var units = Matrix(rows: 100, columns: 100, repeating: 1)
    let factors = dropout.apply(&units)
    #expect(units.storage == factors)
    #expect(Set(factors).count == 2)
    #expect(abs(factors.reduce(0, +) / 10_000 - 1) < 0.03)
  }
}
