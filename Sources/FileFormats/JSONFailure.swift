/// Says in one line why a value can't be read from JSON or written as it.
enum JSONFailure {
  static let repeatedKey = "the key occurs twice, or beside one that is written in another way only"

  /// What a decoder or an encoder reports, in one line that names the key.
  static func reason(_ error: any Error, whole: String) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      return "\(place(context.codingPath + [key], whole)) is missing"
    case DecodingError.valueNotFound(_, let context): return "\(place(context.codingPath, whole)) is null"
    case DecodingError.typeMismatch(let type, let context):
      return "\(place(context.codingPath, whole)) is not of type \(type)"
    case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty: return "is not valid JSON"
    case DecodingError.dataCorrupted(let context):
      return "\(place(context.codingPath, whole)): \(FileError.excerpt(context.debugDescription, limit: 200))"
    case EncodingError.invalidValue(let value, let context):
      return "\(place(context.codingPath, whole)) holds \(FileError.excerpt("\(value)"))"
    default: return FileError.excerpt("\(error)", limit: 200)
    }
  }

  private static func place(_ path: [any CodingKey], _ whole: String) -> String {
    guard !path.isEmpty else { return whole }
    let names = path.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return "\"\(FileError.excerpt(names.joined(separator: "."), limit: 100))\""
  }
}
