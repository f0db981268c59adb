import NumericKernels

extension CSVReader {
  /// The bytes that one thread reads at a time.
  private static let blockSize = 1 << 21

  /// Reads some columns of texts and some of numbers, all rows at once.
  ///
  /// The file is cut into blocks at line ends, which are read in parallel and joined in their order, so that the result
  /// is the same at any number of threads. A file with a quote in it is one block: a quoted line end is none.
  /// Other columns are counted and not looked at.
  ///
  /// - Returns: each column of texts, and for each of `numbers` those of its columns, one row after the other.
  /// - Parameter advance: told of the bytes of each block that was read, from any thread.
  /// - Throws: `FileError`, naming the line, as `forEachRow`, and for a text that is no number.
  /// - Complexity: one pass; four bytes a row and column, and the distinct texts.
  public func columns(
    named: [Int], numbers: [NumberColumns], advance: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(FileError) -> (named: [CodedColumn], numbers: [[Float]]) {
    try columns(named: named, numbers: numbers, blockSize: Self.blockSize, advance: advance)
  }

  /// The same with blocks of another size.
  func columns(
    named: [Int], numbers: [NumberColumns], blockSize: Int,
    advance: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(FileError) -> (named: [CodedColumn], numbers: [[Float]]) {
    let columns = Array(Set(named)).sorted()
    let ranges = blocks(size: blockSize)
    let blocks = Parallel.map(ranges.count) { index in
      let block = body.withUnsafeBytes { bytes in
        CSVBlock(
          UnsafeRawBufferPointer(rebasing: bytes[ranges[index]]), separator: separator, width: header.count,
          named: columns, numbers: numbers)
      }
      advance(ranges[index].count)
      return block
    }
    var line = firstLine
    for block in blocks {
      if let fault = block.fault {
        // Of several columns of numbers it matters which one it is.
        let column = fault.column.flatMap { group, place in
          numbers[group].columns.count > 1 ? header[numbers[group].columns[place]] : nil
        }
        let place = column.map { "column \(FileError.excerpt($0)): " } ?? ""
        throw FileError(path, at: .line(line + fault.line), place + fault.reason)
      }
      line += block.lineCount
    }
    let rows = blocks.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.rowCount) }
    let coded = columns.indices.map { CodedColumn(joining: blocks, column: $0, rows: rows) }
    let places = named.map { columns.firstIndex(of: $0) ?? 0 }
    return (places.map { coded[$0] }, numbers.indices.map { group in blocks.flatMap { $0.numbers[group] } })
  }

  /// The ranges of the rows' bytes that can be read by themselves.
  private func blocks(size: Int) -> [Range<Int>] {
    body.withUnsafeBytes { bytes in
      guard bytes.count > size, !bytes.contains(0x22) else { return [0..<bytes.count] }
      var ranges: [Range<Int>] = []
      var start = 0
      while start < bytes.count {
        var end = min(start + size, bytes.count)
        while end < bytes.count, bytes[end - 1] != 0x0A { end += 1 }
        ranges.append(start..<end)
        start = end
      }
      return ranges
    }
  }
}
