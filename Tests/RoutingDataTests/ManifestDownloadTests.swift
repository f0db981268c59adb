import FileFormats
import Foundation
import LoopbackServer
import Testing

@testable import RoutingData

/// What a manifest lists, from a server to a dataset.
@Suite struct ManifestDownloadTests {
  /// A manifest of two plain files, the second with its hash if one is given.
  private func manifest(_ folder: ScratchFolder, baseURL: String, sha256: String? = nil) throws
    -> DataManifest
  {
    let hash = sha256.map { "\"\($0)\"" } ?? "null"
    let text = """
      {
        "format": "routerec-data-manifest", "version": 1, "name": "tiny", "title": "t", "leaderboard": "none",
        "benchmarks": [{"name": "tiny", "queries": 10, "llms": null, "reference_accuracy": null,
          "subscenarios": [{"name": "tiny", "queries": 10}]}],
        "encoders": ["enc"], "licence": {"collection": null, "questions": null},
        "source": {"paper": "", "repository": "", "google_drive": null,
          "hugging_face": {"data_set": "", "revision": "", "branch": ""}},
        "base_url": "\(baseURL)",
        "files": [
          {"path": "pools/tiny_pools.pkl", "size": null, "sha256": null, "layout": "router_dataset", "members": []},
          {"path": "prompts.pkl", "size": null, "sha256": \(hash), "layout": "leaderboard_prompt", "members": []}
        ],
        "unverified": []
      }
      """
    return try DataManifest(file: try folder.write(text, "tiny.json"))
  }

  /// Ten queries × three LLMs, all of them in one pool.
  private static func pools() -> [UInt8] {
    let parts = [("train", Array(0..<8)), ("val", [8]), ("test", [9])]
    func rows(_ queries: [Int]) -> SmallPickle { .rows(queries.map { [Double($0 % 2), 1, 0] }) }
    let data = SmallPickle.dictionary(parts.map { (.text("\($0.0)_score"), rows($0.1)) })
    let pool = SmallPickle.keyed(["data": data, "model": .texts(["a", "b", "c"])])
    return SmallPickle.keyed([
      "easy": .dictionary([(.integer(3), .keyed(["all_strong": pool]))]),
      "split_index": .dictionary(
        parts.map { (.text("\($0.0)_indices"), .integers($0.1, shape: [$0.1.count])) }),
    ]).file
  }

  private func server(_ files: [String: [UInt8]]) throws -> LoopbackServer {
    try LoopbackServer { request, _ in
      guard let bytes = files[request.path] else { return .init(404) }
      return .file(bytes, etag: "\"\(bytes.hashValue)\"", for: request)
    }
  }

  @Test func filesAreLockedAndImported() throws {
    let folder = try ScratchFolder()
    let server = try server(["/d/pools/tiny_pools.pkl": Self.pools(), "/d/prompts.pkl": [0x80, 2, 0x2E]])
    let download = try ManifestDownload(
      manifest(folder, baseURL: server.url("/d/")), to: folder.file("out/deep"))
    var events: [String] = []
    let files = try download.run(report: { event in
      if case .fetched(let path, let file, let isLocked) = event {
        events.append("\(path.split(separator: "/").last ?? "") \(file.wasThere) \(isLocked)")
      }
    })
    #expect(events == ["tiny_pools.pkl false true", "prompts.pkl false true"])
    #expect(files.map(\.layout) == [.routerDataset, .prompts])
    let dataset = try download.load(files, options: ImportOptions()).dataset
    #expect(dataset.benchmarks.map(\.name) == ["tiny"])
    #expect(dataset.benchmarks[0].responses.queryCount == 10)
    #expect(dataset.catalog.names == ["a", "b", "c"])
    let before = server.requests.count
    _ = try download.run()
    #expect(server.requests.count == before, "the lock knows that both files are there")
  }

  @Test func aLockedFileMustStayTheSame() throws {
    let folder = try ScratchFolder()
    let first = try server(["/d/prompts.pkl": [0x80, 2, 0x2E]])
    let facts = try manifest(folder, baseURL: first.url("/d/"))
    _ = try ManifestDownload(facts, to: folder.file("out"), only: ["prompts.pkl"]).run()
    try FileManager.default.removeItem(atPath: folder.file("out/prompts.pkl"))
    // A mirror is held to what the publisher's file was.
    let second = try server(["/m/prompts.pkl": [0x80, 3, 0x2E]])
    let download = ManifestDownload(
      facts, to: folder.file("out"), mirror: second.url("/m"), only: ["prompts.pkl"])
    let line = failure { _ = try download.run() } ?? ""
    #expect(line.contains("SHA-256") && line.contains("downloads.lock.json"), "\(line)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out/prompts.pkl")))
  }

  @Test func aHashInTheManifestIsNotLocked() throws {
    let folder = try ScratchFolder()
    let server = try server(["/d/prompts.pkl": [0x80, 2, 0x2E]])
    let hash = try SHA256.hexDigest(of: ByteRegion([0x80, 2, 0x2E]))
    let facts = try manifest(folder, baseURL: server.url("/d/"), sha256: hash)
    _ = try ManifestDownload(facts, to: folder.file("out"), only: ["prompts.pkl"]).run()
    #expect(!FileManager.default.fileExists(atPath: folder.file("out/\(DownloadLock.fileName)")))
  }

  @Test func bytesThatAreNoPickleAreNeitherKeptNorLocked() throws {
    let folder = try ScratchFolder()
    let server = try server(["/d/prompts.pkl": Array(#"{"error": "no quota"}"#.utf8)])
    let facts = try manifest(folder, baseURL: server.url("/d/"))
    let line = failure {
      _ = try ManifestDownload(facts, to: folder.file("out"), only: ["prompts.pkl"]).run()
    }
    #expect(
      line?.contains("prompts.pkl: refused what the server sent: is not a pickle") == true, "\(line ?? "")")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test func mistakesAreNamed() throws {
    let folder = try ScratchFolder()
    let server = try server([:])
    let facts = try manifest(folder, baseURL: server.url("/d/"))
    let unlisted =
      failure { _ = try ManifestDownload(facts, to: folder.file("out"), only: ["x"]).run() } ?? ""
    #expect(unlisted.contains("'x'") && unlisted.contains("prompts.pkl"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    _ = try folder.write("{\"format\": 3}", "downloads.lock.json")
    let damaged = failure { _ = try ManifestDownload(facts, to: folder.path).run() } ?? ""
    #expect(damaged.contains("downloads.lock.json"), "\(damaged)")
    let nothing = failure {
      _ = try ManifestDownload(facts, to: folder.path).load([], options: ImportOptions())
    }
    #expect(nothing?.contains("no scores to import") == true)
  }
}
