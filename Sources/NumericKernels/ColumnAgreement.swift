/// Pairs of columns of graded cells that are nearly equal, whatever the cells weigh.
///
/// Exact: every pair is compared, row by row, until it is clear that too many rows differ. Columns that have
/// little in common are given up after a few hundred rows, so the cost is far below the rows of all pairs.
public enum ColumnAgreement {
  /// Two columns, the earlier one first.
  public struct Pair: Equatable, Sendable {
    /// The first column.
    public let first: Int
    /// The second column.
    public let second: Int
    /// The rows in which both are observed.
    public let common: Int
    /// Those of them in which the cells differ.
    public let differing: Int

    /// The share of common rows in which the cells are equal.
    public var agreement: Double { 1 - Double(differing) / Double(common) }
  }

  /// What a search found.
  public struct Result: Equatable, Sendable {
    /// The number of pairs.
    public var count = 0
    /// The columns that are in any pair, ascending.
    public var columns: [Int] = []
    /// The pairs that agree most, best first; of equal ones the earlier columns.
    public var top: [Pair] = []
  }

  /// Finds all pairs of columns that agree in at least a share of the rows that both have.
  ///
  /// - Parameters:
  ///   - threshold: the least share, in (0, 1].
  ///   - minimumCommon: the least number of common rows: fewer say nothing.
  ///   - keeping: how many pairs to return.
  /// - Complexity: m²/2 pairs of m columns; 64 rows of a pair of binary columns take two instructions or three.
  public static func pairs(
    of target: GradedCells, threshold: Double, minimumCommon: Int, keeping: Int
  ) -> Result {
    precondition(threshold > 0 && threshold <= 1 && minimumCommon > 0)
    let columns = ColumnWords(target)
    let blocks = Parallel.blocks(of: target.columns, size: 32)
    // Later blocks have fewer columns behind them; small blocks taken in turn even that out.
    let found = Parallel.map(blocks.count) { index -> (count: Int, touched: Set<Int>, top: [Pair]) in
      var (count, touched, top): (Int, Set<Int>, [Pair]) = (0, [], [])
      for first in blocks[index] {
        for second in first + 1..<max(first + 1, target.columns) {
          guard
            let pair = columns.compare(first, second, threshold: threshold, minimumCommon: minimumCommon)
          else { continue }
          count += 1
          touched.insert(first)
          touched.insert(second)
          top.append(pair)
        }
        if top.count > 4 * keeping { top = best(top, keeping) }
      }
      return (count, touched, best(top, keeping))
    }
    var result = Result()
    var touched: Set<Int> = []
    for block in found {
      result.count += block.count
      touched.formUnion(block.touched)
      result.top += block.top
    }
    result.columns = touched.sorted()
    result.top = best(result.top, keeping)
    return result
  }

  private static func best(_ pairs: [Pair], _ count: Int) -> [Pair] {
    let sorted = pairs.sorted {
      // Cross-multiplied, so that equal shares are equal exactly.
      let (left, right) = ($0.differing * $1.common, $1.differing * $0.common)
      return left != right ? left < right : ($0.first, $0.second) < ($1.first, $1.second)
    }
    return Array(sorted.prefix(count))
  }
}

/// The cells of a target by column: bits as words of 64 rows, other values as they are.
private struct ColumnWords: Sendable {
  private let rows: Int
  private let wordsPerColumn: Int
  /// Bits by column; empty for values that are not binary.
  private let words: [UInt64]
  /// Values by column; empty for binary ones.
  private let values: [Float]
  /// Which rows are observed, by column; empty where all are.
  private let observed: [UInt64]
  private let observedCounts: [Int]
  /// The ones of each column; empty for values that are not binary or not all observed.
  private let ones: [Int]

  init(_ target: GradedCells) {
    rows = target.rows
    wordsPerColumn = (target.rows + 63) / 64
    switch target.values {
    case .bits(let bits):
      words = Self.byColumn(bits)
      values = []
    case .floats(let matrix):
      words = []
      values = (0..<matrix.columns).flatMap { column in (0..<matrix.rows).map { matrix[$0, column] } }
    }
    if case .bits(let bits) = target.values, target.observed == nil {
      ones = bits.columnCounts()
    } else {
      ones = []
    }
    observed = target.observed.map(Self.byColumn) ?? []
    observedCounts =
      target.observed?.columnCounts() ?? Array(repeating: target.rows, count: target.columns)
  }

  /// The bits of each column, row i in bit 63 − i mod 64 of word i / 64.
  private static func byColumn(_ bits: BitMatrix) -> [UInt64] {
    let columns = bits.transposed
    return columns.words(0..<(bits.rows + 63) / 64, ofRows: 0..<bits.columns)
  }

  /// The pair, unless it differs too often or has too few common rows.
  func compare(_ first: Int, _ second: Int, threshold: Double, minimumCommon: Int) -> ColumnAgreement.Pair? {
    // No more rows can be common than the sparser column has, so this many may differ at most.
    let mostCommon = min(observedCounts[first], observedCounts[second])
    guard mostCommon >= minimumCommon else { return nil }
    let mostDiffering = Int((1 - threshold) * Double(mostCommon) + 1e-9)
    // Columns of different sums differ at least that often, which settles most pairs.
    if !ones.isEmpty, abs(ones[first] - ones[second]) > mostDiffering { return nil }
    let (common, differing) =
      values.isEmpty
      ? compareWords(first, second, mostDiffering: mostDiffering)
      : compareValues(first, second, mostDiffering: mostDiffering)
    guard common >= minimumCommon, Double(differing) <= (1 - threshold) * Double(common) + 1e-9 else {
      return nil
    }
    return ColumnAgreement.Pair(first: first, second: second, common: common, differing: differing)
  }

  private func compareWords(_ first: Int, _ second: Int, mostDiffering: Int) -> (Int, Int) {
    let (left, right) = (first * wordsPerColumn, second * wordsPerColumn)
    return words.withUnsafeBufferPointer { words in
      observed.withUnsafeBufferPointer { observed in
        var (common, differing) = (observed.isEmpty ? rows : 0, 0)
        var word = 0
        while word < wordsPerColumn, differing <= mostDiffering {
          // Eight words at a time: a branch on each would cost more than it spares.
          let end = min(word + 8, wordsPerColumn)
          if observed.isEmpty {
            for index in word..<end {
              differing += (words[left + index] ^ words[right + index]).nonzeroBitCount
            }
          } else {
            for index in word..<end {
              let both = observed[left + index] & observed[right + index]
              common += both.nonzeroBitCount
              differing += ((words[left + index] ^ words[right + index]) & both).nonzeroBitCount
            }
          }
          word = end
        }
        // Given up early, what is common is not known, and not enough agrees anyway.
        return differing <= mostDiffering ? (common, differing) : (0, 0)
      }
    }
  }

  private func compareValues(_ first: Int, _ second: Int, mostDiffering: Int) -> (Int, Int) {
    values.withUnsafeBufferPointer { values in
      var (common, differing) = (0, 0)
      for row in 0..<rows {
        if !observed.isEmpty {
          let word = row >> 6
          let both = observed[first * wordsPerColumn + word] & observed[second * wordsPerColumn + word]
          guard both >> UInt64(63 - row & 63) & 1 == 1 else { continue }
        }
        common += 1
        if values[first * rows + row] != values[second * rows + row] {
          differing += 1
          if differing > mostDiffering { return (0, 0) }
        }
      }
      return (common, differing)
    }
  }
}
