/// REDUCE and BUILD, for the few callables whose results are data: Python would call them, this reader lays
/// out what they would return.
extension PickleMachine {
  /// The value that a known callable returns for a tuple of arguments.
  mutating func reduce(_ callable: Int, arguments: Int) throws(FileError) -> Int {
    guard case .global(let global) = arena.nodes[callable] else {
      throw scanner.error("instruction REDUCE would call something that is not a known function")
    }
    switch global {
    case .reconstruct: return try reconstruct(arguments)
    case .scalar: return try scalar(arguments)
    case .frombuffer: return try fromBuffer(arguments)
    case .dtype: return arena.add(try elementType(arguments))
    case .encode: return arena.add(try latin1Bytes(arguments, of: "_codecs.encode"))
    case .bytes:
      guard arena.items(arguments, counts: 0...0) != nil else { throw badArguments("bytes") }
      return arena.add(.bytes(0..<0))
    case .bytearray: return try byteArray(arguments)
    case .set, .frozenset: return arena.add(.set(chain: try setChain(arguments)))
    case .ndarray: throw scanner.error("instruction REDUCE would call numpy.ndarray itself, which is refused")
    }
  }

  /// Completes a dtype or an array; nothing else has a state that this reader sets.
  mutating func build(_ target: Int, state: Int) throws(FileError) {
    switch arena.nodes[target] {
    case .elementType, .objectType: try checkElementTypeState(state)
    case .array(let index):
      guard !arena.arrays[index].isScalar else { fallthrough }
      arena.fill(index, with: try arrayFromState(state))
    default:
      throw scanner.error("instruction BUILD would set the state of something that is not a numpy array")
    }
  }

  func badArguments(_ callable: String) -> FileError {
    scanner.error("\(callable) has arguments that numpy or Python would not write")
  }
}

// MARK: - Built-in values

extension PickleMachine {
  /// `_codecs.encode(text, 'latin1')` and `bytearray(text, 'latin-1')`: the text's code points are the bytes.
  private func latin1Bytes(_ arguments: Int, of callable: String) throws(FileError) -> PickleNode {
    guard let items = arena.items(arguments, counts: 2...2), case .text(let text) = arena.nodes[items[0]],
      let encoding = textRange(items[1]), encoding.count < 10,
      ["latin1", "latin-1"].contains(scanner.text(encoding))
    else { throw badArguments(callable) }
    return .latin1(text)
  }

  private mutating func byteArray(_ arguments: Int) throws(FileError) -> Int {
    if arena.items(arguments, counts: 0...0) != nil { return arena.add(.bytes(0..<0)) }
    if let items = arena.items(arguments, counts: 1...1), isBytes(items[0]) { return items[0] }
    return arena.add(try latin1Bytes(arguments, of: "bytearray"))
  }

  /// A set shares the list that it is made from, so that making sets of one list costs nothing.
  private mutating func setChain(_ arguments: Int) throws(FileError) -> Int {
    if arena.items(arguments, counts: 0...0) != nil { return arena.addChain() }
    if let items = arena.items(arguments, counts: 1...1), case .list(let chain) = arena.nodes[items[0]] {
      return chain
    }
    throw badArguments("set")
  }

  private func isBytes(_ node: Int) -> Bool {
    switch arena.nodes[node] {
    case .bytes, .byteString, .latin1: return true
    default: return false
    }
  }
}

// MARK: - numpy dtypes

extension PickleMachine {
  /// `dtype('f8', False, True)`; the byte order follows in BUILD.
  private func elementType(_ arguments: Int) throws(FileError) -> PickleNode {
    guard let items = arena.items(arguments, counts: 1...3), let range = textRange(items[0]),
      var code = scanner.text(range), code.utf8.count < 20
    else { throw badArguments("numpy.dtype") }
    if code.hasPrefix(">") { throw bigEndian }
    if let first = code.first, "<|=".contains(first) { code.removeFirst() }
    if code == "O" || code == "O8" { return .objectType }
    if code.hasPrefix("V") {
      throw scanner.error(
        "numpy type \(FileError.excerpt(code)) is structured or raw bytes, which is not read")
    }
    guard let type = ElementType(code: code) else {
      throw scanner.error("numpy type \"\(FileError.excerpt(code))\" is not read")
    }
    return .elementType(type)
  }

  /// `(version, byte order, subarray, field names, fields, size, alignment, flags)`.
  private func checkElementTypeState(_ state: Int) throws(FileError) {
    guard let items = arena.items(state, counts: 8...9), let order = textRange(items[1]) else {
      throw badArguments("the state of a numpy dtype")
    }
    switch scanner.text(order) {
    case "<", "|", "=": break
    case ">": throw bigEndian
    default: throw badArguments("the state of a numpy dtype")
    }
    for part in items[2...4] {
      guard case .none = arena.nodes[part] else {
        throw scanner.error("a structured or nested numpy dtype is not read")
      }
    }
  }

