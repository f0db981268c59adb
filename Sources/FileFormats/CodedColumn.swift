import NumericKernels

/// A column of texts: each distinct text once, in the order of first appearance, and its number in each row.
public struct CodedColumn: Sendable {
  /// The distinct texts.
  public internal(set) var names: [String]
  /// The text of each row, a place in `names`.
  public internal(set) var codes: [UInt32]

  /// A column from its parts.
  public init(names: [String], codes: [UInt32]) {
    self.names = names
    self.codes = codes
  }

  /// Makes a column row by row.
  public struct Builder: Sendable {
    private var index = NameIndex()
    private var codes: [UInt32] = []

    /// No rows yet.
    public init() {}

    /// Adds a row, and gives its text's place in `names`.
    @discardableResult
    public mutating func append(_ text: String) -> Int {
      let number = index.number(of: text)
      codes.append(UInt32(number))
      return number
    }

    /// Whether a row has a text.
    public func contains(_ text: String) -> Bool { index.contains(text) }

    /// The column of the rows so far.
    public var column: CodedColumn { CodedColumn(names: index.names, codes: codes) }
  }

  /// The text of a row.
  public subscript(row: Int) -> String { names[Int(codes[row])] }
}

extension CodedColumn {
  /// The column of all blocks: texts are numbered anew in the order of the blocks.
  init(joining blocks: [CSVBlock], column: Int, rows: [Int]) {
    guard blocks.count != 1 else {
      self.init(names: blocks[0].names[column].texts, codes: blocks[0].codes[column])
      return
    }
    var all = ByteNames()
    let numbers = blocks.map { block in
      (0..<block.names[column].count).map { number in
        UInt32(block.names[column].withText(number) { all.number(of: $0) })
      }
    }
    let count = rows.last ?? 0
    let codes = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      let target = SharedBuffer(buffer)
      Parallel.forEach(blocks.count) { block in
        for (row, code) in blocks[block].codes[column].enumerated() {
          target.buffer.initializeElement(at: rows[block] + row, to: numbers[block][Int(code)])
        }
      }
      initialized = count
    }
    self.init(names: all.texts, codes: codes)
  }
}

/// Carries memory into a parallel loop whose bodies write to disjoint parts of it.
private struct SharedBuffer: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<UInt32>
  init(_ buffer: UnsafeMutableBufferPointer<UInt32>) { self.buffer = buffer }
}
