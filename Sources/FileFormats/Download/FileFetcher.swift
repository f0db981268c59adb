import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Downloads files over HTTP, going on where an earlier run stopped.
///
/// Bytes go to `<file>.part`, a piece at a time by range requests where the server knows them; only a whole file
/// of the right size and hash takes the target's place. Memory is bounded by a piece.
public struct FileFetcher: Sendable {
  /// How to deal with slow or broken connections.
  public struct Options: Sendable {
    /// How often a broken connection is tried again without one more byte arriving.
    public var retries = 5
    /// The seconds before the first retry; they double with each one, up to 30.
    public var firstPause = 0.5
    /// The seconds without a byte after which a connection counts as broken.
    public var idleTimeout = 60.0
    /// The bytes a second below which a connection counts as broken, over each `idleTimeout`.
    public var minimumRate = 1024.0
    /// The most bytes that are taken of a file whose size is not known from elsewhere than the server.
    public var largestUnknown = 1 << 36
    /// The bytes of the disk that a download of unknown size leaves free.
    public var reserve = 1 << 28
    /// The bytes asked for in one request.
    public var pieceSize = 1 << 26

    /// The defaults.
    public init() {}
  }

  /// A file that is there now.
  public struct FetchedFile: Sendable, Equatable {
    /// Its size in bytes.
    public let size: Int
    /// Its SHA-256, 64 hexadecimal digits.
    public let sha256: String
    /// Whether it was there before, so that nothing was downloaded.
    public let wasThere: Bool
  }

  /// The options.
  public var options: Options

  /// A fetcher.
  public init(options: Options = Options()) { self.options = options }

  /// Downloads a file, unless one of the expected hash is there.
  ///
  /// - Parameters:
  ///   - address: an `http` or `https` URL of data; an HTML page in its place is refused.
  ///   - path: where the file will stand; its folder must exist.
  ///   - size: the bytes it must have, beyond which none is taken; nil where that is unknown.
  ///   - sha256: the hash it must have; nil where that is unknown. A file that is there is then not trusted.
  ///   - validate: throws `FileError` for bytes that can't be what was asked for, told where they are; the file
  ///     then doesn't take the target's place.
  ///   - progress: told the bytes that are there and the size, on another thread.
  /// - Throws: `FileError` naming the URL for what the server did wrong, or the file. What stood at the path then
  ///   stays. Bytes that can still be of use stay in the `.part` file; wrong ones are deleted.
  public func fetch(
    _ address: String, to path: String, size: Int? = nil, sha256: String? = nil,
    validate: (_ path: String) throws(FileError) -> Void = { _ in },
    progress: @escaping @Sendable (_ done: Int, _ total: Int?) -> Void = { _, _ in }
  ) throws(FileError) -> FetchedFile {
    let url = try Self.url(address)
    if let sha256, let there = Self.existing(path, size: size, sha256: sha256) { return there }
    let part = try PartFile(for: path)
    defer { part.close() }
    if part.origin?.url != address { try part.restart() }
    let session = FetchSession(
      url: url, address: address, part: part, expectedSize: size, options: options, progress: progress)
    try session.complete()
    let hash = try verify(part, address: address, size: size, sha256: sha256)
    do throws(FileError) {
      try validate(part.path)
    } catch {
      part.discard()
      throw FileError(
        address, at: error.place, "refused what the server sent: \(error.reason); it was deleted")
    }
    let count = part.count
    try part.finish()
    return FetchedFile(size: count, sha256: hash, wasThere: false)
  }

  private static func url(_ address: String) throws(FileError) -> URL {
    let shown = FileError.excerpt(address, limit: 200)
    guard let url = URL(string: address), let scheme = url.scheme?.lowercased() else {
      throw FileError(shown, "is not a URL")
    }
    guard ["http", "https"].contains(scheme), url.host?.isEmpty == false else {
      throw FileError(shown, "is not an http or https URL")
    }
    return url
  }

  /// The file at a path, if it is the expected one.
  private static func existing(_ path: String, size: Int?, sha256: String) -> FetchedFile? {
    guard let region = try? ByteRegion(mapping: path), region.count == size ?? region.count,
      let hash = try? SHA256.hexDigest(of: region, path: path), hash == sha256
    else { return nil }
    return FetchedFile(size: region.count, sha256: hash, wasThere: true)
  }

  /// The hash of a whole download; a wrong one is deleted.
  private func verify(_ part: PartFile, address: String, size: Int?, sha256: String?) throws(FileError)
    -> String
  {
    let region = try ByteRegion(mapping: part.path)
    func reject(_ reason: String) -> FileError {
      part.discard()
      return FileError(address, reason)
    }
    if Self.looksLikeHTML(region) { throw reject("the server sent an HTML page instead of the file") }
    if let size, region.count != size {
      throw reject("the server sent \(region.count) bytes, expected \(size); they were deleted")
    }
    let hash = try SHA256.hexDigest(of: region, path: part.path)
    if let sha256, hash != sha256 {
      throw reject("what the server sent has SHA-256 \(hash), expected \(sha256); it was deleted")
    }
    return hash
  }

  /// Whether bytes start as a page for a browser does, which no data file here can.
  static func looksLikeHTML(_ region: ByteRegion) -> Bool {
    let head = String(decoding: region[0..<min(region.count, 256)].array, as: UTF8.self)
    let start = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }
}
