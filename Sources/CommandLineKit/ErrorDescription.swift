import Foundation

/// An error as one line that a user can act on.
///
/// The errors of this project describe themselves. Those of Foundation print their inner structure instead,
/// so the file and the system's reason are taken out of them.
func describe(_ error: any Error) -> String {
  let text: String
  // A Swift error bridges to NSError too, but only Foundation's own carry these domains.
  let bridged = error as NSError
  if let reason = codingReason(error) {
    text = reason
  } else if [NSCocoaErrorDomain, NSPOSIXErrorDomain].contains(bridged.domain) {
    let path =
      bridged.userInfo[NSFilePathErrorKey] as? String ?? (bridged.userInfo[NSURLErrorKey] as? URL)?.path
    let reason = POSIXErrorCode(of: error).map(describe) ?? error.localizedDescription
    text = (path.map { $0 + ": " } ?? "") + reason
  } else if let localized = (error as? any LocalizedError)?.errorDescription {
    text = localized
  } else {
    text = "\(error)"
  }
  return onOneLine(text)
}

/// What can't be read from JSON or written as it, by its key; nil for other errors.
///
/// Foundation's own words are "The data isn’t in the correct format" for all of them.
private func codingReason(_ error: any Error) -> String? {
  func place(_ path: [any CodingKey]) -> String {
    path.isEmpty
      ? "the value"
      : "\"" + path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".") + "\""
  }
  switch error {
  case EncodingError.invalidValue(let value, let context):
    return "can't be written as JSON: \(place(context.codingPath)) holds \(value)"
  case DecodingError.keyNotFound(let key, let context):
    return "is not the JSON expected: \(place(context.codingPath + [key])) is missing"
  case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
    return "is not the JSON expected: \(place(context.codingPath)) is not of type \(type)"
  case DecodingError.dataCorrupted(let context):
    return "is not the JSON expected: \(place(context.codingPath)): \(context.debugDescription)"
  default: return nil
  }
}

/// The system's own words for an error code, such as "No space left on device".
func describe(_ code: POSIXErrorCode) -> String {
  let error = NSError(domain: NSPOSIXErrorDomain, code: Int(code.rawValue))
  return error.localizedFailureReason ?? error.localizedDescription
}

/// Text with its line breaks turned into spaces and other control characters made harmless.
///
/// Names from a file may hold anything, also sequences that would rewrite a terminal.
func onOneLine(_ text: String) -> String {
  let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
  let scalars = lines.joined(separator: " ").unicodeScalars.map { scalar in
    scalar == "\t" ? " " : scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
  }
  var line = String.UnicodeScalarView()
  line.append(contentsOf: scalars)
  return String(line)
}

extension POSIXErrorCode {
  /// The system's error code that lies under an error of Foundation, if there is one.
  init?(of error: any Error) {
    // What lies under is an NSError or a Swift error, depending on the call.
    var current: (any Error)? = error
    while let error = current.map({ $0 as NSError }) {
      if error.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(error.code)) {
        self = code
        return
      }
      current = error.userInfo[NSUnderlyingErrorKey] as? any Error
    }
    return nil
  }
}
