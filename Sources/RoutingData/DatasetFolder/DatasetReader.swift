import FileFormats
import NumericKernels

/// Opens the files that a manifest lists and checks that they fit it and each other.
struct DatasetReader {
  let folder: String
  let manifest: DatasetManifest

  init(folder: String) throws {
    self.folder = folder
    manifest = try DatasetManifest.read(folder: folder)
  }

  private var manifestPath: String { "\(folder)/\(DatasetManifest.fileName)" }

  func read() throws -> Dataset {
    let catalog = try readCatalog()
    var benchmarks: [Benchmark] = []
    for entry in manifest.benchmarks {
      let isUsable =
        DatasetPaths.isName(entry.name)
        && entry.encoders.allSatisfy { DatasetPaths.isName($0.key) && $0.value > 0 }
      guard entry.reference.map({ $0 > 0 && $0 <= 1 }) ?? true else {
        throw FileError(
          manifestPath, at: .key("benchmarks"), "the reference accuracy of '\(entry.name)' is not in (0, 1]")
      }
      guard isUsable, entry.queries > 0, entry.llms > 0, !entry.subscenarios.isEmpty else {
        throw FileError(
          manifestPath, at: .key("benchmarks"), "benchmark '\(entry.name)' has a name or counts that can't be"
        )
      }
      benchmarks.append(try read(entry, catalog: catalog))
    }
    var truth: [String: NDArray] = [:]
    for name in manifest.truth {
      guard DatasetPaths.isInside(name), truth[name] == nil else {
        throw FileError(manifestPath, at: .key("truth"), "'\(name)' can't be part of a path or occurs twice")
      }
      truth[name] = try NPY.read(try path(of: DatasetPaths.truth(name)))
    }
    let featurizers = try featurizers(of: benchmarks)
    let logs = try (manifest.logs ?? []).map { try log($0, of: benchmarks, catalog) }
    do {
      return try Dataset(
        catalog: catalog, benchmarks: benchmarks, hash: manifest.hash, sources: manifest.sources,
        truth: truth, logs: logs, featurizers: featurizers)
    } catch {
      throw FileError(manifestPath, error.description)
    }
  }

  /// The path of a file, which the manifest must list.
  func path(of relative: String) throws(FileError) -> String {
    guard manifest.files[relative] != nil else {
      throw FileError(manifestPath, at: .key("files"), "there is no \(relative)")
    }
    return "\(folder)/\(relative)"
  }

  private func readCatalog() throws -> LLMCatalog {
    let path = try path(of: DatasetPaths.llms)
    let reader = try CSVReader(path: path)
    guard reader.header.first == "name" else {
      throw FileError(path, at: .line(1), "the first column must be 'name'")
    }
    var names: [String] = []
    var metadata: [[String]] = []
    var seen = NameIndex()
    try reader.forEachRow { (fields, line) throws(FileError) in
      guard seen.insert(fields[0]) else {
        throw FileError(path, at: .line(line), "LLM name '\(fields[0])' occurs twice")
      }
      names.append(fields[0])
      metadata.append(Array(fields.dropFirst()))
    }
    guard names.count == manifest.llms else {
      throw FileError(path, "\(names.count) LLMs, \(DatasetManifest.fileName) says \(manifest.llms)")
    }
    do {
      return try LLMCatalog(names: names, fields: Array(reader.header.dropFirst()), metadata: metadata)
    } catch {
      throw FileError(path, error.description)
    }
  }

