/// numpy arrays, and lists of strings in their several forms.
extension PickleValue {
  /// A numpy array of numbers, booleans or fixed-width text, its elements in place in the mapped file.
  ///
  /// Only protocol 2 needs a copy at each call, since it spells the elements as text. The bytes start anywhere in the
  /// file, so they may not be aligned.
  ///
  /// - Throws: `FileError` if the value is not an array, or one of Python objects.
  public func ndarray() throws(FileError) -> NDArray {
    guard case .array(let index) = node else { throw mismatch("a numpy array") }
    let array = storage.arena.arrays[index]
    guard array.isFilled else { throw error("a numpy array was never given its elements") }
    guard let type = array.elementType else {
      throw error("an array of Python objects is read as a list or as strings, not as numbers")
    }
    guard let bytes = storage.bytes(array.data) else {
      throw error("text that stands for the bytes of an array has characters that are none")
    }
    let keyPath = keyPath
    return try NDArray(
      type, shape: array.shape, isFortranOrder: array.isFortranOrder, bytes: bytes, path: storage.path,
      place: keyPath.isEmpty ? .file : .key(keyPath))
  }

  /// The texts of a list or a tuple of strings, or of a one-dimensional numpy array of them, whether of
  /// fixed width or of Python objects.
  ///
  /// - Throws: `FileError`, naming the item, if the value is none of these or an item is not a string.
  /// - Complexity: linear in the length of the texts, which are copied; a string that occurs many times by
  ///   reference is copied once.
  public func strings() throws(FileError) -> [String] {
    if case .array(let index) = node, case .unicode? = storage.arena.arrays[index].elementType {
      return try fixedWidthStrings(try ndarray())
    }
    // A set has no order by which names could be matched with rows or columns.
    if case .set = node { throw mismatch("a list of strings") }
    let keyPath = keyPath
    let chain = try listChain("a list of strings")
    var strings: [String] = []
    strings.reserveCapacity(storage.arena.chains[chain].count)
    var known: [Int: String] = [:]
    for (index, node) in storage.arena.children(of: chain).enumerated() {
      if let string = known[node] {
        strings.append(string)
      } else {
        let string = try child(node, in: keyPath, .index(index)).string()
        known[node] = string
        strings.append(string)
      }
    }
    return strings
  }

  private func fixedWidthStrings(_ array: NDArray) throws(FileError) -> [String] {
    try array.requireDimensions(1)
    let width = array.elementType.size
    return try array.bytes.withUnsafeBytes { (bytes) throws(FileError) -> [String] in
      var strings: [String] = []
      strings.reserveCapacity(array.count)
      for index in 0..<array.count {
        let element = UnsafeRawBufferPointer(rebasing: bytes[index * width..<(index + 1) * width])
        guard let string = UTF32Text.decode(element) else {
          throw error("element \(index) is not valid UTF-32")
        }
        strings.append(string)
      }
      return strings
    }
  }
}
