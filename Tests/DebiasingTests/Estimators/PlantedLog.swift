import NumericKernels

@testable import Debiasing

/// Logs of a planted world, in which the value of every target is known.
struct PlantedLog {
  /// The number of LLMs, m.
  let llms: Int
  /// p(a|x), n × m.
  var logging: [[Double]] = []
  /// The true mean answers, n × m.
  var truth: [[Double]] = []
  /// What a model predicts of them, n × m: the truth with errors.
  var model: [[Double]] = []
  var picks: [Int] = []
  var responses: [Double] = []
  var queries: [Int] = []

  /// Rows whose queries have a hardness h in [0, 1); LLM j answers with probability near 0.9 − 0.5·h·(j + 1)/m.
  ///
  /// The logger sends hard queries to the first LLMs; every propensity is at least `floor`/m. Each query has `repeats`
  /// rows. `modelError` is how far the model is off.
  init(
    rows: Int, llms: Int = 4, floor: Double = 0.2, repeats: Int = 1, modelError: Double = 0.1, seed: UInt64
  ) {
    self.llms = llms
    var generator = SeededGenerator(seed: seed, stream: "planted")
    for query in 0..<(rows / repeats) {
      let hardness = Double(generator.uniform())
      let right = (0..<llms).map { 0.9 - 0.5 * hardness * Double($0 + 1) / Double(llms) }
      let errors = (0..<llms).map { _ in modelError * Double(generator.normal()) }
      let favoured = (0..<llms).map { hardness > Double($0) / Double(llms) ? 1.0 : 0.2 }
      let total = favoured.reduce(0, +)
      let shares = favoured.map { (1 - floor) * $0 / total + floor / Double(llms) }
      // The query's own luck, which its rows share: answers to one query are alike.
      let luck = Double(generator.uniform())
      for _ in 0..<repeats {
        logging.append(shares)
        truth.append(right)
        model.append(zip(right, errors).map { min(max($0 + $1, 0), 1) })
        var (pick, rest) = (0, Double(generator.uniform()))
        while pick < llms - 1, rest >= shares[pick] {
          rest -= shares[pick]
          pick += 1
        }
        picks.append(pick)
        let chance = repeats > 1 ? luck : Double(generator.uniform())
        responses.append(chance < right[pick] ? 1 : 0)
        queries.append(query)
      }
    }
  }

  var count: Int { picks.count }

  /// The rows for a target that picks LLM j of row i with probability π(i, j); LLMs in some order.
  func rows(order: [Int]? = nil, target: (_ row: Int, _ llm: Int) -> Double) -> TargetRows {
    let order = order ?? Array(0..<llms)
    return TargetRows(
      weights: (0..<count).map { target($0, picks[$0]) / logging[$0][picks[$0]] }, responses: responses,
      predictions: (0..<count).map { model[$0][picks[$0]] },
      expected: (0..<count).map { row in order.reduce(0) { $0 + target(row, $1) * model[row][$1] } },
      groupWeights: (0..<count).map { row in
        let group = order.filter { $0 / 2 == picks[row] / 2 }
        return group.reduce(0) { $0 + target(row, $1) } / group.reduce(0) { $0 + logging[row][$1] }
      }, clusters: queries)
  }

  /// Picks the LLM that is best by the truth with the given probability, else any.
  func greedy(_ share: Double = 1) -> (Int, Int) -> Double {
    { row, llm in
      (llm == llms - 1 ? share : 0) + (1 - share) / Double(llms)
    }
  }

  /// A target that depends on the query: the logger's shares to a power, such as −1 for its opposite.
  func power(_ exponent: Int) -> (Int, Int) -> Double {
    { row, llm in
      func raised(_ share: Double) -> Double {
        let product = (0..<abs(exponent)).reduce(1.0) { value, _ in value * share }
        return exponent < 0 ? 1 / product : product
      }
      return raised(logging[row][llm]) / logging[row].reduce(0) { $0 + raised($1) }
    }
  }
}
