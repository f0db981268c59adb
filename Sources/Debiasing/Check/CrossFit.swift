import Learning
import NumericKernels
import Regression
import Routing
import RoutingData

/// What the features say of a log's responses and weights, each query by kernel ridge regression on the rows of others.
///
/// Each LLM's rows are regressed for themselves, at most 1,500 of them a fold, drawn by the seed; an LLM with fewer rows than 20
/// has its mean. Cost: folds × LLMs × (n³/3 + queries·n·d) for n rows.
struct CrossFit {
  /// The predicted response of each query and LLM, queries of the log × m.
  let responses: Matrix
  /// The predicted weight of each query and LLM, in the same shape.
  let weights: Matrix
  /// The place among the log's queries of each query of the benchmark that it holds.
  let places: [Int: Int]

  private static let folds = 4
  private static let mostRows = 1_500
  private static let leastRows = 20
  private static let mostLLMs = 50
  /// Weights are functions of features without noise under the hypothesis, so their penalty is small.
  private static let weightPenalty = 0.1

  /// Fits the rows of a log with a response and a propensity; `features` are those of the log's queries, in their order.
  ///
  /// - Throws: `DataError` or `NumericalError` of the regression.
  init(_ log: Log, queries: [Int], features: Matrix, seed: UInt64) throws {
    places = Dictionary(uniqueKeysWithValues: queries.enumerated().map { ($1, $0) })
    let count = queries.count
    var fold = Array(0..<count)
    var generator = SeededGenerator(seed: seed, stream: "log-folds")
    generator.shuffle(&fold)
    for place in fold.indices { fold[place] %= Self.folds }
    var rows = [[Row]](repeating: [], count: log.llmCount)
    for pick in log.picks {
      guard let response = pick.response, let seen = pick.seenPropensity, let place = places[pick.query]
      else {
        continue
      }
      rows[pick.llm].append(Row(place: place, response: response, weight: Float(1 / seen)))
    }
    var responses = Matrix(rows: count, columns: log.llmCount)
    var weights = responses
    let all = rows.flatMap(\.self)
    let sum = all.reduce(0.0) { $0 + Double($1.response) }
    let general = Float(sum / Double(max(all.count, 1)))
    let order = rows.indices.sorted { (-rows[$0].count, $0) < (-rows[$1].count, $1) }
    let fitted = Set(order.prefix(Self.mostLLMs).filter { rows[$0].count >= Self.leastRows })
    let choice = try Self.choice(all, features, seed: seed)
    for llm in rows.indices {
      let own = rows[llm]
      let mean = own.isEmpty ? general : own.reduce(0) { $0 + $1.response } / Float(own.count)
      let weight = own.isEmpty ? 1 : own.reduce(0) { $0 + $1.weight } / Float(own.count)
      for place in 0..<count { (responses[place, llm], weights[place, llm]) = (mean, weight) }
      guard fitted.contains(llm), let choice else { continue }
      for part in 0..<Self.folds {
        let train = Self.sample(own.filter { fold[$0.place] != part }, seed: seed, llm)
        let asked = (0..<count).filter { fold[$0] == part }
        guard train.count >= Self.leastRows / 2, !asked.isEmpty else { continue }
        let inputs = features.selecting(rows: train.map(\.place))
        let others = features.selecting(rows: asked)
        let seen = Matrix(rows: train.count, columns: 1, storage: train.map(\.response))
        let weighed = Matrix(rows: train.count, columns: 1, storage: train.map(\.weight))
        let said = BLAS.multiply(try KernelSmoother(inputs, choice).weights(of: others), seen)
        let sharp = KernelSmoother.Choice(l2: Self.weightPenalty, width: choice.width)
        let heavy = BLAS.multiply(try KernelSmoother(inputs, sharp).weights(of: others), weighed)
        for (index, place) in asked.enumerated() {
          responses[place, llm] = min(max(said[index, 0], 0), 1)
          weights[place, llm] = heavy[index, 0]
        }
      }
    }
    self.responses = responses
    self.weights = weights
  }

  private struct Row {
    let place: Int
    let response: Float
    let weight: Float
  }

  private static func sample(_ rows: [Row], seed: UInt64, _ llm: Int) -> [Row] {
    guard rows.count > mostRows else { return rows }
    var order = Array(rows.indices)
    var generator = SeededGenerator(seed: seed, stream: "log-rows", llm)
    generator.shuffle(&order)
    return order.prefix(mostRows).sorted().map { rows[$0] }
  }

  /// The penalty and the width for responses of all LLMs together; nil where they do not differ.
  private static func choice(_ rows: [Row], _ features: Matrix, seed: UInt64) throws -> KernelSmoother.Choice?
  {
    let some = sample(rows, seed: seed, -1)
    guard Set(some.map(\.response)).count > 1, Set(some.map(\.place)).count >= leastRows else { return nil }
    return try KernelSmoother.choice(
      features.selecting(rows: some.map(\.place)),
      targets: Matrix(rows: some.count, columns: 1, storage: some.map(\.response)), seed: seed)
  }
}
