import NumericKernels

/// The per-query numbers whose resampled means a bootstrap needs, as the columns of one matrix.
///
/// One product counts × columns then gives every mean of a block of resamples. Columns: the
/// candidates' responses and the best of them; then for each router its rewards, its entropies, the
/// picks of each candidate that it ever picks and, if it predicts responses, its prediction errors.
/// Each column is stored as its deviation from its first value, and equal deviations are stored once:
/// an SGEMM kernel may round one column of a product differently from its neighbour, and what is equal
/// must stay equal on every resample.
package struct ResampledColumns: Sendable {
  /// The columns of one router.
  package struct RouterColumns: Sendable {
    package let reward: Int
    package let entropy: Int
    package let picks: Range<Int>
    /// The log-loss and the squared error, then the signed error of each bin; empty without predictions.
    package let errors: Range<Int>
    /// Whether any of the picks differs between queries.
    package let picksVary: Bool
  }

  /// The distinct deviations, n × at most as many as there are columns, rows in the order of the resampling.
  package let deviations: Matrix
  /// The column of `deviations` that holds each column.
  package let places: [Int]
  /// The first value of each column.
  package let firsts: [Double]
  /// The number of candidates, whose responses are the first columns; the best response comes next.
  package let candidates: Int
  /// The column of the candidate that is best on the measured queries.
  package let testBest: Int
  /// The column of the candidate that was best on train.
  package let trainBest: Int?
  /// The columns of each router.
  package let routers: [RouterColumns]

  package init(_ pool: PoolResponses, _ routed: [RoutedQueries], order: [Int]) {
    candidates = pool.llms.count
    testBest = pool.testBest
    trainBest = pool.trainBest
    var columns = (0..<candidates).map { pool.values.column($0).map(Double.init) }
    columns.append(pool.bestResponses)
    var routers: [RouterColumns] = []
    for outcome in routed {
      let reward = columns.count
      columns.append(outcome.rewards)
      columns.append(outcome.entropies)
      var picksVary = false
      for candidate in 0..<candidates {
        let picks = outcome.picks.column(candidate)
        guard picks.contains(where: { $0 != 0 }) else { continue }
        if picks.contains(where: { $0 != picks[0] }) { picksVary = true }
        columns.append(picks.map(Double.init))
      }
      let errors = columns.count
      if let wrong = outcome.predictionErrors { columns += [wrong.logLosses, wrong.squared] + wrong.signed }
      routers.append(
        RouterColumns(
          reward: reward, entropy: reward + 1, picks: reward + 2..<errors, errors: errors..<columns.count,
          picksVary: picksVary))
    }
    self.routers = routers
    firsts = columns.map { $0[0] }
    var known: [[Float]: Int] = [:]
    places = columns.map { column in
      let values = order.map { Float(column[$0] - column[0]) }
      if let place = known[values] { return place }
      known[values] = known.count
      return known.count - 1
    }
    var deviations = Matrix(rows: order.count, columns: known.count)
    for (values, place) in known {
      for (row, value) in values.enumerated() { deviations.storage[row * known.count + place] = value }
    }
    self.deviations = deviations
  }

  /// The statistics of a block of resamples from how often each draws each query, resamples × n.
  package func statistics(ofCounts counts: Matrix) -> BootstrapReplicates {
    let sums = BLAS.multiply(counts, deviations)
    let count = deviations.rows
    func mean(_ row: Int, _ column: Int) -> Double {
      ShiftedMean.of(
        first: firsts[column], deviations: Double(sums.storage[row * sums.columns + places[column]]),
        count: count)
    }
    let rows = 0..<counts.rows
    func means(_ column: Int) -> [Double] { rows.map { mean($0, column) } }
    func pickEntropy(_ router: RouterColumns) -> [Double] {
      // Picks that don't vary have one entropy, and logarithms are what takes long.
      let needed = router.picksVary ? rows : 0..<1
      let entropies = needed.map { row in Entropy.bits(router.picks.lazy.map { mean(row, $0) }) }
      return router.picksVary ? entropies : [Double](repeating: entropies[0], count: rows.count)
    }
    return BootstrapReplicates(
      bestSingle: rows.map { row in (0..<candidates).reduce(0) { max($0, mean(row, $1)) } },
      testBest: means(testBest), trainBest: trainBest.map(means), oracle: means(candidates),
      routers: routers.map { router in
        RouterReplicates(
          mu: means(router.reward), classificationBias: means(router.entropy),
          pickEntropy: pickEntropy(router),
          logLoss: router.errors.first.map { column in means(column).map { max(0, $0) } },
          brier: router.errors.dropFirst().first.map { column in means(column).map { max(0, $0) } },
          calibrationError: router.errors.isEmpty
            ? nil : rows.map { row in router.errors.dropFirst(2).reduce(0) { $0 + abs(mean(row, $1)) } })
      })
  }
}
