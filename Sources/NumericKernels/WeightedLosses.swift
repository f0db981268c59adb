#if canImport(Glibc)
  import Glibc
#endif

/// The losses of labelled logits where each cell has a weight: a cell of weight w counts as w cells of its row.
///
/// Weights come with logs, whose rows have few cells, so the sums run cell by cell in `Double`. Terms are counted as
/// without weights: weights have the mean 1 over all train cells, and what one batch weighs must not cancel.
public enum WeightedLosses {
  /// A cell of a row that has a label.
  struct Cell {
    let column: Int
    let logit: Double
    let label: Double
    let weight: Double
  }

  /// The binary cross-entropy Σ w·(log(1 + eᶻ) − y·z): see `BinaryCrossEntropy.replaceWithSummedGradient`.
  public static func binaryCrossEntropy(_ logits: inout Matrix, labels: Matrix, weights: Matrix) -> LossSum {
    forEachRow(&logits, labels: labels, weights: weights) { cells, gradient in
      var sum = LossSum(terms: Double(cells.count))
      for cell in cells {
        sum.total += cell.weight * (softplus(cell.logit) - cell.label * cell.logit)
        gradient[cell.column] = cell.weight * (sigmoid(cell.logit) - cell.label)
      }
      return sum
    }
  }

  /// Σ over right cells p of w_p·log(1 + exp(L − z_p)) with L = log Σ w_n·exp z_n over the wrong cells of the row.
  public static func multiPositiveSoftmax(
    _ logits: inout Matrix, labels: Matrix, weights: Matrix
  ) -> LossSum {
    forEachRow(&logits, labels: labels, weights: weights) { cells, gradient in
      let right = cells.filter { $0.label >= 0.5 && $0.weight > 0 }
      let wrong = cells.filter { $0.label < 0.5 && $0.weight > 0 }
      guard let top = wrong.map(\.logit).max(), !right.isEmpty else { return LossSum() }
      let exponentials = wrong.map { $0.weight * exp($0.logit - top) }
      let whole = exponentials.reduce(0, +)
      let normalizer = top + log(whole)
      var sum = LossSum(terms: Double(right.count))
      var pull = 0.0
      for cell in right {
        let share = cell.weight * sigmoid(normalizer - cell.logit)
        sum.total += cell.weight * softplus(normalizer - cell.logit)
        gradient[cell.column] = -share
        pull += share
      }
      for (cell, exponential) in zip(wrong, exponentials) {
        gradient[cell.column] = pull * exponential / whole
      }
      return sum
    }
  }

  /// Σ over pairs of a right and a wrong cell of a row of w_p·w_n·log(1 + exp(z_n − z_p)).
  public static func pairwiseLogistic(_ logits: inout Matrix, labels: Matrix, weights: Matrix) -> LossSum {
    forEachRow(&logits, labels: labels, weights: weights) { cells, gradient in
      let wrong = cells.filter { $0.label < 0.5 }
      var sum = LossSum()
      for right in cells where right.label >= 0.5 {
        for other in wrong {
          let weight = right.weight * other.weight
          let difference = other.logit - right.logit
          sum += LossSum(total: weight * softplus(difference), terms: 1)
          gradient[other.column] += weight * sigmoid(difference)
          gradient[right.column] -= weight * sigmoid(difference)
        }
      }
      return sum
    }
  }

  /// Minus the expected label Σ p·y of each row with p ∝ w·exp z, times the mean weight of the row's cells.
  public static func expectedScore(_ logits: inout Matrix, labels: Matrix, weights: Matrix) -> LossSum {
    forEachRow(&logits, labels: labels, weights: weights) { cells, gradient in
      let known = cells.filter { $0.weight > 0 }
      guard let top = known.map(\.logit).max() else { return LossSum() }
      let exponentials = known.map { $0.weight * exp($0.logit - top) }
      let whole = exponentials.reduce(0, +)
      let rewards = zip(known, exponentials).reduce(0) { $0 + $1.0.label * $1.1 }
      let mean = known.reduce(0) { $0 + $1.weight } / Double(known.count)
      for (cell, exponential) in zip(known, exponentials) {
        gradient[cell.column] = mean * exponential / whole * (rewards / whole - cell.label)
      }
      return LossSum(total: -mean * rewards / whole, terms: 1)
    }
  }

  /// Replaces each row of logits by what `body` leaves in a row of zeros; sums what it returns.
  private static func forEachRow(
    _ logits: inout Matrix, labels: Matrix, weights: Matrix,
    _ body: ([Cell], inout [Double]) -> LossSum
  ) -> LossSum {
    precondition(
      logits.rows == labels.rows && logits.columns == labels.columns && weights.rows == labels.rows
        && weights.columns == labels.columns,
      "\(logits.shapeText) logits, \(labels.shapeText) labels, \(weights.shapeText) weights")
    var sum = LossSum()
    for row in 0..<logits.rows {
      var cells: [Cell] = []
      let (z, w) = (Array(logits.row(row)), Array(weights.row(row)))
      for (column, label) in labels.row(row).enumerated() where !label.isNaN {
        cells.append(
          Cell(
            column: column, logit: Double(z[column]), label: Double(label), weight: Double(w[column])))
      }
      var gradient = [Double](repeating: 0, count: logits.columns)
      sum += body(cells, &gradient)
      logits.replaceRow(row, with: gradient.map { Float($0) })
    }
    return sum
  }

  private static func softplus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }

  private static func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
}
