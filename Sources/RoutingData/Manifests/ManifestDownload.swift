import FileFormats
import Foundation

/// Downloads what a manifest lists into a folder, unpacks it and imports it.
public struct ManifestDownload: Sendable {
  /// What happened to a file.
  public enum Event: Sendable {
    /// It is there, downloaded or from before, with this size and SHA-256; `isLocked` where its hash was not
    /// known and is now in the lock.
    case fetched(path: String, FileFetcher.FetchedFile, isLocked: Bool)
    /// It was unpacked, or was there from before.
    case unpacked(path: String)
  }

  /// A data file that is ready to be imported.
  public struct DataFile: Sendable, Equatable {
    /// Where it stands.
    public let path: String
    /// How it is laid out.
    public let layout: DataManifest.Layout
  }

  /// What to download.
  public let manifest: DataManifest
  /// Where to.
  public let folder: String
  /// What takes the place of the manifest's base URL; nil takes that.
  public var mirror: String?
  /// The paths of the files to download; empty takes all.
  public var only: [String]
  /// How to deal with connections.
  public var options: FileFetcher.Options

  /// A download of all files from where they are published.
  public init(
    _ manifest: DataManifest, to folder: String, mirror: String? = nil, only: [String] = [],
    options: FileFetcher.Options = .init()
  ) {
    self.manifest = manifest
    self.folder = folder
    self.mirror = mirror
    self.only = only
    self.options = options
  }

  /// Throws `DataError` for a file that the manifest doesn't list.
  public func prepare() throws {
    for path in only where !manifest.files.map(\.path).containsName(path) {
      throw DataError(
        "manifest '\(manifest.name)' lists no file '\(path)'; there are: "
          + manifest.files.map(\.path).joined(separator: ", "))
    }
  }

  /// Downloads and unpacks.
  ///
  /// - Parameters:
  ///   - progress: told a file's path, the bytes that are there and the size, on another thread.
  ///   - report: told of each file that is ready.
  /// - Returns: the data files, those of archives among them.
  /// - Throws: `DataError` for a file that the manifest doesn't list; `FileError` for a download, an archive or
  ///   a file that can't be had or written. Files that were ready before stay.
  public func run(
    progress: @escaping @Sendable (_ path: String, _ done: Int, _ total: Int?) -> Void = { _, _, _ in },
    report: (Event) throws -> Void = { _ in }
  ) throws -> [DataFile] {
    try prepare()
    let lock = try FileLock(
      folder: folder,
      files: [DownloadLock.fileName] + manifest.files.flatMap { [$0.path] + $0.members.map(\.path) })
    defer { lock.release() }
    var ready: [DataFile] = []
    for file in manifest.files where only.isEmpty || only.containsName(file.path) {
      let path = "\(folder)/\(file.path)"
      try FolderCreation.make((path as NSString).deletingLastPathComponent)
      try report(fetch(file, to: path) { progress(file.path, $0, $1) })
      guard file.layout == .zip else {
        ready.append(DataFile(path: path, layout: file.layout))
        continue
      }
      let unpacked = try ZipExtraction.extract(path, members: file.members.map(\.path), into: folder)
      for (path, member) in zip(unpacked, file.members) {
        ready.append(DataFile(path: path, layout: member.layout))
        try report(.unpacked(path: path))
      }
    }
    return ready
  }

  private func fetch(
    _ file: DataManifest.File, to path: String, progress: @escaping @Sendable (Int, Int?) -> Void
  ) throws(FileError) -> Event {
    var lock = try DownloadLock.read(folder: folder)
    let published = manifest.url(of: file)
    let locked = file.sha256 == nil ? lock.entry(file.path, url: published) : nil
    let fetched: FileFetcher.FetchedFile
    do throws(FileError) {
      fetched = try FileFetcher(options: options).fetch(
        manifest.url(of: file, mirror: mirror), to: path, size: file.size ?? locked?.size,
        sha256: file.sha256 ?? locked?.sha256,
        validate: { path throws(FileError) in try Self.validate(path, file) }, progress: progress)
    } catch  where locked != nil && error.reason.contains("expected") {
      // The user may know why the published file changed, and must then say so by deleting the lock.
      throw FileError(
        error.path, at: error.place,
        error.reason + " (as first downloaded, see \(folder)/\(DownloadLock.fileName))")
    }
    guard file.sha256 == nil, locked == nil else {
      return .fetched(path: path, fetched, isLocked: false)
    }
    try lock.enter(
      file.path, .init(url: published, size: fetched.size, sha256: fetched.sha256), folder: folder)
    return .fetched(path: path, fetched, isLocked: true)
  }

  /// Throws for bytes that can't be the file, before they are kept and their hash is locked.
  private static func validate(_ path: String, _ file: DataManifest.File) throws(FileError) {
    if file.layout == .zip { return try ZipExtraction.check(path, members: file.members.map(\.path)) }
    let bytes = try ByteRegion(mapping: path)
    // Protocol 2 or later, ended by STOP.
    guard bytes.count > 2, bytes[0] == 0x80, bytes[bytes.count - 1] == UInt8(ascii: ".") else {
      throw FileError(path, "is not a pickle, or cut short")
    }
  }

  /// Imports what was downloaded: the pools' pickle of a benchmark, or a leaderboard's scores with their prompts.
  ///
  /// - Throws: `DataError` if the files hold nothing to import; what the importers throw.
  public func load(_ files: [DataFile], options: ImportOptions) throws -> ImportResult {
    func path(_ layout: DataManifest.Layout) -> String? { files.first { $0.layout == layout }?.path }
    if let scores = path(.scores) {
      return try RouterEvalImporter.load(
        RouterEvalFiles(scores: scores, prompts: path(.prompts)), options: options)
    }
    guard let pools = path(.routerDataset) else {
      throw DataError("manifest '\(manifest.name)': what was downloaded holds no scores to import")
    }
    var options = options
    // The published file of truthfulqa has another name than the benchmark here.
    options.benchmark = manifest.benchmarks.first?.name
    options.encoder = options.encoder ?? (manifest.encoders.count == 1 ? manifest.encoders.first : nil)
    return try RouterDatasetImporter.load(pools, options: options)
  }
}
