extension Decoder {
  /// A container whose keys must be exactly those of the type: none unknown. (A missing one is found when it is
  /// decoded, since a value that may be null must still be there.)
  ///
  /// - Throws: `DecodingError` naming the unknown key.
  public func strictContainer<Key: CodingKey & CaseIterable>(keyedBy type: Key.Type) throws
    -> KeyedDecodingContainer<Key>
  {
    let known = Set(Key.allCases.map(\.stringValue))
    let all = try container(keyedBy: AnyCodingKey.self).allKeys
    if let unknown = all.filter({ !known.contains($0.stringValue) }).min(by: {
      $0.stringValue < $1.stringValue
    }) {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: codingPath + [unknown],
          debugDescription: "unknown key; known are \(known.sorted().joined(separator: ", "))"))
    }
    return try container(keyedBy: type)
  }
}

extension KeyedDecodingContainer {
  /// A whole number, or nil for null; the key must be there.
  ///
  /// Foundation calls the whole file invalid JSON where it finds 1.5 for an `Int`; this names the key.
  ///
  /// - Throws: `DecodingError` for a missing key, another type or a fraction.
  public func wholeNumber(orNullFor key: Key) throws -> Int? {
    guard let value = try decode(Double?.self, forKey: key) else { return nil }
    guard let whole = Int(exactly: value) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "\(value) is not a whole number")
    }
    return whole
  }

  /// A whole number.
  ///
  /// - Throws: `DecodingError` for a missing key, null, another type or a fraction.
  public func wholeNumber(for key: Key) throws -> Int {
    guard let whole = try wholeNumber(orNullFor: key) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "null is not a whole number")
    }
    return whole
  }
}

/// A key of any name.
private struct AnyCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(stringValue: String) { self.stringValue = stringValue }

  init?(intValue: Int) { nil }
}
