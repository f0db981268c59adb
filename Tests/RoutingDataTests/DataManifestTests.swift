import FileFormats
import Foundation
import Testing

@testable import RoutingData

/// The manifests that come with the project, and manifests that are wrong.
@Suite struct DataManifestTests {
  /// The project's folder of manifests, found from this file.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(ManifestFolder.name).path

  static let names = ManifestFolder.names(in: folder)

  @Test func thereIsOneForEachBenchmarkAndEachScoreFile() {
    let expected =
      RouterEvalBenchmarks.all.map(\.name) + ["leaderboard_old", "leaderboard_new", "leaderboard_mmlu_pro"]
    #expect(Self.names == expected.sorted())
  }

  @Test(arguments: names)
  func committedManifestAgreesWithTheCode(name: String) throws {
    let manifest = try ManifestFolder.manifest(name, in: Self.folder)
    for facts in manifest.benchmarks {
      let known = try #require(RouterEvalBenchmarks.all.first { $0.name == facts.name })
      #expect(facts.subscenarios.map(\.name) == known.subscenarios.map(\.name))
      #expect(facts.subscenarios.map(\.queries) == known.subscenarios.map(\.queries))
      #expect(facts.queries == known.queries)
      #expect(facts.referenceAccuracy == ReferenceAccuracy.values[facts.name])
    }
    #expect(manifest.source.huggingFace.dataSet == "linggm/RouterEval")
    #expect(
      manifest.baseURL
        == "https://huggingface.co/datasets/linggm/RouterEval/resolve/\(manifest.source.huggingFace.revision)/"
    )
    #expect(!manifest.unverified.isEmpty)
    let members = manifest.files.flatMap(\.members).map(\.path)
    if name.hasPrefix("leaderboard_") {
      #expect(members == ["leaderboard_score/\(name).pkl", "leaderboard_prompt/\(name)_prompt.pkl"])
    } else {
      #expect(manifest.benchmarks.map(\.name) == [name])
      let stem = name == "truthfulqa" ? "harness_truthfulqa_mc_0" : name
      #expect(members == ["router_dataset/\(stem)_router_dataset.pkl"])
    }
  }

  @Test func scoreFilesCoverEachBenchmarkOnce() throws {
    let names = try ["leaderboard_old", "leaderboard_new", "leaderboard_mmlu_pro"].flatMap {
      try ManifestFolder.manifest($0, in: Self.folder).benchmarks.map(\.name)
    }
    #expect(names.sorted() == RouterEvalBenchmarks.all.map(\.name).sorted())
  }

  /// Changes one place of the text of a good manifest and gives the line about it.
  private func refusal(_ old: String, _ new: String) throws -> String {
    let text = try String(contentsOfFile: "\(Self.folder)/gpqa.json", encoding: .utf8)
    #expect(text.contains(old), "\(old)")
    let folder = try ScratchFolder()
    let range = try #require(text.range(of: old))
    let path = try folder.write(text.replacingCharacters(in: range, with: new), "gpqa.json")
    return failure { _ = try DataManifest(file: path) } ?? "nothing was refused"
  }

  @Test(
    arguments: [
      (#""leaderboard": "#, #""leader": "#, #""leader": unknown key"#),
      (
        #""queries": 198"#, #""queries": 198, "llms": 3"#, #""benchmarks.0.subscenarios.0.llms": unknown key"#
      ),
      (#""branch": "main""#, #""brunch": "main""#, #""source.hugging_face.brunch": unknown key"#),
      (#""size": null,"#, "", #""files.0.size" is missing"#),
      (#""title": "#, #""title": null, "unverified": "#, "unverified: the key occurs twice"),
      (#""queries": 1192"#, #""queries": "many""#, #""benchmarks.0.queries" is not of type Double"#),
      (#""size": null"#, #""size": 1.5"#, #""files.0.size": 1.5 is not a whole number"#),
      (#""queries": 1192"#, #""queries": null"#, #""benchmarks.0.queries": null"#),
      (#""size": null"#, #""size": "1""#, #""files.0.size" is not of type Double"#),
      (#""layout": "zip""#, #""layout": "tar""#, "files.0.layout"),
      (#""version": 1"#, #""version": 2"#, "version"),
      ("routerec-data-manifest", "something-else", "format"),
      (#""name": "gpqa""#, #""name": "other""#, "the file's name says 'gpqa'"),
      (#""queries": 1192"#, #""queries": 1191"#, "its sub-scenarios have 1192"),
      ("gpqa_extended", "gpqa_diamond", "one of them twice"),
      (#""reference_accuracy": 0.397"#, #""reference_accuracy": 39.7"#, "not in (0, 1]"),
      (#""path": "router_dataset.zip""#, #""path": "../router_dataset.zip""#, "files.0.path"),
      (#""path": "router_dataset/"#, #""path": "/router_dataset/"#, "files.0.members"),
      (#""sha256": null"#, #""sha256": "abc""#, "64 lowercase hexadecimal digits"),
      (#""base_url": "https:"#, #""base_url": "ftp:"#, "base_url"),
      ("{", "[", "JSON"),
    ])
  func wrongManifestsAreRefusedByKey(old: String, new: String, message: String) throws {
    let line = try refusal(old, new)
    #expect(line.contains("gpqa.json: ") && line.contains(message), "\(line)")
    #expect(!line.contains("\n"))
  }

  @Test func unknownNamesListTheKnownOnes() {
    let line = failure { _ = try ManifestFolder.manifest("arx", in: Self.folder) } ?? ""
    #expect(line.contains("arx.json") && line.contains("winogrande"))
    #expect(
      failure { _ = try ManifestFolder.manifest("arc", in: "/nonexistent") }?.contains("path of a manifest")
        == true)
  }

  @Test func aMirrorTakesThePlaceOfTheBaseURL() throws {
    let manifest = try ManifestFolder.manifest("arc", in: Self.folder)
    let file = manifest.files[0]
    #expect(manifest.url(of: file).hasSuffix("/router_dataset.zip"))
    #expect(manifest.url(of: file, mirror: "http://host/a") == "http://host/a/router_dataset.zip")
    #expect(manifest.url(of: file, mirror: "http://host/a/") == "http://host/a/router_dataset.zip")
  }
}
