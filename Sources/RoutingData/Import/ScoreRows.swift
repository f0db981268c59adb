import FileFormats
import NumericKernels

/// Streams a mapped array of scores into a response matrix, some rows at a time.
struct ScoreRows {
  /// 512 numbers of double precision are one page, the least that a column of a Fortran-order file costs.
  private static let blockRows = 512

  private var builder: ResponseMatrixBuilder
  private let llmNames: [String]
  private let queryCount: Int
  private var filled = 0

  /// An empty matrix of queries × LLMs.
  init(queryCount: Int, llmNames: [String]) {
    builder = ResponseMatrixBuilder(queryCount: queryCount, llmCount: llmNames.count)
    self.queryCount = queryCount
    self.llmNames = llmNames
  }

  /// Appends all rows of an array of queries × LLMs; `advance` is told of the number of rows of each step.
  ///
  /// - Throws: `FileError`, naming the row and the LLM, for a score that is neither in [0, 1] nor NaN, a missing answer.
  mutating func append(_ array: NDArray, advance: (Int) -> Void = { _ in }) throws(FileError) {
    try array.requireDimensions(2)
    guard array.shape[1] == llmNames.count else {
      throw array.error(
        "scores of shape \(NDArray.text(array.shape)), expected \(llmNames.count) columns, one for each LLM")
    }
    var buffer: [Float] = []
    for rows in Parallel.blocks(of: array.shape[0], size: Self.blockRows) {
      try array.readRows(rows, into: &buffer)
      for row in rows {
        let start = (row - rows.lowerBound) * llmNames.count
        let values = buffer[start..<start + llmNames.count]
        do throws(DataError) {
          try builder.setRow(filled, values)
        } catch {
          throw array.error(Self.outOfRange(values, row: row, llmNames: llmNames))
        }
        filled += 1
      }
      advance(rows.count)
    }
  }

  /// The matrix; every row must have been given.
  func build() -> ResponseMatrix {
    precondition(filled == queryCount, "\(filled) rows of \(queryCount)")
    return builder.build()
  }

  private static func outOfRange(_ values: ArraySlice<Float>, row: Int, llmNames: [String]) -> String {
    guard let place = values.firstIndex(where: { !($0 >= 0 && $0 <= 1) && !$0.isNaN }) else {
      return "row \(row): a score is not a number in [0, 1]"
    }
    return "row \(row), LLM '\(llmNames[place - values.startIndex])': score \(values[place]), "
      + "expected a number in [0, 1], or NaN for a missing answer"
  }
}

extension NDArray {
  /// The same elements with rows and columns exchanged, without copying.
  func transposed() throws(FileError) -> NDArray {
    try requireDimensions(2)
    return try NDArray(
      elementType, shape: [shape[1], shape[0]], isFortranOrder: !isFortranOrder, bytes: bytes, path: path,
      place: place)
  }
}
