import CommandLineKit
import FileFormats
import RoutingData
import Synchronization

/// `rs-data fetch`: downloads, checks, unpacks and imports what a manifest lists.
enum FetchCommand {
  static let manifest = Positional.one(
    "MANIFEST", help: "name of a manifest, such as gsm8k, or the path of one")
  static let manifests = Option.string(
    "manifests", placeholder: "DIR", help: "folder of the manifests"
  ).optional(meaning: "data-manifests here or beside the program")
  static let output = Option.string(
    "output", placeholder: "DIR", default: "data", help: "folder for the files; made if need be")
  static let mirror = Option.string(
    "mirror", placeholder: "URL", help: "where the files are, under the manifest's paths"
  ).optional(meaning: "where they are published")
  static let only = Option.list(
    "only", placeholder: "FILE,FILE", help: "the paths of the files to download"
  ).optional(meaning: "all that the manifest lists")
  static let importFolder = Option.string(
    "import", placeholder: "DIR", help: "dataset folder to make of the files"
  ).optional(meaning: "none")
  static let retries = Option.integer(
    "retries", placeholder: "N", default: 5, in: 0...1000,
    help: "how often to try again when a connection breaks")
  static let timeout = Option.double(
    "timeout", placeholder: "SECONDS", default: 60, in: 0.1...86_400,
    help: "how long a connection may bring less than 1 KiB a second before it counts as broken")

  static let command = Command(
    name: "fetch",
    summary: "Download the published files that a manifest lists, check them and unpack them. "
      + "A download that was interrupted goes on where it stopped.",
    options: [
      output, manifests, mirror, only, importFolder, ImportCommand.overwrite, ImportCommand.add,
      ImportCommand.merge,
      ImportCommand.onConflict, ImportCommand.models, ImportCommand.encoder,
      ImportCommand.splitSeed, ImportCommand.llms, ImportCommand.references, retries, timeout,
      CommonOptions.quiet,
    ],
    positional: [manifest],
    examples: ["rs-data fetch gsm8k --output data/ --import gsm8k/"]
  ) { arguments in
    var options = FileFetcher.Options()
    options.retries = arguments[retries]
    options.idleTimeout = arguments[timeout]
    let download = ManifestDownload(
      try ManifestFolder.manifest(arguments[manifest], in: arguments[manifests]), to: arguments[output],
      mirror: arguments[mirror], only: arguments[only] ?? [], options: options)
    try download.prepare()
    let destination = try arguments[importFolder].map { try ImportDestination(arguments, folder: $0) }
    InterruptionAdvice.set { "what came so far is kept: the same command goes on from it" }
    let display = DownloadDisplay()
    let files = try download.run(progress: { display.update($0, done: $1, total: $2) }) { event in
      display.finish()
      switch event {
      case .fetched(let path, let file, let isLocked):
        let state =
          file.wasThere ? "was there" : isLocked ? "downloaded, hash locked" : "downloaded, hash right"
        try StandardOutput.writeLine(
          "\(path): \(NumberFormatting.bytes(file.size)), \(state), \(file.sha256)")
      case .unpacked(let path): try StandardOutput.writeLine("\(path): unpacked")
      }
    }
    try destination?.fill { try download.load(files, options: $0) }
  }
}

/// The progress of one download after the other.
private final class DownloadDisplay: Sendable {
  /// Bytes are shown in these steps: whole counts of bytes don't fit the line.
  private static let unit = 1_000_000
  private let console = StandardError.current
  private let line = Mutex<(path: String, progress: ProgressLine)?>(nil)

  func update(_ path: String, done: Int, total: Int?) {
    line.withLock { line in
      if line?.path != path {
        // Task-local values don't reach the thread that the download reports from.
        let progress = StandardError.$current.withValue(console) {
          ProgressLine(
            "fetching \(path)", total: total.map { $0 / Self.unit }, unit: "MB", completed: done / Self.unit)
        }
        line = (path, progress)
      }
      line?.progress.update(done / Self.unit)
    }
  }

  func finish() {
    line.withLock { line in
      line?.progress.finish()
      line = nil
    }
  }
}
