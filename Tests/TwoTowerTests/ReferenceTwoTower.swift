import Foundation
import NumericKernels

@testable import TwoTower

/// The loss of a two-tower network from its parameters, query by query in `Double`.
///
/// Parameters are read in the order of `TwoTowerNetwork.parameters`.
struct ReferenceTwoTower {
  let network: TwoTowerNetwork
  let features: Matrix
  let llms: [Int]
  let loss: ResponseLoss

  /// The summed loss of a batch at parameters that replace the network's.
  func loss(_ parameters: [[Double]], _ batch: TwoTowerNetwork.Batch) -> Double {
    (0..<batch.embeddings.rows).reduce(0) { sum, row in
      let logits = logits(
        parameters, batch.embeddings.row(row).map(Double.init), batch.subscenarios[row], batch.benchmark)
      return sum + rowLoss(logits, batch.labels.row(row).map(Double.init))
    }
  }

  private func logits(
    _ all: [[Double]], _ embedding: [Double], _ subscenario: Int?, _ benchmark: Int?
  ) -> [Double] {
    let layers = network.query.layers.layers
    let norms = network.query.layers.norms
    let base = 2 * layers.count + 2 * norms.count
    let width = network.query.subscenarios.columns
    let vector = (0..<width).map { place in subscenario.map { all[base][$0 * width + place] } ?? 0 }
    var values = network.query.use == .concatenate ? embedding + vector : embedding
    for index in layers.indices {
      let inputs = values
      values = all[2 * index + 1].indices.map { unit in
        inputs.indices.reduce(all[2 * index + 1][unit]) {
          $0 + all[2 * index][unit * inputs.count + $1] * inputs[$1]
        }
      }
      guard index + 1 < layers.count else { break }
      if !norms.isEmpty {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        let place = 2 * layers.count + 2 * index
        values = values.indices.map {
          all[place][$0] * (values[$0] - mean) / (variance + 1e-5).squareRoot() + all[place + 1][$0]
        }
      }
      values = values.map { x in
        switch network.query.layers.activation {
        case .rectifier: max(x, 0)
        case .gaussian: x / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        }
      }
    }
    if network.query.use == .add { values = zip(values, vector).map { $0 + $1 } }
    let k = values.count
    let (direct, benchmarks) = (all[base + 1], all[base + 2])
    values = values.indices.map { factor in
      let linear =
        direct.isEmpty ? 0 : embedding.indices.reduce(0) { $0 + embedding[$1] * direct[$1 * k + factor] }
      return values[factor] + linear + (benchmark.map { benchmarks[$0 * k + factor] } ?? 0)
    }
    return llms.map { llm in
      var product = 0.0
      for factor in 0..<k {
        var entry = all[base + 3][llm * k + factor]
        for feature in 0..<features.columns {
          entry += Double(features[llm, feature]) * all[base + 5][feature * k + factor]
        }
        product += values[factor] * entry
      }
      return exp(all[base + 6][0]) * product + all[base + 4][llm]
    }
  }

  private func rowLoss(_ z: [Double], _ y: [Double]) -> Double {
    func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
    let right = y.indices.filter { y[$0] >= 0.5 }
    let wrong = y.indices.filter { y[$0] < 0.5 }
    let seen = y.indices.filter { !y[$0].isNaN }
    switch loss {
    case .bce: return seen.reduce(0) { $0 + softplus(z[$1]) - y[$1] * z[$1] }
    case .softmax:
      guard !wrong.isEmpty else { return 0 }
      return right.reduce(0) { sum, p in sum + log(wrong.reduce(1) { $0 + exp(z[$1] - z[p]) }) }
    case .pairwise:
      return right.reduce(0) { sum, p in wrong.reduce(sum) { $0 + softplus(z[$1] - z[p]) } }
    case .expected:
      let whole = seen.reduce(0) { $0 + exp(z[$1]) }
      return -seen.reduce(0) { $0 + exp(z[$1]) * y[$1] } / max(whole, 1e-300)
    }
  }
}
