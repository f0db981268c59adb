import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Requests that go on until a part file is whole.
final class FetchSession {
  /// What a request led to.
  private enum Step {
    case whole, more
    case failed(HTTPTransfer.Failure)
  }

  /// What an answer means for the bytes that are there.
  private enum Verdict {
    case append, restart, restartWithoutRange, whole
    case failed(HTTPTransfer.Failure)
  }

  /// How often the server's file may change before the download is given up.
  private static let mostRestarts = 3

  private let url: URL
  private let address: String
  private let part: PartFile
  private let expectedSize: Int?
  private let options: FileFetcher.Options
  private let progress: @Sendable (Int, Int?) -> Void
  private var asksForRanges = true
  private var restarts = 0
  private var verdict = Verdict.append
  /// How many bytes may come before the free space is looked at again.
  private var spaceLeft = 0
  /// Where the bytes of the present answer must end; nil where the server doesn't say.
  private var end: Int?

  init(
    url: URL, address: String, part: PartFile, expectedSize: Int?, options: FileFetcher.Options,
    progress: @escaping @Sendable (Int, Int?) -> Void
  ) {
    self.url = url
    self.address = address
    self.part = part
    self.expectedSize = expectedSize
    self.options = options
    self.progress = progress
  }

  /// Requests pieces until the part file is whole, trying again where a connection breaks.
  func complete() throws(FileError) {
    var failures = 0
    var hasConnected = false
    while true {
      let before = part.count
      switch try step() {
      case .whole: return
      case .more: failures = 0
      case .failed(let failure):
        // A few bytes are no progress: a server that drips would otherwise be asked for ever.
        if Double(part.count - before) >= options.minimumRate * options.idleTimeout { failures = 0 }
        hasConnected = hasConnected || part.count > before
        // A host that never answered is more likely a wrong address than a passing trouble.
        guard failure.isTemporary, failures < (hasConnected ? options.retries : min(options.retries, 2))
        else {
          let kept = part.count > 0 ? "; \(part.count) bytes are kept, run this again to go on" : ""
          throw fault(failure.reason + kept)
        }
        let pause = min(30, options.firstPause * Double(1 << min(failures, 16)))
        failures += 1
        Thread.sleep(forTimeInterval: pause)
      }
    }
  }

  private func fault(_ reason: String) -> FileError { FileError(address, reason) }

  private func step() throws(FileError) -> Step {
    if let size = part.origin?.size, part.count == size { return .whole }
    let start = part.count
    let asked = asksForRanges ? start..<start + options.pieceSize : nil
    (verdict, end) = (.append, nil)
    let transfer = HTTPTransfer(
      onAnswer: { [self] answer throws(FileError) in
        verdict = try judge(answer, start: start, hasRange: asked != nil)
        if case .append = verdict { return .take }
        return .leave
      },
      onBytes: { [self] bytes throws(FileError) in
        try requireRoom(for: bytes.count)
        try part.append(bytes)
        progress(part.count, part.origin?.size)
      })
    let failure = try transfer.run(
      request(asked), idleTimeout: options.idleTimeout, minimumRate: options.minimumRate)
    switch verdict {
    case .whole: return .whole
    case .failed(let failure): return .failed(failure)
    case .restart, .restartWithoutRange:
      restarts += 1
      guard restarts <= Self.mostRestarts else {
        throw fault("the server's file changes while it is being downloaded")
      }
      if case .restartWithoutRange = verdict { asksForRanges = false }
      try part.restart()
      return .more
    case .append: break
    }
    if let failure { return .failed(failure) }
    if let end, part.count < end {
      return .failed(.init(reason: "the connection ended \(end - part.count) bytes early", isTemporary: true))
    }
    guard let asked, end != nil, part.origin?.size != part.count else { return .whole }
    // Of a size nobody knows, a piece shorter than asked for is the last.
    if part.origin?.size == nil, part.count < asked.upperBound { return .whole }
    return .more
  }

