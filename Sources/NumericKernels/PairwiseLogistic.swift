/// The logistic loss of all pairs of a right and a wrong LLM of a row: Σ log(1 + exp(z_wrong − z_right)).
///
/// Source: Burges et al. 2005 (RankNet); without sampling, as all discordant pairs are known.
public enum PairwiseLogistic {
  /// Differences to the row's centre are kept below this, so that quotients of exponentials stay in range.
  private static let reach: Float = 43

  /// Replaces logits by the gradient of the loss summed over the discordant pairs, and returns that sum.
  ///
  /// Both matrices are n × m; labels ≥ 1/2 are right, smaller ones wrong, NaN missing. The terms are the
  /// pairs. The sum is NaN where an observed logit of a row with pairs is not finite. With a = exp(z − c),
  /// taken once for each cell, σ(z_n − z_p) = a_n / (a_n + a_p): a pair costs one division and no
  /// exponential. Gradients are exact for logits up to 43 from the middle of their row's range. One thread;
  /// cost of order (right · wrong) for each row: unlike a hinge, this loss has no exact form in m·log m.
  public static func replaceWithSummedGradient(_ logits: inout Matrix, labels: Matrix) -> LossSum {
    let columns = logits.columns
    var pairs = Pairs(columns: columns)
    var terms = 0.0
    LabelledRows.forEach(&logits, labels: labels) { z, y in
      pairs.gather(z, y, columns: columns)
      if !pairs.right.isEmpty, !pairs.wrong.isEmpty {
        terms += Double(pairs.right.count * pairs.wrong.count)
        pairs.compare(z)
      } else {
        for column in 0..<columns { z[column] = 0 }
      }
    }
    return LossSum(total: pairs.softplus.total, terms: terms)
  }

  /// The right and wrong cells of a row; buffers are reused from row to row.
  private struct Pairs {
    typealias Lanes = VectorMath.Lanes

    /// The columns of the right cells.
    private(set) var right: [Int] = []
    /// The columns of the wrong cells.
    private(set) var wrong: [Int] = []
    /// The loss of all rows so far.
    private(set) var softplus = SoftplusSum()
    /// A group of eight wrong cells: z, exp(z − c), its inverse, and the gradient so far.
    private struct Group {
      var logits = Lanes(repeating: 0)
      var weights = Lanes(repeating: 0)
      var inverses = Lanes(repeating: 0)
      var gradients = Lanes(repeating: 0)
    }
    private var groups: [Group] = []

    init(columns: Int) {
      right.reserveCapacity(columns)
      wrong.reserveCapacity(columns)
      groups.reserveCapacity((columns + 7) / 8)
    }

    /// Finds the right and wrong cells, and leaves 0 in the missing ones.
    mutating func gather(_ z: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>, columns: Int) {
      right.removeAll(keepingCapacity: true)
      wrong.removeAll(keepingCapacity: true)
      for column in 0..<columns {
        if y[column] >= 0.5 {
          right.append(column)
        } else if y[column] < 0.5 {
          wrong.append(column)
        } else {
          z[column] = 0
        }
      }
    }

    /// Adds the losses of all pairs and leaves the gradient in the row.
    mutating func compare(_ z: UnsafeMutablePointer<Float>) {
      var (least, most, faults) = (Float.infinity, -Float.infinity, Float(0))
      for cells in [right, wrong] {
        for column in cells {
          (least, most) = (min(least, z[column]), max(most, z[column]))
          faults += z[column] - z[column]
        }
      }
      let centre = least / 2 + most / 2
      fillGroups(z, centre: centre)
      for column in right {
        let logit = z[column]
        let weight = Self.weight(Lanes(repeating: logit), centre: centre)
        let inverse = 1 / weight
        var pull = Lanes(repeating: 0)
        for index in groups.indices {
          let sum = groups[index].weights + weight
          let share = groups[index].weights / sum
          pull += share
          groups[index].gradients += share
          let difference = groups[index].logits - logit
          softplus.add(
            linear: difference.replacing(with: 0, where: difference .< 0),
            factor: sum * pointwiseMin(groups[index].inverses, inverse))
        }
        z[column] = -pull.sum()
      }
      for (place, column) in wrong.enumerated() { z[column] = groups[place >> 3].gradients[place & 7] }
      softplus.add(linear: Lanes(repeating: faults), factor: Lanes(repeating: 1))
    }

    private mutating func fillGroups(_ z: UnsafePointer<Float>, centre: Float) {
      groups.removeAll(keepingCapacity: true)
      for start in stride(from: 0, to: wrong.count, by: 8) {
        // Lanes past the end lose against every right cell by infinity.
        var group = Group()
        group.logits = Lanes(repeating: -.infinity)
        for place in start..<min(start + 8, wrong.count) { group.logits[place - start] = z[wrong[place]] }
        group.weights = Self.weight(group.logits, centre: centre)
          .replacing(with: 0, where: group.logits .== -.infinity)
        group.inverses = 1 / group.weights
        groups.append(group)
      }
    }

    private static func weight(_ z: Lanes, centre: Float) -> Lanes {
      VectorMath.exp(
        (z - centre).clamped(
          lowerBound: Lanes(repeating: -PairwiseLogistic.reach),
          upperBound: Lanes(repeating: PairwiseLogistic.reach)))
    }
  }
}
