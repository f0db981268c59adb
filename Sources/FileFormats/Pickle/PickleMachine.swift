/// Executes the instructions of a pickle on a stack of node indices; calls nothing and imports nothing.
struct PickleMachine {
  var scanner: PickleScanner
  var arena = PickleArena()
  private var stack: [Int] = []
  /// The heights of the stack at the open MARKs; nothing below the last one may be taken.
  private var marks: [Int] = []
  private var memo = PickleMemo()

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    scanner = PickleScanner(bytes, path: path)
  }

  /// Runs to STOP and gives the value left on top of the stack; what follows in the file is not looked at.
  mutating func run() throws(FileError) -> Int {
    guard let first = scanner.bytes.first else { throw FileError(scanner.path, "is empty") }
    guard first == PickleOpcode.proto.rawValue else {
      throw scanner.error(
        "doesn't start as a pickle of protocol 2 to 5 does; if it is one of protocol 0 or 1, write it again")
    }
    while true {
      let opcode = try scanner.opcode()
      if opcode == .stop { return try pop() }
      if let refusal = opcode.refusal { throw scanner.error("instruction \(opcode.name) \(refusal)") }
      try execute(opcode)
    }
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(FileError) {
    switch opcode {
    case .proto: try checkProtocol()
    case .frame: try checkFrame()
    case .none: stack.append(PickleArena.none)
    case .newtrue: stack.append(PickleArena.boolean(true))
    case .newfalse: stack.append(PickleArena.boolean(false))
    case .int: try pushDecimal()
    case .binint: push(.integer(Int(try scanner.integer(Int32.self))))
    case .binint1: push(.integer(Int(try scanner.integer(UInt8.self))))
    case .binint2: push(.integer(Int(try scanner.integer(UInt16.self))))
    case .long1: push(.integer(try scanner.long(count: UInt64(try scanner.integer(UInt8.self)))))
    case .long4: push(.integer(try scanner.long(count: UInt64(try scanner.integer(UInt32.self)))))
    case .binfloat: push(.float(Double(bitPattern: try scanner.integer(UInt64.self).byteSwapped)))
    case .shortBinunicode: push(.text(try scanner.take(UInt64(try scanner.integer(UInt8.self)))))
    case .binunicode: push(.text(try scanner.take(UInt64(try scanner.integer(UInt32.self)))))
    case .binunicode8: push(.text(try scanner.take(try scanner.integer(UInt64.self))))
    case .shortBinstring: push(.byteString(try scanner.take(UInt64(try scanner.integer(UInt8.self)))))
    case .binstring: push(.byteString(try scanner.take(UInt64(try scanner.integer(UInt32.self)))))
    case .shortBinbytes: push(.bytes(try scanner.take(UInt64(try scanner.integer(UInt8.self)))))
    case .binbytes: push(.bytes(try scanner.take(UInt64(try scanner.integer(UInt32.self)))))
    case .binbytes8, .bytearray8: push(.bytes(try scanner.take(try scanner.integer(UInt64.self))))
    case .emptyTuple: stack.append(PickleArena.emptyTuple)
    case .emptyList: push(.list(chain: arena.addChain()))
    case .emptyDict: push(.dictionary(chain: arena.addChain()))
    case .emptySet: push(.set(chain: arena.addChain()))
    case .tuple1: push(.tuple(chain: arena.addChain(try popLast(1))))
    case .tuple2: push(.tuple(chain: arena.addChain(try popLast(2))))
    case .tuple3: push(.tuple(chain: arena.addChain(try popLast(3))))
    case .tuple: push(.tuple(chain: arena.addChain(try popToMark())))
    case .list: push(.list(chain: arena.addChain(try popToMark())))
    case .frozenset: push(.set(chain: arena.addChain(try popToMark())))
    case .dict: push(.dictionary(chain: arena.addChain(try evenNumber(try popToMark()))))
    case .append: try appendToList(try popLast(1), opcode)
    case .appends: try appendToList(try popToMark(), opcode)
    case .additems: try addToSet(try popToMark())
    case .setitem: try addToDictionary(try popLast(2), opcode)
    case .setitems: try addToDictionary(try evenNumber(try popToMark()), opcode)
    case .mark: marks.append(stack.count)
    case .pop: try popValueOrMark()
    case .popMark: _ = try popToMark()
    case .dup: stack.append(try top())
    case .memoize: memo.store(try top(), at: memo.count)
    case .binput: memo.store(try top(), at: Int(try scanner.integer(UInt8.self)))
    case .longBinput: memo.store(try top(), at: Int(try scanner.integer(UInt32.self)))
    case .binget: try recall(Int(try scanner.integer(UInt8.self)))
    case .longBinget: try recall(Int(try scanner.integer(UInt32.self)))
    case .global: try pushGlobal(module: try scanner.line(), name: try scanner.line())
    case .stackGlobal: try pushStackGlobal()
    case .reduce:
      let operands = try popLast(2)
      stack.append(try reduce(operands[operands.startIndex], arguments: operands[operands.startIndex + 1]))
    case .build:
      let state = try pop()
      try build(try top(), state: state)
    default: throw scanner.error("instruction \(opcode.name) is not read")
    }
  }
}

