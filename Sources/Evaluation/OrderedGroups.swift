extension Sequence {
  /// The elements with equal keys together: groups in the order of their first element, elements in their own.
  package func groupedInOrder<Key: Hashable>(by key: (Element) -> Key) -> [(key: Key, elements: [Element])] {
    var places: [Key: Int] = [:]
    var groups: [(key: Key, elements: [Element])] = []
    for element in self {
      let own = key(element)
      if let place = places[own] {
        groups[place].elements.append(element)
      } else {
        places[own] = groups.count
        groups.append((own, [element]))
      }
    }
    return groups
  }
}
