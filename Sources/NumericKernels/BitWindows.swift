extension BitMatrix {
  /// Words of 64 columns that one parallel step handles.
  private static let stripeWords = 32

  /// How many columns have a 1 in at least one of `size` consecutive rows, for each window of some rows.
  ///
  /// Windows slide over `indices`, in that order: there are `indices.count - size + 1`, at least one.
  /// A sliding union by blocks (van Herk 1992): two passes of ORs give every window's union in one more.
  /// Cost: about 3 · rows · columns / 64 word operations and as many counts.
  public func unionCounts(ofWindows size: Int, over indices: [Int]) -> [Int] {
    precondition(size > 0 && size <= indices.count, "windows of \(size) over \(indices.count) rows")
    precondition(indices.allSatisfy { $0 >= 0 && $0 < rows }, "a row outside 0..<\(rows)")
    let windows = indices.count - size + 1
    let stripes = Parallel.blocks(of: (bytesPerRow + 7) / 8, size: Self.stripeWords)
    let parts = Parallel.map(stripes.count) { index -> [Int] in
      let width = stripes[index].count
      let values = words(stripes[index], ofRows: indices)
      var forward = values
      var backward = values
      for row in 1..<max(indices.count, 1) where row % size != 0 {
        for word in 0..<width { forward[row * width + word] |= forward[(row - 1) * width + word] }
      }
      for row in stride(from: indices.count - 2, through: 0, by: -1) where row % size != size - 1 {
        for word in 0..<width { backward[row * width + word] |= backward[(row + 1) * width + word] }
      }
      return (0..<windows).map { start in
        var count = 0
        for word in 0..<width {
          count +=
            (backward[start * width + word] | forward[(start + size - 1) * width + word]).nonzeroBitCount
        }
        return count
      }
    }
    return parts.reduce(into: [Int](repeating: 0, count: windows)) { sums, part in
      for window in 0..<windows { sums[window] += part[window] }
    }
  }

  /// Some words of some rows, row after row: column i is bit 63 − i mod 64 of word i / 64.
  func words(_ stripe: Range<Int>, ofRows indices: some Sequence<Int>) -> [UInt64] {
    var words: [UInt64] = []
    for row in indices {
      let start = row * bytesPerRow
      for word in stripe {
        var value: UInt64 = 0
        for byte in 8 * word..<8 * word + 8 {
          value = value << 8 | (byte < bytesPerRow ? UInt64(bytes[start + byte]) : 0)
        }
        words.append(value)
      }
    }
    return words
  }
}
