import NumericKernels

/// The moments of train embeddings, and the standard that they make.
///
/// The centre is the mean embedding. A column whose deviation is rounding beside its mean is constant and left out,
/// and so is a dead one, rounding beside the other columns. Columns that deviate within a factor of 3 of the median
/// keep their relative scale, as those of an encoder do; any other has a unit of its own and gets the median. One
/// factor for all then makes the mean squared length of a row 1, as sentence embeddings have it, for which penalties
/// and learning rates were chosen. Rows ten times as long as the median row are broken, and don't count.
///
/// Encoders that stand side by side get a standard each and equal weights: of p encoders each has the mean squared length
/// 1/p, whatever their dimensions and units are.
struct FeatureMoments {
  /// Columns that say the same of every query, but for rounding.
  let constants: [Int]
  /// The standard.
  let standard: FeatureStandard

  /// A deviation below this share of the mean's size is rounding.
  private static let rounding = 1e-6
  /// A deviation below this share of the median one is that of a dead unit.
  private static let deadShare = 5e-7
  /// Deviations further from the median than this factor are those of another unit.
  private static let sameUnit = 3.0
  /// Rows longer than this times the median length do not count.
  private static let brokenLength = 10.0
  /// How long features may be where their root mean square is 1.
  private static let limit: Float = 5
  private static let rounds = 4

  /// The moments of the rows of some matrices with the same columns, of encoders of these widths side by side.
  init(_ parts: [Matrix], widths: [Int]?) {
    guard let widths, widths.count > 1 else {
      self.init(parts)
      return
    }
    let share = Float(1 / Double(widths.count).squareRoot())
    var (constants, columns, centre, scale): ([Int], [Int], [Float], [Float]) = ([], [], [], [])
    var first = 0
    for width in widths {
      let range = Array(first..<first + width)
      let own = FeatureMoments(parts.map { $0.selecting(columns: range) })
      constants += own.constants.map { $0 + first }
      columns += own.standard.columns.map { $0 + first }
      centre += own.standard.centre
      scale += own.standard.scale.map { $0 * share }
      first += width
    }
    self.init(
      constants: constants,
      standard: FeatureStandard(
        dimensions: first, columns: columns, centre: centre, scale: scale, limit: Self.limit))
  }

  private init(constants: [Int], standard: FeatureStandard) {
    self.constants = constants
    self.standard = standard
  }

  /// The moments of the rows of some matrices with the same columns, in `Double`; some passes over them.
  init(_ parts: [Matrix]) {
    let dimensions = parts.first?.columns ?? 0
    var counts = [Bool](repeating: true, count: parts.reduce(0) { $0 + $1.rows })
    var round = Round(parts, counts: counts, dimensions: dimensions)
    for _ in 1..<Self.rounds {
      let lengths = round.squaredLengths(parts)
      let order = lengths.sorted()
      let median = order.isEmpty ? 0 : order[order.count / 2]
      guard median > 0 else { break }
      let next = lengths.map { $0 <= Self.brokenLength * Self.brokenLength * median }
      if next == counts { break }
      counts = next
      round = Round(parts, counts: counts, dimensions: dimensions)
    }
    constants = round.constants
    standard = round.standard(parts, counts: counts, limit: Self.limit)
  }

  /// The moments of the rows that count.
  private struct Round {
    var centre: [Double]
    var deviations: [Double]
    var constants: [Int] = []
    /// The columns that vary; all of them where none does.
    var columns: [Int] = []
    /// The inverse of each of these columns' unit, before the common factor; 0 where nothing varies.
    var factors: [Double] = []

    init(_ parts: [Matrix], counts: [Bool], dimensions: Int) {
      centre = [Double](repeating: 0, count: dimensions)
      deviations = centre
      let total = Double(max(counts.filter { $0 }.count, 1))
      FeatureMoments.forEachRow(of: parts, counts) { row in
        for (column, value) in row.enumerated() { centre[column] += Double(value) }
      }
      for column in 0..<dimensions { centre[column] /= total }
      FeatureMoments.forEachRow(of: parts, counts) { row in
        for (column, value) in row.enumerated() {
          let difference = Double(value) - centre[column]
          deviations[column] += difference * difference
        }
      }
      for column in 0..<dimensions { deviations[column] = (deviations[column] / total).squareRoot() }
      constants = (0..<dimensions).filter {
        !(deviations[$0] > FeatureMoments.rounding * abs(centre[$0]))
      }
      let constant = Set(constants)
      let varying = (0..<dimensions).filter { !constant.contains($0) }
      let sorted = varying.map { deviations[$0] }.sorted()
      let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      columns = varying.filter { deviations[$0] >= FeatureMoments.deadShare * median }
      factors = columns.map { column in
        let ratio = deviations[column] / median
        let isOwnUnit = ratio > FeatureMoments.sameUnit || ratio * FeatureMoments.sameUnit < 1
        return 1 / (isOwnUnit ? deviations[column] : median)
      }
      if columns.isEmpty {
        columns = Array(0..<dimensions)
        factors = columns.map { _ in 0 }
      }
    }

    /// The squared length of each row, without the common factor.
    func squaredLengths(_ parts: [Matrix]) -> [Double] {
      var lengths: [Double] = []
      FeatureMoments.forEachRow(of: parts, nil) { row in
        var square = 0.0
        for (place, column) in columns.enumerated() {
          let value = (Double(row[row.startIndex + column]) - centre[column]) * factors[place]
          square += value * value
        }
        lengths.append(square)
      }
      return lengths
    }

    /// The standard with the common factor.
    func standard(_ parts: [Matrix], counts: [Bool], limit: Float) -> FeatureStandard {
      let lengths = zip(squaredLengths(parts), counts).filter { $0.1 }.map { $0.0 }
      let mean = lengths.reduce(0, +) / Double(max(lengths.count, 1))
      let common = mean > 0 ? 1 / mean.squareRoot() : 0
      return FeatureStandard(
        dimensions: centre.count, columns: columns, centre: columns.map { Float(centre[$0]) },
        // Deviations near the least of `Float` have an inverse beyond the largest.
        scale: factors.map { Float(min($0 * common, Double(Float.greatestFiniteMagnitude))) }, limit: limit)
    }
  }

  /// Calls a body with each row that counts, in order.
  private static func forEachRow(
    of parts: [Matrix], _ counts: [Bool]?, _ body: (ArraySlice<Float>) -> Void
  ) {
    var place = 0
    for part in parts {
      for row in 0..<part.rows {
        if counts?[place] ?? true { body(part.row(row)) }
        place += 1
      }
    }
  }
}