  private func read(_ entry: DatasetManifest.BenchmarkEntry, catalog: LLMCatalog) throws -> Benchmark {
    let name = entry.name
    let llms = try indices(DatasetPaths.columns(name), count: entry.llms, below: catalog.count)
    guard Set(llms).count == llms.count else {
      throw FileError(try path(of: DatasetPaths.columns(name)), "an LLM occurs twice")
    }
    let subscenarios = try indices(
      DatasetPaths.subscenarios(name), count: entry.queries, below: entry.subscenarios.count)
    let codes = try indices(DatasetPaths.split(name), count: entry.queries, below: SplitPart.allCases.count)
    var embeddings: [String: NDArray] = [:]
    for (encoder, dimension) in entry.encoders {
      let array = try NPY.read(try path(of: DatasetPaths.embeddings(encoder, name)))
      try requireShape(array, [entry.queries, dimension])
      guard [.float16, .float32].contains(array.elementType) else {
        throw array.error("expected embeddings of type f2 or f4, found \(array.elementType.code)")
      }
      embeddings[encoder] = array
    }
    return try Benchmark(
      name: name,
      queries: QuerySet(
        subscenarioNames: entry.subscenarios, subscenarios: subscenarios, embeddings: embeddings),
      llms: llms, responses: try responses(entry),
      split: Split(
        parts: codes.map { SplitPart(rawValue: UInt8($0)) ?? .train }, origin: entry.split.splitOrigin),
      publishedPools: try pools(entry, names: llms.map { catalog.names[$0] }),
      prompts: entry.texts ? .file(try path(of: DatasetPaths.texts(name))) : .none,
      givenReference: entry.reference, costs: entry.costs == true ? try costs(entry) : nil)
  }

  private func featurizers(of benchmarks: [Benchmark]) throws -> [String: FeaturizerFile] {
    var result: [String: FeaturizerFile] = [:]
    for entry in manifest.featurizers ?? [] {
      guard result[entry.encoder] == nil,
        benchmarks.contains(where: { $0.queries.embeddings[entry.encoder] != nil })
      else {
        throw FileError(
          manifestPath, at: .key("featurizers"),
          "encoder '\(entry.encoder)' has no embeddings or occurs twice")
      }
      let relative = DatasetPaths.featurizer(entry.encoder)
      let path = try path(of: relative)
      guard manifest.files[relative]?.sha256 == entry.fingerprint else {
        throw FileError(
          manifestPath, at: .key("featurizers"),
          "the fingerprint of '\(entry.encoder)' is not that of its file")
      }
      result[entry.encoder] = FeaturizerFile(
        try ByteRegion(mapping: path), fingerprint: entry.fingerprint, path: path)
    }
    return result
  }

  private func log(
    _ entry: DatasetManifest.LogEntry, of benchmarks: [Benchmark], _ catalog: LLMCatalog
  ) throws -> Log {
    guard DatasetPaths.isName(entry.name), entry.llms > 0,
      let benchmark = benchmarks.first(where: { Name($0.name) == Name(entry.benchmark) })
    else {
      throw FileError(
        manifestPath, at: .key("logs"), "log '\(entry.name)' has a name or a benchmark that can't be")
    }
    let path = try path(of: DatasetPaths.log(entry.name))
    let columns = try indices(
      DatasetPaths.logColumns(entry.name), count: entry.llms, below: benchmark.llms.count)
    guard Set(columns).count == columns.count else {
      throw FileError(try self.path(of: DatasetPaths.logColumns(entry.name)), "an LLM occurs twice")
    }
    var builder = LogBuilder(
      benchmark, llms: columns, names: benchmark.llms.map { catalog.names[$0] },
      queries: .rows(count: benchmark.queries.count), path: path)
    try LogTable(CSVReader(path: path)).forEachRow { (row, line) throws(FileError) in
      try builder.add(row, line: line)
    }
    let log = try builder.log(named: entry.name)
    guard log.picks.count == entry.rows else {
      throw FileError(
        path, "\(log.picks.count) rows, \(DatasetManifest.fileName) says \(entry.rows)")
    }
    return log
  }

