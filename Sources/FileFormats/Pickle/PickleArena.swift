/// One value of a pickle.
///
/// Strings and bytes are places in the file, containers are indices into the arena.
enum PickleNode: Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  /// UTF-8 text.
  case text(Range<Int>)
  /// A string of Python 2: bytes that are read as text when text is asked for.
  case byteString(Range<Int>)
  case bytes(Range<Int>)
  /// Bytes spelled as the UTF-8 text of code points below 256, as protocol 2 writes them.
  case latin1(Range<Int>)
  /// Containers name a chain; a dictionary's holds key, value, key, value …
  case list(chain: Int)
  case tuple(chain: Int)
  case set(chain: Int)
  case dictionary(chain: Int)
  case global(PickleGlobal)
  /// A numpy dtype.
  case elementType(ElementType)
  /// The numpy dtype of Python objects.
  case objectType
  /// A numpy array or scalar, an index into `PickleArena.arrays`.
  case array(Int)
}

/// A numpy array or scalar of a pickle.
struct PickleArray: Sendable {
  /// What `_reconstruct` returns and BUILD completes.
  static let unfilled = PickleArray(
    elementType: nil, shape: [], isFortranOrder: false, data: 0, isScalar: false, isFilled: false)

  /// The type of the elements, or nil for Python objects.
  let elementType: ElementType?
  let shape: [Int]
  let isFortranOrder: Bool
  /// The node of the bytes, or of the list for Python objects.
  let data: Int
  let isScalar: Bool
  let isFilled: Bool
}

/// All values of a pickle in flat arrays that refer to one another by index.
///
/// No value owns another, so a value may contain itself, and nesting of any depth is parsed and released
/// without recursion. An instruction adds at most one node, one chain or array and one cell for each stack
/// entry that it takes, so memory stays below a constant times the length of the file: some 60 bytes for
/// a file of empty lists, 130 for one that repeats an array of 64 dimensions.
struct PickleArena: Sendable {
  /// The children of a container: a linked list, since a container may grow at any time.
  struct Chain: Sendable {
    var head = -1
    var tail = -1
    var count = 0
  }

  struct Cell: Sendable {
    let node: Int
    var next: Int
  }

  private(set) var nodes: [PickleNode] = [.none, .boolean(false), .boolean(true), .tuple(chain: 0)]
  private(set) var chains = [Chain()]
  private(set) var cells: [Cell] = []
  private(set) var arrays: [PickleArray] = []

  /// The constants take one byte each in a file; sharing their nodes keeps a file full of them cheap.
  static let none = 0
  static let emptyTuple = 3
  static func boolean(_ value: Bool) -> Int { value ? 2 : 1 }

  mutating func add(_ node: PickleNode) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  mutating func addChain(_ children: ArraySlice<Int> = []) -> Int {
    chains.append(Chain())
    append(children, to: chains.count - 1)
    return chains.count - 1
  }

  mutating func append(_ children: ArraySlice<Int>, to chain: Int) {
    for child in children {
      let cell = cells.count
      cells.append(Cell(node: child, next: -1))
      if chains[chain].count == 0 {
        chains[chain].head = cell
      } else {
        cells[chains[chain].tail].next = cell
      }
      chains[chain].tail = cell
      chains[chain].count += 1
    }
  }

  mutating func add(_ array: PickleArray) -> Int {
    arrays.append(array)
    return add(.array(arrays.count - 1))
  }

  mutating func fill(_ index: Int, with array: PickleArray) { arrays[index] = array }

  /// The children of a chain, in order, without copying.
  func children(of chain: Int) -> PickleChildren {
    PickleChildren(cells: cells, head: chains[chain].head)
  }

  /// The items of a tuple that has a number of items in a range, or nil for anything else.
  func items(_ node: Int, counts: ClosedRange<Int>) -> [Int]? {
    guard case .tuple(let chain) = nodes[node], counts.contains(chains[chain].count) else { return nil }
    return Array(children(of: chain))
  }
}

/// The nodes in a chain.
struct PickleChildren: Sequence, IteratorProtocol {
  private let cells: [PickleArena.Cell]
  private var cell: Int

  init(cells: [PickleArena.Cell], head: Int) {
    self.cells = cells
    cell = head
  }

  mutating func next() -> Int? {
    guard cell >= 0 else { return nil }
    defer { cell = cells[cell].next }
    return cells[cell].node
  }
}