// MARK: - Stack

extension PickleMachine {
  private mutating func push(_ node: PickleNode) { stack.append(arena.add(node)) }

  private func top() throws(FileError) -> Int {
    guard let top = stack.last, stack.count > marks.last ?? 0 else { throw underflow }
    return top
  }

  private mutating func pop() throws(FileError) -> Int {
    let top = try top()
    stack.removeLast()
    return top
  }

  private mutating func popLast(_ count: Int) throws(FileError) -> ArraySlice<Int> {
    guard stack.count - (marks.last ?? 0) >= count else { throw underflow }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values[...]
  }

  private mutating func popToMark() throws(FileError) -> ArraySlice<Int> {
    guard let height = marks.popLast() else { throw scanner.error("takes values up to a MARK, none is open") }
    let values = Array(stack[height...])
    stack.removeSubrange(height...)
    return values[...]
  }

  /// POP also takes back a MARK that nothing was pushed after.
  private mutating func popValueOrMark() throws(FileError) {
    if let height = marks.last, height == stack.count {
      marks.removeLast()
    } else {
      _ = try pop()
    }
  }

  private mutating func recall(_ number: Int) throws(FileError) {
    guard let node = memo.node(at: number) else {
      throw scanner.error("refers to memo entry \(number), which was never stored")
    }
    stack.append(node)
  }

  private var underflow: FileError { scanner.error("takes more values than the stack holds") }
}

// MARK: - Containers

extension PickleMachine {
  private mutating func appendToList(_ values: ArraySlice<Int>, _ opcode: PickleOpcode) throws(FileError) {
    guard case .list(let chain) = arena.nodes[try top()] else { throw wrongTarget(opcode, "a list") }
    arena.append(values, to: chain)
  }

  private mutating func addToSet(_ values: ArraySlice<Int>) throws(FileError) {
    guard case .set(let chain) = arena.nodes[try top()] else { throw wrongTarget(.additems, "a set") }
    arena.append(values, to: chain)
  }

  private mutating func addToDictionary(_ pairs: ArraySlice<Int>, _ opcode: PickleOpcode) throws(FileError) {
    guard case .dictionary(let chain) = arena.nodes[try top()] else {
      throw wrongTarget(opcode, "a dictionary")
    }
    arena.append(pairs, to: chain)
  }

  private func evenNumber(_ values: ArraySlice<Int>) throws(FileError) -> ArraySlice<Int> {
    guard values.count.isMultiple(of: 2) else { throw scanner.error("a dictionary key has no value") }
    return values
  }

  private func wrongTarget(_ opcode: PickleOpcode, _ expected: String) -> FileError {
    scanner.error("instruction \(opcode.name) needs \(expected) on the stack, found something else")
  }
}

// MARK: - Header, numbers, names

extension PickleMachine {
  private mutating func checkProtocol() throws(FileError) {
    let version = try scanner.integer(UInt8.self)
    guard (2...5).contains(version) else {
      throw scanner.error("pickle protocol \(version) is not read, 2 to 5 are")
    }
  }

  /// A frame only tells a reader how much to fetch at once; its length must lie inside the file.
  private mutating func checkFrame() throws(FileError) {
    let length = try scanner.integer(UInt64.self)
    let rest = scanner.bytes.count - scanner.position
    guard length <= UInt64(rest) else {
      throw scanner.error("a frame of \(length) bytes is announced, the file has \(rest) more")
    }
  }

  /// Python 2 writes integers beyond 32 bits in decimal even in protocol 2, and `00` and `01` are booleans.
  private mutating func pushDecimal() throws(FileError) {
    let line = try scanner.line()
    let text = scanner.text(line) ?? ""
    if text == "00" || text == "01" {
      stack.append(PickleArena.boolean(text == "01"))
    } else if let value = Int(text) {
      push(.integer(value))
    } else {
      throw scanner.error("\"\(scanner.excerpt(line))\" is not an integer of 64 bits")
    }
  }

  private mutating func pushStackGlobal() throws(FileError) {
    let operands = try popLast(2)
    guard let module = textRange(operands[operands.startIndex]),
      let name = textRange(operands[operands.startIndex + 1])
    else { throw scanner.error("instruction STACK_GLOBAL needs a module and a name as text") }
    try pushGlobal(module: module, name: name)
  }

  private mutating func pushGlobal(module: Range<Int>, name: Range<Int>) throws(FileError) {
    guard max(module.count, name.count) < 100, let moduleText = scanner.text(module),
      let nameText = scanner.text(name), let global = PickleGlobal(module: moduleText, name: nameText)
    else {
      throw scanner.error(
        "names the global \(scanner.excerpt(module)).\(scanner.excerpt(name)), which is refused: "
          + "only plain data and numpy arrays are read and nothing is executed")
    }
    push(.global(global))
  }

  /// Where the text of a string is, or nil for another kind of value.
  func textRange(_ node: Int) -> Range<Int>? {
    switch arena.nodes[node] {
    case .text(let range), .byteString(let range): return range
    default: return nil
    }
  }
}
