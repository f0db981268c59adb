@testable import RoutingData

/// Manifests and lists in JSON.
extension Reader {
  static let manifests = [
    Reader("data-manifest") { input, scratch in
      let manifest = try DataManifest(file: scratch.file("small.json", input))
      for file in manifest.files { _ = manifest.url(of: file) }
    },
    Reader("download-lock") { input, scratch in
      _ = try scratch.file(DownloadLock.fileName, input)
      let lock = try DownloadLock.read(folder: scratch.path)
      for (path, entry) in lock.files { _ = lock.entry(path, url: entry.url) }
    },
    Reader("scenario-list") { input, scratch in _ = try ScenarioList(jsonFile: scratch.file("x.json", input))
    },
  ]
}
