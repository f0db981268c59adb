import Metrics
import NumericKernels

/// What one router picked for the measured queries of a cell, and what that earned.
package struct RouterPicks: Equatable, Sendable {
  /// What was picked.
  package enum Picks: Equatable, Sendable {
    /// One candidate for each query, n positions in the cell's pool.
    case single([Int])
    /// Probabilities, n × m with rows of sum 1; one row where all queries share it.
    case shared(Matrix)
  }

  /// The router's name.
  package let router: String
  /// What it picked.
  package let picks: Picks
  /// The expected response to each query under the picks, n numbers in [0, 1].
  package let rewards: [Double]

  /// Picks that were read.
  package init(router: String, picks: Picks, rewards: [Double]) {
    self.router = router
    self.picks = picks
    self.rewards = rewards
  }

  /// What a router did with some queries, in as little room as holds all of it.
  package init(_ routed: RoutedQueries) {
    let matrix = routed.picks
    let single = (0..<matrix.rows).map { row -> Int? in
      let own = matrix.row(row)
      guard own.count(where: { $0 != 0 }) == 1 else { return nil }
      return own.firstIndex(of: 1).map { $0 - own.startIndex }
    }
    let columns = single.compactMap { $0 }
    if columns.count == matrix.rows {
      picks = .single(columns)
    } else if (1..<matrix.rows).allSatisfy({ matrix.row($0).elementsEqual(matrix.row(0)) }) {
      picks = .shared(matrix.selecting(rows: [0]))
    } else {
      picks = .shared(matrix)
    }
    router = routed.router
    rewards = routed.rewards
  }

  /// The probability with which each of `count` candidates was picked for each query, n × m.
  package func matrix(candidates count: Int) -> Matrix {
    switch picks {
    case .single(let columns):
      var matrix = Matrix(rows: rewards.count, columns: count)
      for (row, column) in columns.enumerated() { matrix[row, column] = 1 }
      return matrix
    case .shared(let matrix):
      return matrix.rows == rewards.count
        ? matrix : matrix.selecting(rows: [Int](repeating: 0, count: rewards.count))
    }
  }
}