  /// Throws for bytes that may not be added to those that are there: more than were announced or are expected,
  /// or, of a size nobody knows, more than the disk can spare.
  private func requireRoom(for count: Int) throws(FileError) {
    let total = part.count + count
    func refuse(_ reason: String) -> FileError {
      part.discard()
      return fault(reason)
    }
    if let expectedSize, total > expectedSize {
      throw refuse("the server sends more than the \(expectedSize) bytes expected; they were deleted")
    }
    if let end, total > end { throw refuse("the server sends more bytes than it announced") }
    if expectedSize == nil, total > options.largestUnknown { throw refuse(tooLarge("sends")) }
    guard expectedSize == nil, part.origin?.size == nil else { return }
    // Asking the system for every packet would be slow.
    spaceLeft -= count
    if spaceLeft < 0, let free = part.freeSpace {
      guard free - count >= options.reserve else {
        throw FileError(
          part.path,
          "the disk has \(free) bytes left, of which \(options.reserve) stay free, and the size of the file is "
            + "not known; what came so far is kept")
      }
      spaceLeft = min(free - count - options.reserve, 1 << 24)
    }
  }

  private func tooLarge(_ verb: String) -> String {
    "the server \(verb) more than \(options.largestUnknown) bytes, which is too much for a file whose size the "
      + "manifest does not give"
  }

  private func request(_ range: Range<Int>?) -> URLRequest {
    var request = URLRequest(url: url)
    // Compressed on the way, bytes could be neither counted nor asked for by their place.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("routerec", forHTTPHeaderField: "User-Agent")
    guard let range else { return request }
    request.setValue("bytes=\(range.lowerBound)-\(range.upperBound - 1)", forHTTPHeaderField: "Range")
    // A weak name doesn't promise equal bytes, so a server ignores it here.
    if range.lowerBound > 0, let etag = part.origin?.etag, !etag.hasPrefix("W/") {
      request.setValue(etag, forHTTPHeaderField: "If-Range")
    }
    return request
  }

  private func judge(_ answer: HTTPAnswer, start: Int, hasRange: Bool) throws(FileError) -> Verdict {
    switch answer.status {
    case 200:
      // The server knows no ranges, or its file is another one now: these are the bytes from the start.
      if start > 0 { try part.restart() }
      end = answer.length
      try accept(answer, size: answer.length)
      return .append
    case 206:
      guard let range = answer.range, let bytes = range.bytes, hasRange, bytes.lowerBound == start else {
        throw fault("the server sends another part of the file than was asked for, at byte \(start)")
      }
      let origin = origin(answer, size: range.total)
      if start > 0, let known = part.origin, !known.agrees(with: origin) { return .restart }
      end = bytes.upperBound
      try accept(answer, size: range.total)
      return .append
    case 416 where hasRange:
      if let range = answer.range, range.bytes == nil, range.total == start {
        if part.origin == nil { try accept(answer, size: start) }
        return .whole
      }
      return .restartWithoutRange
    case 404, 410: throw fault("the server has no such file (\(answer.statusText))")
    case 401, 403: throw fault("the server refuses access (\(answer.statusText))")
    default:
      return .failed(
        .init(reason: "the server answers \(answer.statusText)", isTemporary: answer.isTemporary))
    }
  }

  private func origin(_ answer: HTTPAnswer, size: Int?) -> PartFile.Origin {
    PartFile.Origin(url: address, etag: answer.etag, lastModified: answer.lastModified, size: size)
  }

  /// Checks what can be known before any byte comes and notes what the bytes are bytes of.
  private func accept(_ answer: HTTPAnswer, size: Int?) throws(FileError) {
    if let type = answer.mediaType, ["text/html", "application/xhtml+xml"].contains(type) {
      part.discard()
      throw fault("the server sent an HTML page (\(type)) instead of the file")
    }
    if let size, let expectedSize, size != expectedSize {
      part.discard()
      throw fault("the server's file has \(size) bytes, expected \(expectedSize)")
    }
    if let size, expectedSize == nil, size > options.largestUnknown {
      part.discard()
      throw fault(tooLarge("announces"))
    }
    if let size, let free = part.freeSpace, size - part.count > free {
      throw FileError(part.path, "needs \(size - part.count) bytes more, the disk has \(free)")
    }
    if part.count == 0 { try part.begin(origin(answer, size: size)) }
  }
}
