/// The name that a mistyped word most likely meant, if one is near enough.
///
/// Near is at most two edits, but fewer than the shorter word has letters, or a word that begins the name.
/// Fewer edits win, then a beginning, then the earlier name.
package func nearestName(to word: String, among names: [String]) -> String? {
  guard !word.isEmpty else { return nil }
  var best: (name: String, cost: Int)?
  for name in names {
    var cost = editDistance(word, name)
    if cost > 2 || cost >= min(word.count, name.count) {
      guard name.hasPrefix(word) else { continue }
      cost = 3
    }
    if cost < best?.cost ?? Int.max { best = (name, cost) }
  }
  return best?.name
}

/// The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into another.
///
/// Optimal string alignment, which doesn't edit a swapped pair again. Time is the product of the lengths.
func editDistance(_ first: String, _ second: String) -> Int {
  let (a, b) = (Array(first), Array(second))
  var before: [Int] = []
  var above = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
      row.append(cost)
    }
    (before, above) = (above, row)
  }
  return above[b.count]
}
