import Foundation
import NumericKernels

/// Finds queries whose embedding is far longer or shorter than those of the others.
///
/// One such row can decide a choice on validation queries, or overflow single precision when it is squared. Norms
/// are compared as logarithms, so that ten times too long is as far off as ten times too short, by the robust
/// z-score of Iglewicz and Hoaglin 1993: the distance from the median over 1.4826 median absolute deviations.
enum OutlyingNorms {
  /// The least z-score that is reported: in 10⁸ normal numbers one is farther out.
  private static let threshold = 6.0
  /// The least spread of the logarithms that is believed: norms of normalised embeddings differ by rounding only.
  private static let leastSpread = 0.05

  /// Examines the embeddings of a benchmark by an encoder.
  ///
  /// - Parameters:
  ///   - matrix: the embeddings, queries as rows, finite.
  ///   - ids: the source's ids, where known.
  /// - Returns: the number of outlying rows, and the `examples` that are farthest out, farthest first.
  static func finding(
    _ benchmark: Benchmark, encoder: String, _ matrix: Matrix, ids: [String]?, examples: Int
  ) -> LeakAudit.NormFinding {
    let norms = (0..<matrix.rows).map { norm(matrix.row($0)) }
    let logarithms = norms.filter { $0 > 0 }.map { log($0) }
    var finding = LeakAudit.NormFinding(
      benchmark: benchmark.name, encoder: encoder, medianNorm: median(norms))
    // Where most embeddings are 0, those that are not are no outliers.
    guard finding.medianNorm > 0 else { return finding }
    let center = median(logarithms)
    let spread = max(1.4826 * median(logarithms.map { abs($0 - center) }), leastSpread)
    var outlying: [(row: Int, score: Double)] = []
    for (row, norm) in norms.enumerated() {
      let score = norm > 0 ? abs(log(norm) - center) / spread : .infinity
      if score > threshold { outlying.append((row, score)) }
    }
    outlying.sort { ($1.score, $0.row) < ($0.score, $1.row) }
    finding.outlying = outlying.count
    finding.top = outlying.prefix(examples).map { row, score in
      LeakAudit.NormFinding.Row(
        query: LeakAudit.QueryName(benchmark, row: row, id: ids?[row]), norm: norms[row],
        score: score.isFinite ? score : nil)
    }
    return finding
  }

  /// The length of a vector, in double precision: squares of finite numbers can't overflow there.
  private static func norm(_ vector: ArraySlice<Float>) -> Double {
    vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// The median; 0 of no numbers.
  private static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
