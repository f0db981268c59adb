import Foundation

/// What each LLM's offset is, given a plain estimate that the logger may have bent and a weighted one that it has not.
///
/// The offsets of a pool are normal about a common mean with spread τ. The plain estimate is precise and off by a normal
/// bias with spread β about a mean of its own; the weighted one is off by its own error alone. Both errors are
/// correlated, because the answers are the same. τ and β are not chosen but averaged over a grid by their marginal likelihood, both
/// means being integrated out (Robbins 1956; Efron and Morris 1973). So near-tied LLMs keep together while a log is
/// small, plain means count where the logger used nothing unknown, and weighted ones where it did.
struct OffsetPosterior {
  /// The mean of each LLM's offset.
  private(set) var means: [Double]
  /// Its standard deviation.
  private(set) var deviations: [Double]
  /// The same as far as answers are few, not as τ and β are unsure: those would make the best LLM look the least sure.
  private(set) var samplingDeviations: [Double]
  /// The mean of τ.
  private(set) var spread = 0.0
  /// The mean of β.
  private(set) var bias = 0.0

  private static let spreads = [0.003, 0.006, 0.012, 0.02, 0.03, 0.045, 0.07, 0.1, 0.15, 0.25]
  private static let biases = [0, 0.006, 0.012, 0.025, 0.04, 0.06, 0.09, 0.14, 0.22]
  /// Both spreads are half normal with this deviation: responses lie in [0, 1].
  private static let priorDeviation = 0.15
  /// The deviation of the mean bias.
  private static let meanBiasDeviation = 0.1
  /// What keeps two estimates that are one apart.
  private static let jitter = 1e-6

  /// The posterior of m offsets.
  ///
  /// `covariances` are those of the two estimates' errors. Cost 90·m.
  init(plain: OffsetEstimates, weighted: OffsetEstimates, covariances: [Double]) {
    let grid = Self.spreads.flatMap { spread in
      Self.biases.map { bias in
        Point(
          spread: spread, bias: bias, plain: plain, weighted: weighted, covariances: covariances)
      }
    }
    let highest = grid.map(\.logLikelihood).max() ?? 0
    let weights = grid.map { exp($0.logLikelihood - highest) }
    let total = weights.reduce(0, +)
    means = [Double](repeating: 0, count: plain.offsets.count)
    var squares = means
    var within = means
    for (point, weight) in zip(grid, weights) {
      let share = weight / total
      spread += share * point.spread
      bias += share * point.bias
      for llm in means.indices {
        means[llm] += share * point.means[llm]
        within[llm] += share * point.variances[llm]
        squares[llm] += share * (point.variances[llm] + point.means[llm] * point.means[llm])
      }
    }
    samplingDeviations = within.map { max($0, 0).squareRoot() }
    deviations = zip(squares, means).map { max($0 - $1 * $1, 0).squareRoot() }
  }

  /// The posterior at one τ and one β.
  private struct Point {
    let spread: Double
    let bias: Double
    let logLikelihood: Double
    let means: [Double]
    let variances: [Double]

    init(
      spread: Double, bias: Double, plain: OffsetEstimates, weighted: OffsetEstimates, covariances: [Double]
    ) {
      self.spread = spread
      self.bias = bias
      let between = spread * spread
      let meanBias = OffsetPosterior.meanBiasDeviation * OffsetPosterior.meanBiasDeviation
      // The inverse of each LLM's 2 × 2 covariance, and the normal equations of the two means.
      var inverses: [(pp: Double, ww: Double, pw: Double)] = []
      var (a, b, c) = (0.0, 0.0, 1 / meanBias)
      var (right, rightBias) = (0.0, 0.0)
      var determinants = 0.0
      for llm in covariances.indices {
        let pp = plain.variances[llm] + bias * bias + OffsetPosterior.jitter + between
        let ww = weighted.variances[llm] + OffsetPosterior.jitter + between
        let pw = covariances[llm] + between
        let determinant = pp * ww - pw * pw
        determinants += log(determinant)
        let inverse = (pp: ww / determinant, ww: pp / determinant, pw: -pw / determinant)
        inverses.append(inverse)
        a += inverse.pp + 2 * inverse.pw + inverse.ww
        b += inverse.pp + inverse.pw
        c += inverse.pp
        right +=
          (inverse.pp + inverse.pw) * plain.offsets[llm] + (inverse.ww + inverse.pw) * weighted.offsets[llm]
        rightBias += inverse.pp * plain.offsets[llm] + inverse.pw * weighted.offsets[llm]
      }
      let determinant = a * c - b * b
      let mean = (c * right - b * rightBias) / determinant
      let shift = (a * rightBias - b * right) / determinant
      var square = shift * shift / meanBias
      var means: [Double] = []
      var variances: [Double] = []
      for (llm, inverse) in inverses.enumerated() {
        let (p, w) = (plain.offsets[llm] - mean - shift, weighted.offsets[llm] - mean)
        square += inverse.pp * p * p + 2 * inverse.pw * p * w + inverse.ww * w * w
        let (byPlain, byWeighted) = (between * (inverse.pp + inverse.pw), between * (inverse.ww + inverse.pw))
        means.append(mean + byPlain * p + byWeighted * w)
        let (byMean, byShift) = (1 - byPlain - byWeighted, -byPlain)
        variances.append(
          between * byMean
            + (byMean * byMean * c - 2 * byMean * byShift * b + byShift * byShift * a) / determinant)
      }
      self.means = means
      self.variances = variances
      let prior = OffsetPosterior.priorDeviation * OffsetPosterior.priorDeviation
      logLikelihood =
        -0.5 * ((between + bias * bias) / prior + determinants + square + log(determinant))
    }
  }
}
