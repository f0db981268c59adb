/// Dictionaries, lists, tuples and sets.
extension PickleValue {
  /// The items of a list, a tuple or a set, or the objects of a one-dimensional numpy array of type object.
  ///
  /// - Throws: `FileError` if the value is none of these.
  /// - Complexity: linear in the number of items.
  public func list() throws(FileError) -> [PickleValue] {
    let keyPath = keyPath
    return storage.arena.children(of: try listChain("a list")).enumerated().map {
      child($1, in: keyPath, .index($0))
    }
  }

  /// The number of items of what `list()` or `strings()` would read.
  ///
  /// - Throws: `FileError` if the value is no list of any form.
  public func itemCount() throws(FileError) -> Int {
    if case .array(let index) = node, storage.arena.arrays[index].elementType != nil {
      return storage.arena.arrays[index].shape.reduce(1, *)
    }
    return storage.arena.chains[try listChain("a list")].count
  }

  /// The entries of a dictionary in the order of insertion; a key that was set twice has its last value.
  ///
  /// - Throws: `FileError` if the value is not a dictionary.
  /// - Complexity: linear in the number of entries and the length of the keys.
  public func dictionary() throws(FileError) -> [(key: PickleValue, value: PickleValue)] {
    let keyPath = keyPath
    var entries: [(key: PickleValue, value: PickleValue)] = []
    // Node first, so that a long key that occurs a million times is hashed once.
    var positionOfNode: [Int: Int] = [:]
    var positionOfKey: [PickleKey: Int] = [:]
    var pairs = storage.arena.children(of: try dictionaryChain())
    while let key = pairs.next(), let value = pairs.next() {
      let child = child(value, in: keyPath, .key(key))
      if let position = positionOfNode[key] {
        entries[position].value = child
        continue
      }
      let identity = PickleKey.of(key, in: storage)
      let position = positionOfKey[identity] ?? entries.count
      positionOfNode[key] = position
      positionOfKey[identity] = position
      if position < entries.count {
        entries[position].value = child
      } else {
        entries.append((key: self.child(key, in: keyPath, .key(key)), value: child))
      }
    }
    return entries
  }

  /// The value under a text key of a dictionary.
  ///
  /// - Throws: `FileError`, naming the keys that exist, if there is no such key or this is not a dictionary.
  /// - Complexity: linear in the number of entries.
  public func value(forKey key: String) throws(FileError) -> PickleValue {
    let chain = try dictionaryChain()
    guard let found = lookUp(chain, { isText($0, key) }) else {
      throw missing("\"\(FileError.excerpt(key))\"")
    }
    return found
  }

  /// The value under an integer key of a dictionary.
  ///
  /// - Throws: `FileError`, naming the keys that exist, if there is no such key or this is not a dictionary.
  /// - Complexity: linear in the number of entries.
  public func value(forKey key: Int) throws(FileError) -> PickleValue {
    let chain = try dictionaryChain()
    guard let found = lookUp(chain, { isInteger($0, key) }) else { throw missing("\(key)") }
    return found
  }

  /// The value under a text key, as `value(forKey:)` gives it.
  public subscript(key: String) -> PickleValue {
    get throws(FileError) { try value(forKey: key) }
  }

  /// The value under an integer key, as `value(forKey:)` gives it.
  ///
  /// Not the index of a list.
  public subscript(key: Int) -> PickleValue {
    get throws(FileError) { try value(forKey: key) }
  }

  /// Whether this is a dictionary with a text key.
  public func hasKey(_ key: String) -> Bool {
    guard case .dictionary(let chain) = node else { return false }
    return lookUp(chain) { isText($0, key) } != nil
  }

  /// Whether this is a dictionary with an integer key.
  public func hasKey(_ key: Int) -> Bool {
    guard case .dictionary(let chain) = node else { return false }
    return lookUp(chain) { isInteger($0, key) } != nil
  }

  /// The chain of a list-like value.
  func listChain(_ expected: String) throws(FileError) -> Int {
    switch node {
    case .list(let chain), .tuple(let chain), .set(let chain): return chain
    case .array(let index):
      let array = storage.arena.arrays[index]
      guard array.elementType == nil, array.isFilled, array.shape.count == 1,
        case .list(let chain) = storage.arena.nodes[array.data]
      else { throw mismatch(expected) }
      // The list may have grown after numpy's state was set.
      guard storage.arena.chains[chain].count == array.shape[0] else {
        throw error("an array of \(array.shape[0]) objects lists \(storage.arena.chains[chain].count)")
      }
      return chain
    default: throw mismatch(expected)
    }
  }

  private func dictionaryChain() throws(FileError) -> Int {
    guard case .dictionary(let chain) = node else { throw mismatch("a dictionary") }
    return chain
  }

  /// The last value whose key matches, since a later entry replaces an earlier one.
  private func lookUp(_ chain: Int, _ matches: (Int) -> Bool) -> PickleValue? {
    var found: (key: Int, value: Int)?
    var pairs = storage.arena.children(of: chain)
    while let key = pairs.next(), let value = pairs.next() {
      if matches(key) { found = (key, value) }
    }
    return found.map { child($0.value, in: keyPath, .key($0.key)) }
  }

  private func isText(_ key: Int, _ text: String) -> Bool {
    switch storage.arena.nodes[key] {
    case .text(let range), .byteString(let range): return storage.holds(text.utf8, at: range)
    default: return false
    }
  }

  private func isInteger(_ key: Int, _ number: Int) -> Bool {
    PickleKey.integer(number) == PickleKey.number(key, in: storage)
  }

  private func missing(_ key: String) -> FileError {
    guard case .dictionary(let chain) = node else { return mismatch("a dictionary") }
    let count = storage.arena.chains[chain].count / 2
    if count == 0 { return error("no key \(key); the dictionary is empty") }
    var shown: [String] = []
    var pairs = storage.arena.children(of: chain)
    while shown.count < 6, let key = pairs.next(), pairs.next() != nil { shown.append(keyText(key)) }
    let more = count > shown.count ? ", … (\(count) in all)" : ""
    return error("no key \(key); it has \(shown.joined(separator: ", "))\(more)")
  }
}
