import FileFormats

/// Names as formats of lines can hold them: without what ends a line or a field, and still all different.
package struct LineNames: Sendable {
  /// The names, in order.
  package let names: [String]
  /// How many had to be changed.
  let changed: Int

  /// The characters at which programs break lines; Python's `splitlines` knows the most of them.
  static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
    (0x0A...0x0D).contains(scalar.value) || (0x1C...0x1E).contains(scalar.value)
      || [0x85, 0x2028, 0x2029].contains(scalar.value)
  }

  /// The characters at which programs break words; Python's `split` knows the most of them.
  static func breaksWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  /// Names with some characters replaced; of names that are alike then, all but the first get `~2`, `~3`, … behind
  /// them.
  ///
  /// A name that needs no change keeps its own.
  package init(
    _ originals: [String], replacing isForbidden: (Unicode.Scalar) -> Bool, by stand: Unicode.Scalar
  ) {
    let plain = originals.map { name -> String in
      guard name.unicodeScalars.contains(where: isForbidden) else { return name }
      var scalars = String.UnicodeScalarView()
      for scalar in name.unicodeScalars { scalars.append(isForbidden(scalar) ? stand : scalar) }
      return String(scalars)
    }
    // What stays as it is comes first, so that nobody takes its name.
    var taken = NameIndex()
    for (original, name) in zip(originals, plain) where Name(original) == Name(name) {
      _ = taken.insert(name)
    }
    var changed = 0
    names = zip(originals, plain).map { original, name in
      guard Name(original) != Name(name) else { return name }
      changed += 1
      var unique = name
      var number = 2
      while !taken.insert(unique) {
        unique = "\(name)~\(number)"
        number += 1
      }
      return unique
    }
    self.changed = changed
  }

  /// A line about what was changed; nil where nothing was.
  package func note(_ what: String) -> String? {
    guard changed > 0 else { return nil }
    let names = changed == 1 ? "1 name holds" : "\(changed) names hold"
    return "\(names) \(what), which the format can't: replaced, and kept different from all others"
  }
}
