import Foundation

@testable import FileFormats

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What a server says.
extension Reader {
  static let answers = [
    Reader("content-range") { input, _ in try contentRange(String(decoding: input, as: UTF8.self)) },
    Reader("http-answer") { input, _ in try answer(String(decoding: input, as: UTF8.self)) },
    Reader("part-file") { input, scratch in
      // An earlier run's note beside ten bytes: it is believed or forgotten, never wrong about the bytes.
      _ = try scratch.file("x.part", Array(repeating: 7, count: 10))
      _ = try scratch.file("x.part.json", input)
      let part = try PartFile(for: "\(scratch.path)/x")
      try Violation.unless(
        (part.count == 10) == (part.origin != nil), "bytes of nothing, or none of something")
      if let size = part.origin?.size { try Violation.unless(size >= 10, "more bytes than the file has") }
      part.discard()
    },
  ]

  private static func contentRange(_ text: String) throws {
    guard let range = ContentRange(text) else { return }
    let isInside = range.bytes.map {
      $0.lowerBound >= 0 && !$0.isEmpty && $0.upperBound <= range.total ?? .max
    }
    try Violation.unless(isInside ?? true, "\(range) sends bytes that the file has not got")
  }

  /// Header fields, one a line.
  private static func answer(_ text: String) throws {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      if parts.count == 2 { fields[parts[0]] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    guard let url = URL(string: "http://localhost/"),
      let response = HTTPURLResponse(url: url, statusCode: 206, httpVersion: nil, headerFields: fields)
    else { return }
    let answer = HTTPAnswer(response)
    try Violation.unless(answer.length ?? 0 >= 0, "a negative length")
    try Violation.unless(!answer.statusText.isEmpty && !answer.isTemporary, "206 is a success")
  }
}
