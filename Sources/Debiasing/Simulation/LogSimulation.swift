import NumericKernels
import Routing
import RoutingData

/// Makes logs of a benchmark whose responses are all known: what a logger would have seen of it.
///
/// Row i takes its numbers from stream i of the seed, so it depends on nothing but the seed, the queries and i: any thread
/// count gives the same bits, and a longer log begins with the shorter one.
package struct LogSimulation: Sendable {
  /// Who picks.
  package let logger: Logger
  /// The number of rows.
  package let rows: Int
  /// The seed of all that is drawn.
  package let seed: UInt64
  /// Which answers are graded.
  package let grading: Grading

  /// A simulation of a number of rows, at least 1.
  package init(_ logger: Logger, rows: Int, seed: UInt64, grading: Grading? = nil) {
    precondition(rows > 0, "\(rows) rows")
    self.logger = logger
    self.rows = rows
    self.seed = seed
    self.grading = grading ?? .all(llms: logger.candidateCount)
  }

  /// What was drawn for a row before its pick.
  private struct Draw {
    let query: Int
    let pick: Double
    let grade: Double
    let audit: Double
  }

  private static let blockQueries = 64

  /// A log of some queries of a benchmark, drawn with replacement, each with the same probability.
  ///
  /// `llms` are the logger's candidates as columns of the benchmark; `queries` are those of `batch`, at least one. A pick
  /// whose response is missing is ungraded. Memory: 64 × m numbers a thread, and the rows. Cost: n + queries × m.
  ///
  /// - Throws: what the logger's router does.
  package func log(
    named name: String, of benchmark: Benchmark, llms: [Int], queries batch: QueryBatch
  ) throws -> Log {
    precondition(llms.count == logger.candidateCount, "\(llms.count) columns for other candidates")
    precondition(batch.count > 0, "no queries")
    let columns = batch.rows ?? Array(0..<batch.count)
    let draws = draws(among: batch.count)
    let grouped = RowsByQuery(draws, queries: batch.count)
    let blocks = Parallel.blocks(of: batch.count, size: Self.blockQueries)
    let parts = Parallel.map(blocks.count) { index in
      Result { () throws -> [LoggedPick] in
        let block = blocks[index]
        let asked = block.filter { !grouped.rows(of: $0).isEmpty }
        guard !asked.isEmpty else { return [] }
        let propensities = try logger.propensities(for: batch.selecting(asked))
        var picks: [LoggedPick] = []
        for (place, query) in asked.enumerated() {
          let shares = Shares(propensities.row(place))
          for row in grouped.rows(of: query) {
            picks.append(pick(draws[row], shares, of: benchmark, query: columns[query], llms: llms))
          }
        }
        return picks
      }
    }
    var result = [LoggedPick](repeating: LoggedPick(query: 0, llm: 0, response: nil), count: rows)
    var place = 0
    for part in parts {
      for pick in try part.get() {
        result[grouped.order[place]] = pick
        place += 1
      }
    }
    return try Log(name: name, of: benchmark, llms: llms, policies: [logger.name], picks: result)
  }

  /// The rows by query, so that a query's propensities are computed once.
  private struct RowsByQuery {
    /// The rows, those of the first query first, ascending within each.
    let order: [Int]
    private let starts: [Int]

    init(_ draws: [Draw], queries: Int) {
      var starts = [Int](repeating: 0, count: queries + 1)
      for draw in draws { starts[draw.query + 1] += 1 }
      for query in 0..<queries { starts[query + 1] += starts[query] }
      var order = [Int](repeating: 0, count: draws.count)
      var next = starts
      for (row, draw) in draws.enumerated() {
        order[next[draw.query]] = row
        next[draw.query] += 1
      }
      self.order = order
      self.starts = starts
    }

    func rows(of query: Int) -> ArraySlice<Int> { order[starts[query]..<starts[query + 1]] }
  }

  private func draws(among queries: Int) -> [Draw] {
    let blocks = Parallel.blocks(of: rows, size: 4096)
    return Parallel.map(blocks.count) { index in
      blocks[index].map { row in
        var generator = SeededGenerator(seed: seed, stream: "log", row)
        let query = generator.below(queries)
        return Draw(
          query: query, pick: generator.uniformDouble(), grade: generator.uniformDouble(),
          audit: generator.uniformDouble())
      }
    }.flatMap { $0 }
  }

  private func pick(
    _ draw: Draw, _ shares: Shares, of benchmark: Benchmark, query: Int, llms: [Int]
  ) -> LoggedPick {
    let llm = shares.pick(draw.pick)
    let response = benchmark.responses[query, llms[llm]]
    let isAudited = draw.audit < grading.audits
    let isGraded =
      response.map { isAudited || draw.grade < grading.rate(llm: llm, response: $0) } ?? false
    return LoggedPick(
      query: query, llm: llm, response: isGraded ? response : nil, propensity: shares.propensity(of: llm),
      gradePropensity: grading.knownPropensity(llm: llm, isAudited: isAudited), isAudited: isAudited,
      policy: 0, cost: logger.costs?[llm])
  }

  /// A query's propensities, summed up.
  private struct Shares {
    private let sums: [Double]

    init(_ propensities: ArraySlice<Float>) {
      var sum = 0.0
      sums = propensities.map {
        sum += Double($0)
        return sum
      }
    }

    private var total: Double { sums[sums.count - 1] }

    /// The first LLM whose sum is above a share of the total, given in [0, 1).
    func pick(_ share: Double) -> Int {
      let target = share * total
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > target { high = middle } else { low = middle + 1 }
      }
      return low
    }

    /// The probability that `pick` gives an LLM.
    func propensity(of llm: Int) -> Double {
      min((sums[llm] - (llm > 0 ? sums[llm - 1] : 0)) / total, 1)
    }
  }
}