  private func responses(_ entry: DatasetManifest.BenchmarkEntry) throws -> ResponseMatrix {
    let array = try NPY.read(try path(of: DatasetPaths.responses(entry.name)))
    let observed = try entry.masked ? bits(DatasetPaths.observed(entry.name), entry) : nil
    switch entry.kind {
    case .bits:
      let values = try bits(DatasetPaths.responses(entry.name), entry)
      if let observed, zip(values.bytes, observed.bytes).contains(where: { $0 & ~$1 != 0 }) {
        throw array.error("a response that is missing is 1, expected 0")
      }
      return ResponseMatrix(GradedCells(.bits(values), observed: observed))
    case .float32:
      try requireShape(array, [entry.queries, entry.llms])
      guard array.elementType == .float32 else {
        throw array.error("expected type f4, found \(array.elementType.code)")
      }
      let values = try array.matrix()
      if let place = values.storage.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
        let (query, llm) = place.quotientAndRemainder(dividingBy: entry.llms)
        throw array.error(
          "row \(query), column \(llm): response \(values[query, llm]), expected a number in [0, 1]")
      }
      return ResponseMatrix(GradedCells(.floats(values), observed: observed))
    }
  }

  /// What each answer cost, queries × LLMs, at least 0 or NaN.
  private func costs(_ entry: DatasetManifest.BenchmarkEntry) throws -> Matrix {
    let array = try NPY.read(try path(of: DatasetPaths.costs(entry.name)))
    try requireShape(array, [entry.queries, entry.llms])
    guard array.elementType == .float32 else {
      throw array.error("expected type f4, found \(array.elementType.code)")
    }
    let values = try array.matrix()
    if let place = values.storage.firstIndex(where: { !AnswerCost.isCost($0) }) {
      let (query, llm) = place.quotientAndRemainder(dividingBy: entry.llms)
      throw array.error(
        "row \(query), column \(llm): cost \(values[query, llm]), expected a number from 0 on, or NaN where it is not "
          + "known: import the benchmark again")
    }
    return values
  }

  /// A matrix of packed bits, queries × LLMs.
  private func bits(_ relative: String, _ entry: DatasetManifest.BenchmarkEntry) throws -> BitMatrix {
    let array = try NPY.read(try path(of: relative))
    try requireShape(array, [entry.queries, (entry.llms + 7) / 8])
    guard array.elementType == .uint8, !array.isFortranOrder else {
      throw array.error("expected packed bits of type u1 in C order, found \(array.elementType.code)")
    }
    return BitMatrix(rows: entry.queries, columns: entry.llms, bytes: array.bytes.array)
  }

  private func indices(_ relative: String, count: Int, below bound: Int) throws -> [Int] {
    let array = try NPY.read(try path(of: relative))
    try requireShape(array, [count])
    let values = try array.integers()
    if let place = values.firstIndex(where: { $0 < 0 || $0 >= bound }) {
      throw array.error("element \(place) is \(values[place]), expected 0 to \(bound - 1)")
    }
    return values
  }

  private func requireShape(_ array: NDArray, _ shape: [Int]) throws(FileError) {
    guard array.shape == shape else {
      throw array.error(
        "shape \(NDArray.text(array.shape)), \(DatasetManifest.fileName) says \(NDArray.text(shape))")
    }
  }

  private func pools(
    _ entry: DatasetManifest.BenchmarkEntry, names: [String]
  ) throws(FileError) -> [CandidatePool] {
    guard entry.pools > 0 else { return [] }
    let path = try path(of: DatasetPaths.pools(entry.name))
    let columns = NameIndex(names)
    let entries = try JSONFile.read([PublishedPoolEntry].self, path: path)
    guard entries.count == entry.pools else {
      throw FileError(path, "\(entries.count) pools, \(DatasetManifest.fileName) says \(entry.pools)")
    }
    var result: [CandidatePool] = []
    for (index, pool) in entries.enumerated() {
      guard let group = CandidateGroup(rawValue: pool.group) else {
        throw FileError(path, at: .key("pool \(index)"), "unknown group '\(pool.group)'")
      }
      var llms: [Int] = []
      var seen: Set<Int> = []
      for name in pool.llms {
        guard let column = columns[name], seen.insert(column).inserted else {
          throw FileError(path, at: .key("pool \(index)"), "LLM '\(name)' is unknown or occurs twice")
        }
        llms.append(column)
      }
      guard !llms.isEmpty else { throw FileError(path, at: .key("pool \(index)"), "has no LLMs") }
      result.append(CandidatePool(group: group, llms: llms))
    }
    return result
  }
}
