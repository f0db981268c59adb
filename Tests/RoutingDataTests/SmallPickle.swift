/// Python values to be written as a pickle of protocol 4, as numpy writes its arrays.
indirect enum SmallPickle {
  case text(String)
  case integer(Int)
  case list([SmallPickle])
  case dictionary([(SmallPickle, SmallPickle)])
  /// An array of `float64` in C or Fortran order; the elements are given in C order.
  case doubles([Double], shape: [Int], isFortranOrder: Bool = false)
  case integers([Int], shape: [Int])

  /// A dictionary with text keys.
  static func keyed(_ entries: KeyValuePairs<String, SmallPickle>) -> SmallPickle {
    .dictionary(entries.map { (.text($0.key), $0.value) })
  }

  static func texts(_ texts: [String]) -> SmallPickle { .list(texts.map { .text($0) }) }

  /// Rows of numbers as an n × m array.
  static func rows(_ rows: [[Double]], isFortranOrder: Bool = false) -> SmallPickle {
    .doubles(
      rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0], isFortranOrder: isFortranOrder)
  }

  /// The whole pickle.
  var file: [UInt8] { [0x80, 4] + code + Array(".".utf8) }

  private var code: [UInt8] {
    switch self {
    case .text(let text): return Self.unicode(text)
    case .integer(let value): return [0x4A] + Self.littleEndian(UInt64(bitPattern: Int64(value)), 4)
    case .list(let items): return Array("](".utf8) + items.flatMap(\.code) + Array("e".utf8)
    case .dictionary(let entries):
      return Array("}(".utf8) + entries.flatMap { $0.0.code + $0.1.code } + Array("u".utf8)
    case .doubles(let values, let shape, let isFortranOrder):
      var order = Array(values.indices)
      if isFortranOrder {
        order = (0..<shape[1]).flatMap { column in (0..<shape[0]).map { $0 * shape[1] + column } }
      }
      let bytes = order.flatMap { Self.littleEndian(values[$0].bitPattern, 8) }
      return Self.array("f8", shape, bytes, isFortranOrder)
    case .integers(let values, let shape):
      let bytes = values.flatMap { Self.littleEndian(UInt64(bitPattern: Int64($0)), 8) }
      return Self.array("i8", shape, bytes, false)
    }
  }

  private static func array(_ type: String, _ shape: [Int], _ bytes: [UInt8], _ isFortranOrder: Bool)
    -> [UInt8]
  {
    let none: [UInt8] = [0x4E]
    let (false_, true_): ([UInt8], [UInt8]) = ([0x89], [0x88])
    let dtypeState =
      Array("(".utf8) + SmallPickle.integer(3).code + unicode("<") + none + none + none
      + SmallPickle.integer(-1).code + SmallPickle.integer(-1).code + SmallPickle.integer(0).code
      + Array("tb".utf8)
    let dtype =
      global("numpy", "dtype") + unicode(type) + false_ + true_ + [0x87] + Array("R".utf8) + dtypeState
    let made =
      global("numpy._core.multiarray", "_reconstruct") + global("numpy", "ndarray")
      + SmallPickle.integer(0).code + [0x85] + binary(Array("b".utf8)) + [0x87] + Array("R".utf8)
    let shapeCode = Array("(".utf8) + shape.flatMap { SmallPickle.integer($0).code } + Array("t".utf8)
    let state =
      SmallPickle.integer(1).code + shapeCode + dtype + (isFortranOrder ? true_ : false_) + binary(bytes)
    return made + Array("(".utf8) + state + Array("tb".utf8)
  }

  private static func global(_ module: String, _ name: String) -> [UInt8] {
    unicode(module) + unicode(name) + [0x93]
  }

  private static func unicode(_ text: String) -> [UInt8] {
    [0x58] + littleEndian(UInt64(text.utf8.count), 4) + Array(text.utf8)
  }

  private static func binary(_ bytes: [UInt8]) -> [UInt8] {
    [0x42] + littleEndian(UInt64(bytes.count), 4) + bytes
  }

  private static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }
}
