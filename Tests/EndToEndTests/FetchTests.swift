import Foundation
import LoopbackServer
import Testing

/// `rs-data fetch` from a server on this machine.
@Suite struct FetchTests {
  /// The server is on this machine, whatever proxy the user has.
  private static let environment: [String: String?] = ["no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"]

  /// Bytes that start and end as a pickle does.
  private static let content =
    [0x80] + (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) } + [0x2E]

  /// A manifest of one file, `data.zip` or `data.pkl`.
  private func manifest(_ scratch: Scratch, isZip: Bool) throws -> String {
    let members = isZip ? #"[{"path": "inner/data.pkl", "layout": "router_dataset"}]"# : "[]"
    return try scratch.write(
      "tiny.json",
      """
      {"format": "routerec-data-manifest", "version": 1, "name": "tiny", "title": "t", "leaderboard": "",
       "benchmarks": [{"name": "tiny", "queries": 1, "llms": null, "reference_accuracy": null,
         "subscenarios": [{"name": "tiny", "queries": 1}]}],
       "encoders": [], "licence": {"collection": null, "questions": null},
       "source": {"paper": "", "repository": "", "google_drive": null,
         "hugging_face": {"data_set": "", "revision": "", "branch": ""}},
       "base_url": "http://127.0.0.1:1/", "unverified": [],
       "files": [{"path": "data.\(isZip ? "zip" : "pkl")", "size": null, "sha256": null,
         "layout": "\(isZip ? "zip" : "router_dataset")", "members": \(members)}]}
      """)
  }

  private func fetch(_ scratch: Scratch, _ server: LoopbackServer, _ words: String...) throws -> Tool {
    try Tool(
      "rs-data",
      ["fetch", scratch["tiny.json"], "--output", scratch["out"], "--mirror", server.url("/m")] + words,
      environment: Self.environment)
  }

  private func server(_ files: [String: [UInt8]]) throws -> LoopbackServer {
    try LoopbackServer { request, _ in
      guard let bytes = files[request.path] else { return .init(404) }
      return .file(bytes, etag: "\"x\"", for: request)
    }
  }

  /// An archive of stored members.
  private func zip(_ scratch: Scratch, _ members: [(String, [UInt8])]) throws -> [UInt8] {
    // The project writes archives as .npz only, so this one is put together here.
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    for (name, bytes) in members {
      let common =
        number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(Int(Self.crc(bytes)), 4)
        + number(bytes.count, 4) + number(bytes.count, 4) + number(name.utf8.count, 2) + number(0, 2)
      directory +=
        [0x50, 0x4B, 1, 2] + number(20, 2) + common + number(0, 10) + number(archive.count, 4)
        + Array(name.utf8)
      archive += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + bytes
    }
    let end =
      [0x50, 0x4B, 5, 6] + number(0, 4) + number(members.count, 2) + number(members.count, 2)
      + number(directory.count, 4) + number(archive.count, 4) + number(0, 2)
    return archive + directory + end
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
  }

  @Test(.enabled(if: RealData.isThere)) func aPublishedArchiveBecomesADataset() throws {
    let scratch = try Scratch()
    _ = try manifest(scratch, isZip: true)
    let pickle = try Array(bytes(RealData["router_dataset/gsm8k_router_dataset.pkl"]))
    let server = try server(["/m/data.zip": zip(scratch, [("inner/data.pkl", pickle)])])
    let run = try fetch(scratch, server, "--import", scratch["dataset"], "--quiet")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.contains("data.zip: 7.1 MB, downloaded, hash locked, "))
    #expect(
      run.output.contains("inner/data.pkl: unpacked\n1 benchmark(s), 19 LLMs, 1,319 queries"), "\(run.output)"
    )
    #expect(try Tool("rs-data", "verify", scratch["dataset"]).status == 0)
    let before = server.requests.count
    let again = try fetch(scratch, server)
    #expect(again.status == 0 && again.output.contains("was there"))
    #expect(server.requests.count == before)
  }

  @Test func anInterruptedDownloadGoesOn() throws {
    let scratch = try Scratch()
    _ = try manifest(scratch, isZip: false)
    let server = try LoopbackServer { request, number in
      var response = LoopbackServer.Response.file(Self.content, etag: "\"x\"", for: request)
      if number == 0 { response.stallAfter = 150_000 }
      return response
    }
    let words = ["fetch", scratch["tiny.json"], "--output", scratch["out"], "--mirror", server.url("/m")]
    let part = scratch["out/data.pkl.part"]
    // A test run in the background would pass on that SIGINT is ignored.
    let run = try Tool(
      "/usr/bin/env", ["--default-signal=INT", "\(Tool.folder)/rs-data"] + words,
      environment: Self.environment
    ) { process in
      let deadline = Date(timeIntervalSinceNow: 60)
      while (try? bytes(part).count) != 150_000 {
        try #require(Date() < deadline && process.isRunning, "the first bytes never came")
        Thread.sleep(forTimeInterval: 0.01)
      }
      process.interrupt()
    }
    #expect(run.wasKilled && run.status == SIGINT, "status \(run.status)")
    #expect(
      run.errors == "rs-data: interrupted; what came so far is kept: the same command goes on from it\n")
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch["out"]).sorted()
    #expect(left == ["data.pkl.part", "data.pkl.part.json"])
    let next = try fetch(scratch, server)
    #expect(next.status == 0, "\(next.errors)")
    #expect(try Array(bytes(scratch["out/data.pkl"])) == Self.content)
    #expect(server.requests.last?.range?.lowerBound == 150_000)
  }

  @Test func aFullDiskKeepsWhatCameAndTheOldFile() throws {
    let scratch = try Scratch()
    _ = try manifest(scratch, isZip: false)
    try FileManager.default.createDirectory(atPath: scratch["out"], withIntermediateDirectories: true)
    _ = try scratch.write("out/data.pkl", "old")
    let server = try server(["/m/data.pkl": Self.content])
    // A limit on the size of files stands for the end of the disk.
    let script = "ulimit -f 100; exec \"$@\""
    let words = ["fetch", scratch["tiny.json"], "--output", scratch["out"], "--mirror", server.url("/m")]
    let run = try Tool(
      "/bin/bash", ["-c", script, "bash", "\(Tool.folder)/rs-data"] + words, environment: Self.environment)
    #expect(run.status == 1)
    #expect(run.errors.contains("data.pkl.part: can't be written: File too large"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try Array(bytes(scratch["out/data.pkl"])) == Array("old".utf8))
    let next = try fetch(scratch, server)
    #expect(next.status == 0, "\(next.errors)")
    #expect(server.requests.last?.range?.lowerBound == 102_400)
    #expect(try Array(bytes(scratch["out/data.pkl"])) == Self.content)
  }

  /// An archive that lacks a file, or whose file can't be unpacked, is no good download: nothing is kept or locked.
  @Test(arguments: [true, false]) func aBadArchiveIsNotLocked(isDamaged: Bool) throws {
    let scratch = try Scratch()
    _ = try manifest(scratch, isZip: true)
    var archive = try zip(scratch, [(isDamaged ? "inner/data.pkl" : "inner/other.pkl", Self.content)])
    // A byte of the contents: the directory at the end is sound.
    archive[1_000] ^= 1
    let run = try fetch(scratch, server(["/m/data.zip": archive]))
    #expect(run.status == 1)
    let reason = isDamaged ? "its contents don't match their CRC-32" : "the archive has no such file"
    #expect(
      run.errors.contains("data.zip: inner/data.pkl: refused what the server sent: \(reason)"),
      "\(run.errors)")
    #expect(scratch.entries == ["tiny.json"])
  }

  /// Manifests are found from any folder: beside the program, or where `--manifests` says.
  @Test func manifestsAreFoundFromAnywhere() throws {
    let scratch = try Scratch()
    _ = try manifest(scratch, isZip: false)
    let files = FileManager.default
    for folder in ["package/bin/release", "package/data-manifests", "elsewhere"] {
      try files.createDirectory(atPath: scratch[folder], withIntermediateDirectories: true)
    }
    try files.copyItem(atPath: "\(Tool.folder)/rs-data", toPath: scratch["package/bin/release/rs-data"])
    try files.moveItem(atPath: scratch["tiny.json"], toPath: scratch["package/data-manifests/tiny.json"])
    let server = try server(["/m/data.pkl": Self.content])
    func run(_ name: String, _ words: String...) throws -> Tool {
      let script = "cd \"$1\"; shift; exec \"$@\""
      return try Tool(
        "/bin/bash",
        ["-c", script, "bash", scratch["elsewhere"], scratch["package/bin/release/rs-data"], "fetch", name]
          + ["--mirror", server.url("/m")] + words, environment: Self.environment)
    }
    let found = try run("tiny")
    #expect(found.status == 0, "\(found.errors)")
    #expect(scratch.entries == ["elsewhere", "package"])
    #expect(try Array(bytes(scratch["elsewhere/data/data.pkl"])) == Self.content)
    let unknown = try run("tinny")
    #expect(unknown.status == 1)
    for part in ["tinny.json", scratch["package/data-manifests"], "share/routerec", "there are: ", "tiny"] {
      #expect(unknown.errors.contains(part), "\(unknown.errors)")
    }
    let given = try run("tiny", "--manifests", scratch["package/data-manifests"])
    #expect(given.status == 0, "\(given.errors)")
    let empty = try run("tiny", "--manifests", scratch["elsewhere"])
    #expect(
      empty.status == 1 && empty.errors.contains("in any of \(scratch["elsewhere"]); give"), "\(empty.errors)"
    )
  }

  @Test func aHostileArchiveWritesNothing() throws {
    let scratch = try Scratch()
    _ = try manifest(scratch, isZip: true)
    let hostile = try zip(scratch, [("inner/data.pkl", [1]), ("../../evil", [2])])
    let server = try server(["/m/data.zip": hostile])
    let run = try fetch(scratch, server)
    #expect(run.status == 1)
    #expect(
      run.errors.contains("data.zip: ../../evil: refused what the server sent: the member's name leads out"),
      "\(run.errors)")
    #expect(scratch.entries == ["tiny.json"])
  }

  @Test func wrongServersGiveOneLine() throws {
    let scratch = try Scratch()
    _ = try manifest(scratch, isZip: false)
    let page = try LoopbackServer { _, _ in
      .init(200, Array("<!DOCTYPE html>".utf8), fields: ["Content-Type": "text/html"])
    }
    for (server, message) in [(try server([:]), "no such file (404"), (page, "an HTML page")] {
      let run = try fetch(scratch, server, "--retries", "0")
      #expect(run.status == 1)
      #expect(run.errors.hasPrefix("rs-data: error: http://127.0.0.1:") && run.errors.contains(message))
      #expect(run.errors.split(separator: "\n").count == 1)
      #expect(scratch.entries == ["tiny.json"])
    }
    let unknown = try Tool("rs-data", "fetch", "no-such-manifest")
    #expect(unknown.status == 1 && unknown.errors.contains("no-such-manifest"))
    let taken = try Tool(
      "rs-data", "fetch", scratch["tiny.json"], "--output", scratch["out"], "--import", scratch.path)
    #expect(taken.status == 1 && taken.errors.contains("exists already"))
  }
}
