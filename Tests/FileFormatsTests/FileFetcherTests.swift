import Foundation
import LoopbackServer
import Testing

@testable import FileFormats

/// Downloads from servers that are honest, slow, broken or wrong.
@Suite struct FileFetcherTests {
  typealias Response = LoopbackServer.Response

  private static func content(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 8)) &+ seed }
  }

  private func fetcher(retries: Int = 3, pieceSize: Int = 1 << 20, idleTimeout: Double = 30) -> FileFetcher {
    var options = FileFetcher.Options()
    (options.retries, options.pieceSize, options.idleTimeout) = (retries, pieceSize, idleTimeout)
    options.firstPause = 0.01
    return FileFetcher(options: options)
  }

  private func hash(_ bytes: [UInt8]) throws -> String { try SHA256.hexDigest(of: ByteRegion(bytes)) }

  /// The line that a failing download gives.
  private func refusal(
    _ fetcher: FileFetcher, _ url: String, to path: String, size: Int? = nil, sha256: String? = nil
  ) -> String {
    do {
      _ = try fetcher.fetch(url, to: path, size: size, sha256: sha256)
      return "nothing was refused"
    } catch {
      return error.description
    }
  }

  @Test func aFileComesInPieces() throws {
    let bytes = Self.content(5_000)
    let server = try LoopbackServer { request, _ in .file(bytes, etag: "\"a\"", for: request) }
    let folder = try ScratchFolder()
    let file = try fetcher(pieceSize: 1_500).fetch(server.url(), to: folder["file"])
    #expect(try file == .init(size: 5_000, sha256: hash(bytes), wasThere: false))
    #expect(try folder.bytes("file") == bytes)
    #expect(try folder.names == ["file"])
    #expect(server.requests.map { $0.range?.lowerBound } == [0, 1_500, 3_000, 4_500])
    #expect(server.requests.dropFirst().allSatisfy { $0.fields["if-range"] == "\"a\"" })
  }

  @Test func aServerWithoutRangesSendsTheWholeFile() throws {
    let bytes = Self.content(300_000)
    for isLengthKnown in [true, false] {
      let server = try LoopbackServer { _, _ in
        Response(200, bytes, fields: isLengthKnown ? [:] : ["Content-Length": ""])
      }
      let folder = try ScratchFolder()
      _ = try fetcher(pieceSize: 1_000).fetch(server.url(), to: folder["file"], sha256: hash(bytes))
      #expect(try folder.bytes("file") == bytes)
      #expect(server.requests.count == 1)
    }
  }

  @Test func anEmptyFileIsAFile() throws {
    let server = try LoopbackServer { request, _ in .file([], etag: "\"e\"", for: request) }
    let folder = try ScratchFolder()
    #expect(try fetcher().fetch(server.url(), to: folder["file"]).size == 0)
    #expect(try folder.bytes("file").isEmpty)
    #expect(try folder.names == ["file"])
  }

  @Test func aCutConnectionGoesOnWhereItBroke() throws {
    let bytes = Self.content(200_000)
    let server = try LoopbackServer { request, number in
      let whole = Response.file(bytes, etag: "\"a\"", for: request)
      return number < 2 ? whole.cut(after: 70_000) : whole
    }
    let folder = try ScratchFolder()
    _ = try fetcher().fetch(server.url(), to: folder["file"], size: 200_000, sha256: hash(bytes))
    #expect(try folder.bytes("file") == bytes)
    #expect(server.requests.map { $0.range?.lowerBound } == [0, 70_000, 140_000])
  }

  @Test func theNextRunGoesOnWhereTheLastOneStopped() throws {
    let bytes = Self.content(100_000)
    let folder = try ScratchFolder()
    let server = try LoopbackServer { request, number in
      let whole = Response.file(bytes, etag: "\"a\"", for: request)
      return number == 0 ? whole.cut(after: 60_000) : whole
    }
    let line = refusal(fetcher(retries: 0), server.url(), to: folder["file"])
    #expect(line.hasPrefix(server.url()) && line.contains("60000 bytes are kept"), "\(line)")
    #expect(try folder.names == ["file.part", "file.part.json"])
    #expect(try folder.bytes("file.part") == Array(bytes[..<60_000]))
    _ = try fetcher().fetch(server.url(), to: folder["file"])
    #expect(try folder.bytes("file") == bytes)
    #expect(server.requests.last?.range?.lowerBound == 60_000)
    #expect(try folder.names == ["file"])
  }

  @Test(arguments: [true, false])
  func aFileThatChangedMeanwhileStartsAnew(hasIfRange: Bool) throws {
    let (old, new) = (Self.content(50_000), Self.content(60_000, seed: 9))
    let folder = try ScratchFolder()
    let server = try LoopbackServer { request, number in
      if number == 0 { return Response.file(old, etag: "\"old\"", for: request).cut(after: 30_000) }
      if hasIfRange { return .file(new, etag: "\"new\"", for: request) }
      // A server that ignores If-Range sends the wanted part of another file.
      let fields = request.fields.filter { $0.key != "if-range" }
      return .file(new, etag: "\"new\"", for: .init(path: request.path, fields: fields))
    }
    _ = try fetcher().fetch(server.url(), to: folder["file"])
    #expect(try folder.bytes("file") == new)
  }

  @Test func aPartOfAnotherURLIsNotContinued() throws {
    let bytes = Self.content(1_000)
    let folder = try ScratchFolder()
    let server = try LoopbackServer { request, number in
      let whole = Response.file(bytes, etag: "\"a\"", for: request)
      return number == 0 ? whole.cut(after: 400) : whole
    }
    _ = refusal(fetcher(retries: 0), server.url("/one"), to: folder["file"])
    _ = try fetcher().fetch(server.url("/two"), to: folder["file"])
    #expect(server.requests.last?.range?.lowerBound == 0)
  }

  @Test func aFileOfTheExpectedHashIsNotAskedFor() throws {
    let bytes = Self.content(1_000)
    let folder = try ScratchFolder()
    try AtomicFile.write(bytes, to: folder["file"])
    let server = try LoopbackServer { _, _ in Response(500) }
    let file = try fetcher().fetch(server.url(), to: folder["file"], sha256: hash(bytes))
    #expect(file.wasThere)
    #expect(server.requests.isEmpty)
  }

  @Test func wrongBytesNeverReplaceAGoodFile() throws {
    let (good, bad) = (Self.content(1_000), Self.content(1_000, seed: 7))
    let folder = try ScratchFolder()
    try AtomicFile.write(good, to: folder["file"])
    let server = try LoopbackServer { request, _ in .file(bad, etag: "\"a\"", for: request) }
    let expected = String(repeating: "0", count: 64)
    let line = refusal(fetcher(), server.url(), to: folder["file"], sha256: expected)
    #expect(try line.contains(hash(bad)) && line.contains(expected), "\(line)")
    let sizes = refusal(fetcher(), server.url(), to: folder["file"], size: 999)
    #expect(sizes.contains("1000 bytes, expected 999"), "\(sizes)")
    #expect(try folder.bytes("file") == good)
    #expect(try folder.names == ["file"])
  }

  @Test func bytesThatAreNotValidNeverReplaceAGoodFile() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write([1], to: folder["file"])
    let server = try LoopbackServer { request, _ in .file([2], etag: "\"a\"", for: request) }
    #expect(
      throws: FileError(server.url(), at: .byte(0), "refused what the server sent: is 2; it was deleted")
    ) {
      try fetcher().fetch(
        server.url(), to: folder["file"],
        validate: { path throws(FileError) in throw FileError(path, at: .byte(0), "is 2") })
    }
    #expect(try folder.bytes("file") == [1])
    #expect(try folder.names == ["file"])
  }

  /// A wrong answer and what the line about it must contain.
  @Test(
    arguments: [
      (Response(404), "no such file (404"), (Response(403), "refuses access (403"),
      (Response(401), "refuses access (401"), (Response(416), "416"), (Response(400), "400"),
      (Response(503), "503"),
      (
        Response(200, Array("<p>Sign in</p>".utf8), fields: ["Content-Type": "text/html; charset=x"]),
        "HTML page"
      ),
      (Response(200, Array(" \n<!DOCTYPE HTML><title>x".utf8)), "HTML page"),
      (Response(206, [1, 2, 3], fields: ["Content-Range": "bytes 7-9/10"]), "another part of the file"),
      (Response(206, [1, 2, 3]), "another part of the file"),
      (Response(302, fields: ["Location": "/file"]), "redirects"),
      (Response(302, fields: ["Location": "file:///etc/hostname"]), "redirects"),
      (Response(200, [1, 2, 3], fields: ["Content-Length": "10"]), "3 bytes are kept"),
    ])
  func wrongAnswersAreNamed(response: Response, message: String) throws {
    let server = try LoopbackServer { _, _ in response }
    let folder = try ScratchFolder()
    let line = refusal(fetcher(retries: 1), server.url(), to: folder["file"])
    #expect(line.hasPrefix("http://127.0.0.1:") && line.contains(message), "\(line)")
    #expect(!line.contains("\n"))
    let left = message.contains("kept") ? ["file.part", "file.part.json"] : []
    #expect(try folder.names == left)
  }

  @Test func redirectsAreFollowed() throws {
    let bytes = Self.content(5_000)
    let server = try LoopbackServer { request, _ in
      request.path == "/file"
        ? Response(302, fields: ["Location": "/elsewhere"]) : .file(bytes, etag: "\"a\"", for: request)
    }
    let folder = try ScratchFolder()
    _ = try fetcher(pieceSize: 3_000).fetch(server.url(), to: folder["file"])
    #expect(try folder.bytes("file") == bytes)
  }

  @Test func aSilentServerIsGivenUp() throws {
    let server = try LoopbackServer { _, _ in
      var response = Response(200, [1, 2, 3])
      response.stallAfter = 0
      return response
    }
    let folder = try ScratchFolder()
    let line = refusal(fetcher(retries: 0, idleTimeout: 0.2), server.url(), to: folder["file"])
    #expect(line == "\(server.url()): no byte came for 0.2 seconds")
    #expect(try folder.names.isEmpty)
  }

  /// Bytes that come one at a time keep a connection open, but not for ever: neither in the header nor after it.
  @Test(arguments: [0.005, 0.05]) func aServerThatDripsIsGivenUp(pause: Double) throws {
    let server = try LoopbackServer { _, _ in
      var response = Response(200, Self.content(100_000))
      response.pause = pause
      return response
    }
    let folder = try ScratchFolder()
    let start = Date()
    let line = refusal(fetcher(retries: 1, idleTimeout: 0.8), server.url(), to: folder["file"])
    #expect(line.hasPrefix("\(server.url()): ") && line.contains("came"), "\(line)")
    #expect(line.contains(" in 0.8 seconds") || line.contains("for 0.8 seconds"), "\(line)")
    #expect(Date().timeIntervalSince(start) < 20)
  }

  /// A body without an end is cut off where it becomes longer than it may be.
  @Test(arguments: [10_000, nil]) func anEndlessBodyIsCutOff(size: Int?) throws {
    let server = try LoopbackServer { _, _ in
      var response = Response(200, Self.content(1_000), fields: ["Content-Length": ""])
      response.isEndless = true
      return response
    }
    let folder = try ScratchFolder()
    var fetcher = fetcher(retries: 0)
    fetcher.options.largestUnknown = 20_000
    let line = refusal(fetcher, server.url(), to: folder["file"], size: size)
    #expect(
      line.contains(size == nil ? "more than 20000 bytes" : "more than the 10000 bytes expected"), "\(line)")
    #expect(try folder.names.isEmpty)
  }

  @Test func aSizeOnlyTheServerKnowsHasALimit() throws {
    let bytes = Self.content(5_000)
    let server = try LoopbackServer { request, _ in .file(bytes, etag: "\"a\"", for: request) }
    let folder = try ScratchFolder()
    var fetcher = fetcher()
    fetcher.options.largestUnknown = 4_999
    let line = refusal(fetcher, server.url(), to: folder["file"])
    #expect(line.contains("announces more than 4999 bytes"), "\(line)")
    #expect(try folder.names.isEmpty)
    #expect(try fetcher.fetch(server.url(), to: folder["file"], size: 5_000).size == 5_000)
  }

  @Test func aDownloadOfUnknownSizeDoesNotFillTheDisk() throws {
    let server = try LoopbackServer { _, _ in
      Response(200, Self.content(1_000), fields: ["Content-Length": ""])
    }
    let folder = try ScratchFolder()
    var fetcher = fetcher(retries: 0)
    fetcher.options.reserve = .max
    let line = refusal(fetcher, server.url(), to: folder["file"])
    #expect(line.contains("file.part: the disk has ") && line.contains("stay free"), "\(line)")
    fetcher.options.reserve = 0
    #expect(try fetcher.fetch(server.url(), to: folder["file"]).size == 1_000)
  }

  @Test func aConnectionThatFallsSilentIsTriedAgain() throws {
    let bytes = Self.content(5_000)
    let server = try LoopbackServer { request, number in
      var response = Response.file(bytes, etag: "\"a\"", for: request)
      if number == 0 { response.stallAfter = 1_000 }
      return response
    }
    let folder = try ScratchFolder()
    // Many retries: on a busy machine half a second may also pass before an honest answer.
    _ = try fetcher(retries: 20, idleTimeout: 0.5).fetch(server.url(), to: folder["file"])
    #expect(try folder.bytes("file") == bytes)
    #expect(server.requests.count > 1)
  }

  @Test func addressesThatLeadNowhere() throws {
    let folder = try ScratchFolder()
    for (address, message) in [
      ("ftp://127.0.0.1/file", "not an http or https URL"),
      ("file:///etc/hostname", "not an http or https URL"),
      ("", "is not a URL"), ("http://", "http"), ("not a url", "not"),
      ("http://127.0.0.1:1/file", "connect"), ("http://no-such-host.invalid/file", "resolve"),
    ] {
      let line = refusal(fetcher(retries: 0), address, to: folder["file"])
      #expect(line.contains(message), "\(address): \(line)")
    }
    #expect(try folder.names.isEmpty)
  }

  @Test func twoRunsDontWriteOneFile() throws {
    let server = try LoopbackServer { request, _ in .file([1, 2], etag: "\"a\"", for: request) }
    let folder = try ScratchFolder()
    let part = try PartFile(for: folder["file"])
    let line = refusal(fetcher(), server.url(), to: folder["file"])
    #expect(line.contains("another run is downloading"), "\(line)")
    part.close()
    #expect(try fetcher().fetch(server.url(), to: folder["file"]).size == 2)
  }

  @Test func outputsThatCantBe() throws {
    let server = try LoopbackServer { request, _ in .file([1, 2], etag: "\"a\"", for: request) }
    let folder = try ScratchFolder()
    #expect(refusal(fetcher(), server.url(), to: folder["no/file"]).contains("there is no folder"))
    #expect(refusal(fetcher(), server.url(), to: folder.path).contains("not a regular file"))
    #expect(server.requests.isEmpty)
  }

  @Test func progressIsTold() throws {
    let bytes = Self.content(5_000)
    let server = try LoopbackServer { request, _ in .file(bytes, etag: "\"a\"", for: request) }
    let folder = try ScratchFolder()
    let steps = Steps()
    _ = try fetcher(pieceSize: 2_000).fetch(server.url(), to: folder["file"], progress: { steps.add($0, $1) })
    #expect(steps.all.last?.done == 5_000)
    #expect(steps.all.allSatisfy { $0.total == 5_000 })
    #expect(steps.all.map(\.done) == steps.all.map(\.done).sorted())
  }
}