  private var bigEndian: FileError { scanner.error("big-endian numpy arrays are not read") }
}

// MARK: - numpy arrays

extension PickleMachine {
  /// `_reconstruct(numpy.ndarray, (0,), b'b')`: an array that BUILD fills.
  private mutating func reconstruct(_ arguments: Int) throws(FileError) -> Int {
    guard let items = arena.items(arguments, counts: 3...3), case .global(.ndarray) = arena.nodes[items[0]]
    else {
      throw badArguments("numpy's _reconstruct")
    }
    return arena.add(.unfilled)
  }

  /// `(version, shape, dtype, whether Fortran order, bytes or list)`.
  private func arrayFromState(_ state: Int) throws(FileError) -> PickleArray {
    guard let items = arena.items(state, counts: 5...5) else {
      throw badArguments("the state of a numpy array")
    }
    return try array(
      shape: items[1], elementType: items[2], isFortranOrder: try flag(items[3]), data: items[4])
  }

  /// `scalar(dtype, bytes)`.
  private mutating func scalar(_ arguments: Int) throws(FileError) -> Int {
    guard let items = arena.items(arguments, counts: 2...2) else { throw badArguments("numpy's scalar") }
    let array = try array(
      shape: PickleArena.emptyTuple, elementType: items[0], isFortranOrder: false, data: items[1],
      isScalar: true)
    guard array.elementType != nil else { throw scanner.error("a numpy scalar of type object is not read") }
    return arena.add(array)
  }

  /// `_frombuffer(buffer, dtype, shape, 'C' or 'F')`, how protocol 5 writes contiguous arrays.
  private mutating func fromBuffer(_ arguments: Int) throws(FileError) -> Int {
    guard let items = arena.items(arguments, counts: 4...5), let range = textRange(items[3]),
      let order = scanner.text(range)
    else { throw badArguments("numpy's _frombuffer") }
    guard order == "C" || order == "F" else {
      throw scanner.error("an array in memory order \"\(scanner.excerpt(range))\" is not read, C and F are")
    }
    return arena.add(
      try array(shape: items[2], elementType: items[1], isFortranOrder: order == "F", data: items[0]))
  }

  /// Checks that the shape, the type and the data fit together, without touching the data.
  private func array(
    shape shapeNode: Int, elementType typeNode: Int, isFortranOrder: Bool, data: Int, isScalar: Bool = false
  ) throws(FileError) -> PickleArray {
    let shape = try shape(shapeNode)
    let type: ElementType?
    let found: ClosedRange<Int>
    switch arena.nodes[typeNode] {
    case .elementType(let elements): (type, found) = (elements, try byteCount(data))
    case .objectType:
      guard case .list(let chain) = arena.nodes[data] else {
        throw scanner.error("a numpy array of objects has no list of them")
      }
      (type, found) = (nil, arena.chains[chain].count...arena.chains[chain].count)
    default: throw badArguments("a numpy array without a dtype:")
    }
    // Elements of no size would let any shape pass.
    if type?.size == 0, !shape.contains(0) {
      throw scanner.error("numpy type \(type?.code ?? "") has elements of no size")
    }
    guard let needed = NDArray.byteCount(type ?? .bool, shape: shape),
      NDArray.byteCount(.bool, shape: shape) != nil
    else { throw scanner.error("array shape \(NDArray.text(shape)) is not possible") }
    guard found.contains(needed) else {
      let unit = type == nil ? "objects" : "bytes"
      throw scanner.error(
        "an array of shape \(NDArray.text(shape)) and type \(type?.code ?? "O") needs \(needed) \(unit), "
          + "found \(found.lowerBound)")
    }
    return PickleArray(
      elementType: type, shape: shape, isFortranOrder: isFortranOrder, data: data, isScalar: isScalar,
      isFilled: true)
  }

  private func shape(_ node: Int) throws(FileError) -> [Int] {
    // numpy itself stops at 64 dimensions.
    guard let items = arena.items(node, counts: 0...64) else {
      throw badArguments("the shape of a numpy array")
    }
    var shape: [Int] = []
    for item in items {
      guard case .integer(let length) = arena.nodes[item] else {
        throw badArguments("the shape of a numpy array")
      }
      shape.append(length)
    }
    return shape
  }

  /// How many bytes a value can hold: a range, as bytes spelled as text take one or two each.
  private func byteCount(_ node: Int) throws(FileError) -> ClosedRange<Int> {
    switch arena.nodes[node] {
    case .bytes(let range), .byteString(let range): return range.count...range.count
    case .latin1(let range): return (range.count + 1) / 2...range.count
    default: throw scanner.error("a numpy array has no bytes of elements")
    }
  }

  private func flag(_ node: Int) throws(FileError) -> Bool {
    switch arena.nodes[node] {
    case .boolean(let value): return value
    case .integer(let value): return value != 0
    default: throw badArguments("the state of a numpy array")
    }
  }
}
