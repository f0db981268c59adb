import FileFormats
import NumericKernels

/// Reads benchmarks from an `.npz`: arrays `scores` and `models`, and whatever else there is.
public enum NPZImporter {
  /// Imports `scores` [M, N] and `models` [M]; of the queries `prompts`, `subscenario`, `benchmark`, `split` and
  /// `item_id` [N] and embeddings `embed` or `embed_<encoder>` [N, d] are taken where they are present.
  ///
  /// A score of NaN is a missing answer. Without `benchmark` there is one, called as the options or the file say;
  /// without `split` the split is drawn.
  /// `options.benchmarkArray` names another array of benchmarks, which may be `subscenario`. Arrays that mean nothing here are named in a note.
  ///
  /// - Throws: `FileError`, naming the array, for shapes that don't fit together, scores outside [0, 1], an LLM
  ///   name that occurs twice or an embedding that is not finite.
  public static func load(_ path: String, options: ImportOptions = ImportOptions()) throws -> ImportResult {
    let kind = FileKind(try ByteRegion(unpacking: path))
    guard kind != .text && kind != .json else {
      throw FileError(
        path, "is a table of text, expected an NPZ archive: import it with 'rs-data import csv'")
    }
    let archive = try NPZ.open(path)
    // The names come first: they are small, and refuse most files that are not what they should be before
    // the scores are unpacked.
    let models = try archive.array(named: "models")
    let names = try models.strings()
    let scores = try archive.array(named: "scores")
    try scores.requireDimensions(2)
    let (llmCount, queryCount) = (scores.shape[0], scores.shape[1])
    // A shape without elements may have any length, which no byte of the file stands for.
    guard llmCount > 0, queryCount > 0 else {
      throw scores.error("scores of shape \(NDArray.text(scores.shape)) hold no responses")
    }
    guard names.count == llmCount else {
      throw models.error(
        "\(names.count) names for scores of shape \(NDArray.text(scores.shape)), which are LLMs × queries")
    }
    // Without a single score, a header may claim any number of queries.
    guard scores.count > 0 else {
      throw scores.error("there are no responses: shape \(NDArray.text(scores.shape))")
    }
    let catalog = try ImportFailure.naming("\(path): models") { try LLMCatalog(names: names) }
    var arrays = NPZArrays(archive, queryCount: queryCount)
    let labels = try arrays.benchmarks(from: options.benchmarkArray)
    let queries = Queries(
      subscenarios: try arrays.texts(["subscenario", "subscenarios"]), ids: try arrays.ids(),
      prompts: try arrays.texts(["prompts", "prompt"]), parts: try arrays.split(),
      embeddings: try arrays.embeddings(encoder: options.encoder))
    var notes = [arrays.unused(path: path)].compactMap { $0 }
    let progress = RowProgress(total: queryCount, report: options.progress)
    var rows = ScoreRows(queryCount: queryCount, llmNames: names)
    try rows.append(try scores.transposed()) { progress.advance($0) }
    let responses = rows.build()
    return try ImportFailure.naming(path) {
      var benchmarks: [Benchmark] = []
      for (name, members) in try groups(labels, queryCount: queryCount, path: path, options: options) {
        let benchmark = try queries.benchmark(name, rows: members, responses: responses, options: options)
        benchmarks.append(labels == nil ? benchmark : try benchmark.selecting(llms: benchmark.answeringLLMs))
        if queries.parts != nil, let note = SplitWords.note(benchmark.split, benchmark: name, path: path) {
          notes.append(note)
        }
      }
      let dataset = try Dataset(
        catalog: catalog, benchmarks: benchmarks, sources: ["NPZ \(ImportOptions.fileName(path))"])
      return try ImportResult(dataset, notes: notes, path: path)
    }
  }

  /// The rows of each benchmark that is wanted, in the order of first appearance.
  private static func groups(
    _ labels: [String]?, queryCount: Int, path: String, options: ImportOptions
  ) throws(FileError) -> [(name: String, rows: [Int])] {
    guard let labels else { return [(options.benchmarkName(from: path), Array(0..<queryCount))] }
    var names = NameIndex()
    let numbers = labels.map { names.number(of: $0) }
    var rows: [[Int]] = Array(repeating: [], count: names.count)
    for (row, number) in numbers.enumerated() { rows[number].append(row) }
    guard let wanted = options.benchmark else { return Array(zip(names.names, rows)) }
    guard let number = names[wanted] else {
      throw FileError(
        path, "has no benchmark '\(wanted)'; there are: \(names.names.joined(separator: ", "))")
    }
    return [(wanted, rows[number])]
  }
}

/// What an archive knows of all its queries.
private struct Queries {
  let subscenarios: [String]?
  let ids: [String]?
  let prompts: [String]?
  let parts: [SplitPart]?
  let embeddings: [String: NDArray]

  /// The benchmark that some of the queries make up.
  func benchmark(
    _ name: String, rows: [Int], responses: ResponseMatrix, options: ImportOptions
  ) throws -> Benchmark {
    var labels = NameIndex()
    let indices = rows.map { labels.number(of: subscenarios?[$0] ?? name) }
    var arrays: [String: NDArray] = [:]
    for (encoder, array) in embeddings { arrays[encoder] = try array.selecting(rows: rows) }
    let split =
      parts.map { parts in Split(parts: rows.map { parts[$0] }) }
      ?? .stratified(subscenarios: indices, benchmark: name, seed: options.splitSeed)
    return try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: labels.names, subscenarios: indices, ids: ids.map { ids in rows.map { ids[$0] } },
        embeddings: arrays),
      llms: Array(0..<responses.llmCount),
      responses: rows.count == responses.queryCount ? responses : responses.selecting(queries: rows),
      split: split, prompts: prompts.map { texts in .memory(rows.map { texts[$0] }) } ?? .none)
  }
}

extension Benchmark {
  /// The columns of the LLMs that answered at least one query, or all where none did.
  fileprivate var answeringLLMs: [Int] {
    let means = responses.llmMeans()
    let answering = means.indices.filter { means[$0] != nil }
    return answering.isEmpty ? Array(means.indices) : answering
  }
}
