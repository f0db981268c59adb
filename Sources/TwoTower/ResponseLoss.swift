import NumericKernels
import RoutingData

/// What a two-tower model's logits are fitted to.
package enum ResponseLoss: String, CaseIterable, Codable, Sendable {
  /// Binary cross-entropy of every response; grades between 0 and 1 are soft labels.
  case bce
  /// The softmax of each right LLM against the wrong ones of its query.
  case softmax
  /// The logistic loss of each pair of a right and a wrong LLM of a query.
  case pairwise
  /// Minus the expected response of an LLM drawn from the softmax of the logits; grades are rewards.
  case expected

  /// Whether it knows right and wrong only.
  private var isDiscrete: Bool { self == .softmax || self == .pairwise }

  /// The labels of some rows of a block, one row for each index, NaN where missing.
  ///
  /// For `softmax` and `pairwise` continuous grades become RouterEval's selection vectors: right is a grade
  /// of at least 0.95 of the best that any of the block's LLMs has for the query.
  func labels(_ cells: GradedCells, rows: some Collection<Int>) -> Matrix {
    let responses = cells.dense(rows: rows)
    guard isDiscrete, case .floats = cells.values else { return responses }
    return SelectionVectors.labels(responses, isBinary: false)
  }

  /// Replaces n × m logits by the gradient of the summed loss; returns the sum and its number of terms.
  ///
  /// A cell of weight w counts as w cells; see `WeightedLosses`.
  func replaceWithSummedGradient(_ logits: inout Matrix, labels: Matrix, weights: Matrix? = nil) -> LossSum {
    if let weights {
      switch self {
      case .bce: return WeightedLosses.binaryCrossEntropy(&logits, labels: labels, weights: weights)
      case .softmax: return WeightedLosses.multiPositiveSoftmax(&logits, labels: labels, weights: weights)
      case .pairwise: return WeightedLosses.pairwiseLogistic(&logits, labels: labels, weights: weights)
      case .expected: return WeightedLosses.expectedScore(&logits, labels: labels, weights: weights)
      }
    }
    return switch self {
    case .bce: BinaryCrossEntropy.replaceWithSummedGradient(&logits, labels: labels)
    case .softmax: MultiPositiveSoftmax.replaceWithSummedGradient(&logits, labels: labels)
    case .pairwise: PairwiseLogistic.replaceWithSummedGradient(&logits, labels: labels)
    case .expected: ExpectedScore.replaceWithSummedGradient(&logits, labels: labels)
    }
  }
}
