import Baselines
import Foundation
import NumericKernels
import RoutingData

/// What the nearest-neighbour router can measure, however ties of neighbours are broken.
///
/// Where train queries share an embedding and only some of them are among the k nearest, scikit-learn
/// takes what numpy's `argpartition` happens to leave in front, which differs between processors: its
/// result is one of those that all choices give. Slow, readable and in `Double`; a table of binary
/// responses without missing ones.
package struct NeighbourTies: Sendable {
  private let benchmark: Benchmark
  private let test: [Int]
  /// For each test query every set of neighbours that it may have, as rows of the benchmark.
  private let choices: [[[Int]]]

  /// The sets of `count` neighbours of the test queries; at most 8 more are looked at for ties.
  package init(_ benchmark: Benchmark, embeddings: Matrix, count: Int) {
    self.benchmark = benchmark
    let train = benchmark.split.queries(in: .train)
    test = benchmark.split.queries(in: .test)
    let nearest = NearestNeighbours(train: embeddings.selecting(rows: train))
      .nearest(to: embeddings.selecting(rows: test), count: count + 8)
    choices = nearest.map { places in
      let rows = places.map { train[$0] }
      guard rows.count > count else { return [rows] }
      let last = embeddings.row(rows[count - 1])
      let tied = rows.filter { embeddings.row($0).elementsEqual(last) }
      let sure = rows.prefix(count).filter { !tied.contains($0) }
      return Self.subsets(of: tied, count: count - sure.count).map { sure + $0 }
    }
  }

  private static func subsets(of rows: [Int], count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    guard rows.count >= count else { return [] }
    let rest = Array(rows.dropFirst())
    return subsets(of: rest, count: count - 1).map { [rows[0]] + $0 } + subsets(of: rest, count: count)
  }

  /// The ranges of μ, V_R, V_B and E_p on a pool; equal scores go to the first LLM.
  package func ranges(on pool: CandidatePool) -> [ClosedRange<Double>] {
    func response(_ query: Int, _ llm: Int) -> Double { Double(benchmark.responses[query, llm] ?? .nan) }
    var low = (mu: 0.0, entropy: 0.0)
    var high = low
    for (query, sets) in zip(test, choices) {
      let outcomes = sets.map { neighbours -> (reward: Double, entropy: Double) in
        let means = pool.llms.map { llm in
          neighbours.reduce(0) { $0 + response($1, llm) } / Double(neighbours.count)
        }
        let pick = means.indices.reduce(0) { means[$1] > means[$0] ? $1 : $0 }
        let total = means.reduce(0) { $0 + exp($1) }
        let entropy = means.reduce(0) { $0 - exp($1) / total * log2(exp($1) / total) }
        return (response(query, pool.llms[pick]), entropy)
      }
      low.mu += outcomes.map(\.reward).min() ?? 0
      high.mu += outcomes.map(\.reward).max() ?? 0
      low.entropy += outcomes.map(\.entropy).min() ?? 0
      high.entropy += outcomes.map(\.entropy).max() ?? 0
    }
    let count = Double(test.count)
    let best = pool.llms.map { llm in test.reduce(0) { $0 + response($1, llm) } / count }.max() ?? .nan
    let mu = (low.mu / count, high.mu / count)
    let divisors: [Double] = [1, benchmark.referenceAccuracy ?? .nan, best]
    var ranges = divisors.map { divisor in mu.0 / divisor...mu.1 / divisor }
    ranges.append(low.entropy / count...high.entropy / count)
    return ranges
  }
}
