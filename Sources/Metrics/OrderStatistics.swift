/// Single places of a sorted order without sorting everything.
package enum OrderStatistics {
  /// Rearranges a part of some numbers so that the one at `place` is the one a sort would put there.
  ///
  /// Nothing before it is then greater and nothing after it smaller. `place` lies in `range`; the
  /// numbers must hold no NaN. Cost: linear in the part on average (quickselect with the median of
  /// three, Hoare 1961); a part that refuses to shrink is sorted, so never worse than a sort.
  package static func select(_ place: Int, in range: Range<Int>, of values: inout [Double]) {
    var low = range.lowerBound
    var high = range.upperBound - 1
    var patience = 64
    while high - low > 16 && patience > 0 {
      patience -= 1
      let middle = low + (high - low) / 2
      let (first, second, third) = (values[low], values[middle], values[high])
      let pivot = max(min(first, second), min(max(first, second), third))
      var left = low
      var right = high
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        guard left <= right else { break }
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
      // What lies between the two is equal to the pivot.
      if place <= right {
        high = right
      } else if place >= left {
        low = left
      } else {
        return
      }
    }
    values[low...high].sort()
  }
}