/// Collects what is told on another thread.
private final class Steps: @unchecked Sendable {
  private let lock = NSLock()
  private var steps: [(done: Int, total: Int?)] = []

  func add(_ done: Int, _ total: Int?) { lock.withLock { steps.append((done, total)) } }

  var all: [(done: Int, total: Int?)] { lock.withLock { steps } }
}

@Suite struct ContentRangeTests {
  @Test func readsBothForms() {
    #expect(ContentRange("bytes 0-99/1000")?.bytes == 0..<100)
    #expect(ContentRange("Bytes 0-99/1000")?.total == 1000)
    #expect(ContentRange("bytes 5-5/*")?.bytes == 5..<6)
    #expect(ContentRange("bytes 5-5/*")?.total == nil)
    let refusal = ContentRange("bytes */7")
    #expect(refusal?.bytes == nil && refusal?.total == 7)
  }

  @Test(arguments: [
    "", "bytes", "bytes 0-99", "bytes 9-5/10", "bytes 0-10/10", "bytes -5-9/10", "bytes +1-2/9",
    "lines 0-1/2",
    "bytes 0-1/2/3", "bytes 0-99999999999999999999/*", "bytes a-b/c", "bytes 0-9223372036854775807/*",
  ])
  func refusesOthers(text: String) {
    #expect(ContentRange(text) == nil)
  }
}
