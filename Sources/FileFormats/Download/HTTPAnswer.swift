import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What a server says before it sends bytes.
struct HTTPAnswer: Sendable {
  /// The status code, such as 200.
  let status: Int
  /// The media type without parameters, in lower case.
  let mediaType: String?
  /// The server's name of this version of the file.
  let etag: String?
  /// When the server's file was last changed, in the server's words.
  let lastModified: String?
  /// The number of bytes that are going to be sent.
  let length: Int?
  /// Which part of the file they are.
  let range: ContentRange?

  init(_ response: HTTPURLResponse) {
    func field(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
    status = response.statusCode
    mediaType = field("Content-Type")?.split(separator: ";").first.map {
      $0.trimmingCharacters(in: .whitespaces).lowercased()
    }
    etag = field("ETag")
    lastModified = field("Last-Modified")
    length = field("Content-Length").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    range = field("Content-Range").flatMap { ContentRange($0) }
  }

  /// The status in words, such as `404 not found`.
  var statusText: String { "\(status) \(HTTPURLResponse.localizedString(forStatusCode: status))" }

  /// Whether the same request may well succeed a little later.
  var isTemporary: Bool { [408, 425, 429, 500, 502, 503, 504].contains(status) }
}
