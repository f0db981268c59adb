import Foundation
import Synchronization

/// An HTTP server on 127.0.0.1 that answers as a test tells it to, also wrongly.
///
/// One request a connection; its port is chosen by the system. It ends with the process: an object's last
/// use may lie before the requests that a test makes with its URL.
public final class LoopbackServer: Sendable {
  /// What a client asked for.
  public struct Request: Sendable {
    /// The path with its leading `/`.
    public let path: String
    /// The header fields, names in lower case.
    public let fields: [String: String]

    /// A request, as if a client had sent it.
    public init(path: String, fields: [String: String] = [:]) {
      self.path = path
      self.fields = fields
    }

    /// The first and the last byte of a `Range` field.
    public var range: ClosedRange<Int>? {
      guard let text = fields["range"], text.hasPrefix("bytes=") else { return nil }
      let ends = text.dropFirst(6).split(separator: "-").compactMap { Int($0) }
      return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }
  }

  /// What the server sends.
  public struct Response: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields; `Content-Length` is that of the body unless it is here.
    public var fields: [String: String]
    /// The bytes.
    public var body: [UInt8]
    /// How many bytes are sent before the connection is closed.
    public var cutAfter: Int?
    /// How many bytes are sent before nothing more comes.
    public var stallAfter: Int?
    /// The seconds between two bytes, from the first byte of the header on; nil sends as fast as it can.
    public var pause: Double?
    /// Whether the body is sent again and again until the client closes the connection.
    public var isEndless = false

    /// A whole response.
    public init(_ status: Int, _ body: [UInt8] = [], fields: [String: String] = [:]) {
      self.status = status
      self.body = body
      self.fields = fields
    }

    /// A file, or the part of it that is asked for, as an honest server sends it.
    public static func file(_ bytes: [UInt8], etag: String, for request: Request) -> Response {
      let fields = ["ETag": etag, "Accept-Ranges": "bytes"]
      let isCurrent = request.fields["if-range"].map { $0 == etag } ?? true
      guard let range = request.range, isCurrent else { return Response(200, bytes, fields: fields) }
      guard range.lowerBound < bytes.count else {
        return Response(416, fields: fields.merging(["Content-Range": "bytes */\(bytes.count)"]) { $1 })
      }
      let part = range.lowerBound...min(range.upperBound, bytes.count - 1)
      let place = "bytes \(part.lowerBound)-\(part.upperBound)/\(bytes.count)"
      return Response(206, Array(bytes[part]), fields: fields.merging(["Content-Range": place]) { $1 })
    }

    /// The same, with the connection closed after so many bytes of it.
    public func cut(after count: Int) -> Response {
      var copy = self
      copy.cutAfter = count
      return copy
    }
  }

  /// Where the server listens.
  public let port: UInt16
  private let answer: @Sendable (_ request: Request, _ number: Int) -> Response
  private let received = Mutex<[Request]>([])

  /// Starts a server.
  ///
  /// - Parameter answer: makes the response to a request, told how many came before it.
  public init(_ answer: @escaping @Sendable (_ request: Request, _ number: Int) -> Response) throws {
    self.answer = answer
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isListening else { throw CocoaError(.fileWriteUnknown) }
    Thread.detachNewThread {
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        Thread.detachNewThread {
          self.serve(connection)
          close(connection)
        }
      }
    }
  }

  /// The URL of a path.
  public func url(_ path: String = "/file") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// The requests so far.
  public var requests: [Request] { received.withLock { $0 } }

  private func serve(_ connection: Int32) {
    guard let request = Self.read(connection) else { return }
    let number = received.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
    let response = answer(request, number)
    var head = "HTTP/1.1 \(response.status) Answer\r\nConnection: close\r\n"
    let fields = ["Content-Length": "\(response.body.count)"].merging(response.fields) { $1 }
    for (name, value) in fields where !value.isEmpty { head += "\(name): \(value)\r\n" }
    if let pause = response.pause {
      for byte in Array((head + "\r\n").utf8) + response.body {
        guard Self.send([byte], connection) else { return }
        Thread.sleep(forTimeInterval: pause)
      }
      return
    }
    let count = min(response.cutAfter ?? .max, response.stallAfter ?? .max, response.body.count)
    guard Self.send(Array((head + "\r\n").utf8), connection),
      Self.send(Array(response.body[..<count]), connection)
    else { return }
    while response.isEndless, Self.send(response.body, connection) {}
    if response.stallAfter != nil {
      // Until the client gives up.
      var byte: UInt8 = 0
      while recv(connection, &byte, 1, 0) > 0 {}
    }
    shutdown(connection, Int32(SHUT_WR))
  }

  private static func read(_ connection: Int32) -> Request? {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    let end = Array("\r\n\r\n".utf8)
    while text.suffix(4) != end[...] {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0, text.count < 1 << 16 else { return nil }
      text += buffer[..<count]
    }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return Request(path: String(words[1]), fields: fields)
  }

  private static func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
