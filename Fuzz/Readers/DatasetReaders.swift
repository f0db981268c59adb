import FileFormats
import Foundation
import NumericKernels

@testable import RoutingData

/// The dataset folder: one file at a time is the fuzzer's, the others are whole.
extension Reader {
  static let datasets = [
    Reader("dataset-manifest") { input, scratch in
      var input = input
      // Almost any change breaks the hash, so it is made right where the rest reads.
      if var manifest = try? JSONDecoder().decode(DatasetManifest.self, from: Data(input)) {
        manifest.hash = try manifest.contentHash()
        input = Array(try JSONLines.line(manifest, path: "dataset.json").utf8)
      }
      try open(DatasetManifest.fileName, input, scratch)
    },
    // The first byte chooses the file.
    Reader("dataset-file") { input, scratch in
      guard let first = input.first else { return }
      let names = try SmallDataset.files(in: scratch).keys.sorted()
      try open(names[Int(first) % names.count], Array(input.dropFirst()), scratch)
    },
    Reader("query-texts") { input, scratch in
      let benchmark = try SmallDataset.binary(prompts: .file(scratch.file("x.jsonl", input)))
      try passing { _ = try benchmark.loadPrompts() }
      _ = try benchmark.loadIDs()
    },
  ]

  private static func open(_ name: String, _ bytes: [UInt8], _ scratch: Scratch) throws {
    let files = try SmallDataset.files(in: scratch)
    let path = try scratch.file("dataset/\(name)", bytes)
    defer { if let whole = files[name] { try? Data(whole).write(to: URL(fileURLWithPath: path)) } }
    let folder = "\(scratch.path)/dataset"
    let dataset = try DatasetFolder.open(folder)
    _ = try DatasetFolder.verify(folder)
    for benchmark in dataset.benchmarks {
      try passing { _ = try benchmark.loadPrompts() }
      try passing { _ = try benchmark.loadIDs() }
      for encoder in benchmark.queries.embeddings.keys { _ = try benchmark.embeddings(encoder: encoder) }
    }
  }
}

/// A dataset with everything that a folder can hold: bits and numbers, gaps, texts, pools, truth.
enum SmallDataset {
  /// Writes the dataset where it is not there yet; its files by their paths below the folder `dataset`.
  static func files(in scratch: Scratch) throws -> [String: [UInt8]] {
    let folder = "\(scratch.path)/dataset"
    if let known = scratch.files(of: "dataset") { return known }
    try DatasetFolder.write(dataset(), to: folder)
    return scratch.keepFiles(of: "dataset")
  }

  /// Five queries of two sub-scenarios and four LLMs.
  static func binary(prompts: PromptSource? = nil) throws -> Benchmark {
    try benchmark(
      "alpha", [[1, 0, 1, 1], [0, 0, 0, 1], [1, 1, 1, 0], [0, 1, 0, 0], [1, 0, 0, 1]], gap: nil, prompts)
  }

  private static func dataset() throws -> Dataset {
    let graded = try benchmark("beta", [[0.25, 0.5, 1, 0], [1, 0.5, 0, 0]], gap: 1, nil)
    return try Dataset(
      catalog: LLMCatalog(
        names: ["a", "b, \"quoted\"", "c", "d"], fields: ["family"], metadata: [["x"], ["x"], [""], ["y"]]),
      benchmarks: [binary(), graded], sources: ["made by hand"],
      truth: ["query_biases/alpha": NDArray(floats: [1, 2, 3, 4, 5], shape: [5])])
  }

  private static func benchmark(
    _ name: String, _ rows: [[Float]], gap: Int?, _ prompts: PromptSource?
  ) throws -> Benchmark {
    var builder = ResponseMatrixBuilder(queryCount: rows.count, llmCount: 4)
    for (query, row) in rows.enumerated() {
      var row = row
      if query == 0, let gap { row[gap] = .nan }
      try builder.setRow(query, row[...])
    }
    let parts: [SplitPart] = [.train, .test, .validation, .test, .train]
    // Where the texts come from a file, the ids do too.
    return try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: ["one", "two"], subscenarios: rows.indices.map { $0 % 2 },
        ids: prompts == nil ? rows.indices.map { "q\($0)" } : nil,
        embeddings: ["encoder": NDArray(floats: rows.flatMap { $0[..<2] }, shape: [rows.count, 2])]),
      llms: [3, 0, 1, 2], responses: builder.build(), split: Split(parts: Array(parts.prefix(rows.count))),
      publishedPools: [CandidatePool(group: .allWeak, llms: [2, 0])],
      prompts: prompts ?? .memory(rows.indices.map { "What \($0)?\n\"ü\"" }))
  }
}
