import Testing

@testable import NumericKernels

@Suite struct ColumnAgreementTests {
  /// Every pair, cell by cell.
  private static func reference(
    _ cells: GradedCells, threshold: Double, minimumCommon: Int
  ) -> [ColumnAgreement.Pair] {
    func cell(_ row: Int, _ column: Int) -> Float? {
      if let observed = cells.observed, !observed[row, column] { return nil }
      switch cells.values {
      case .bits(let bits): return bits[row, column] ? 1 : 0
      case .floats(let matrix): return matrix[row, column]
      }
    }
    var pairs: [ColumnAgreement.Pair] = []
    for first in 0..<cells.columns {
      for second in first + 1..<max(first + 1, cells.columns) {
        var (common, differing) = (0, 0)
        for row in 0..<cells.rows {
          guard let left = cell(row, first), let right = cell(row, second) else { continue }
          common += 1
          if left != right { differing += 1 }
        }
        guard common >= minimumCommon, Double(differing) <= (1 - threshold) * Double(common) + 1e-9 else {
          continue
        }
        pairs.append(.init(first: first, second: second, common: common, differing: differing))
      }
    }
    return pairs
  }

  /// Columns in families: copies of a few columns with some cells changed.
  private static func cells(rows: Int, columns: Int, isBinary: Bool, isMasked: Bool) -> GradedCells {
    var generator = SeededGenerator(seed: 5, stream: "agreement", rows)
    var matrix = Matrix(rows: rows, columns: columns)
    for column in 0..<columns {
      for row in 0..<rows {
        let fresh = Float(Int.random(in: 0..<4, using: &generator)) / 3
        let isCopied = column >= 5 && Int.random(in: 0..<200, using: &generator) >= column % 7
        matrix[row, column] = isCopied ? matrix[row, column % 5] : isBinary ? fresh.rounded() : fresh
      }
    }
    var observed: BitMatrix?
    if isMasked {
      var mask = BitMatrix(rows: rows, columns: columns, repeating: true)
      for row in 0..<rows {
        for column in 0..<columns where Int.random(in: 0..<10, using: &generator) < column % 4 {
          mask[row, column] = false
        }
      }
      observed = mask
    }
    guard isBinary else { return GradedCells(.floats(matrix), observed: observed) }
    var bits = BitMatrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns where matrix[row, column] == 1 && observed?[row, column] ?? true {
        bits[row, column] = true
      }
    }
    return GradedCells(.bits(bits), observed: observed)
  }

  @Test(arguments: [true, false], [true, false])
  func agreesWithTheSlowReference(isBinary: Bool, isMasked: Bool) {
    for rows in [1, 63, 64, 65, 700] {
      let cells = Self.cells(rows: rows, columns: 45, isBinary: isBinary, isMasked: isMasked)
      for threshold in [0.9, 0.98, 1] {
        let expected = Self.reference(cells, threshold: threshold, minimumCommon: 30)
        let found = ColumnAgreement.pairs(
          of: cells, threshold: threshold, minimumCommon: 30, keeping: 10_000)
        #expect(found.count == expected.count)
        #expect(found.top.sorted { ($0.first, $0.second) < ($1.first, $1.second) } == expected)
        #expect(found.columns == Set(expected.flatMap { [$0.first, $0.second] }).sorted())
      }
    }
    let cells = Self.cells(rows: 700, columns: 45, isBinary: isBinary, isMasked: isMasked)
    #expect(!Self.reference(cells, threshold: 0.98, minimumCommon: 30).isEmpty)
  }

  @Test func theBestPairsAreKeptAtAnyThreadCount() {
    let cells = Self.cells(rows: 700, columns: 200, isBinary: true, isMasked: false)
    let all = ColumnAgreement.pairs(of: cells, threshold: 0.9, minimumCommon: 1, keeping: 1 << 20)
    let few = ColumnAgreement.pairs(of: cells, threshold: 0.9, minimumCommon: 1, keeping: 7)
    #expect(few.top == Array(all.top.prefix(7)))
    #expect(few.count == all.count && all.count == all.top.count && all.count > 100)
    #expect(zip(all.top, all.top.dropFirst()).allSatisfy { $0.agreement >= $1.agreement })
  }

  @Test func oneColumnHasNoPairs() {
    let cells = GradedCells(.bits(BitMatrix(rows: 100, columns: 1)))
    #expect(
      ColumnAgreement.pairs(of: cells, threshold: 0.9, minimumCommon: 1, keeping: 5)
        == ColumnAgreement.Result())
  }
}
