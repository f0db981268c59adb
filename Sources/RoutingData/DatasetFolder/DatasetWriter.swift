import FileFormats
import Foundation
import NumericKernels

/// Writes the files of a dataset into an empty folder and lists them with their hashes.
struct DatasetWriter {
  private let folder: String
  private var files: [String: DatasetManifest.FileEntry] = [:]
  private var folders: Set<String> = []

  init(folder: String) { self.folder = folder }

  /// Writes everything, `dataset.json` last, and returns the dataset's hash.
  mutating func write(_ dataset: Dataset) throws -> String {
    try writeCatalog(dataset.catalog)
    var entries: [DatasetManifest.BenchmarkEntry] = []
    for benchmark in dataset.benchmarks { entries.append(try write(benchmark, of: dataset)) }
    for (name, array) in dataset.truth.sorted(by: { Name($0.key) < Name($1.key) }) {
      try write(array, to: DatasetPaths.truth(name))
    }
    for log in dataset.logs { try write(log, of: dataset) }
    let featurizers = dataset.featurizers.sorted { Name($0.key) < Name($1.key) }
    for (encoder, featurizer) in featurizers {
      try addFile(DatasetPaths.featurizer(encoder)) { path throws(FileError) in
        try AtomicFile.write(to: path) { sink throws(FileError) in try sink.write(featurizer.bytes) }
      }
    }
    var manifest = DatasetManifest(
      format: DatasetManifest.formatName, version: DatasetManifest.currentVersion, hash: "",
      sources: dataset.sources, llms: dataset.catalog.count, benchmarks: entries,
      truth: dataset.truth.keys.sortedAsNames(),
      logs: dataset.logs.isEmpty
        ? nil
        : dataset.logs.map {
          DatasetManifest.LogEntry(
            name: $0.name, benchmark: $0.benchmark, rows: $0.picks.count, llms: $0.llmCount)
        },
      featurizers: featurizers.isEmpty
        ? nil
        : featurizers.map {
          DatasetManifest.FeaturizerEntry(encoder: $0.key, fingerprint: $0.value.fingerprint)
        }, files: files)
    manifest.hash = try manifest.contentHash()
    try JSONFile.write(manifest, to: "\(folder)/\(DatasetManifest.fileName)")
    return manifest.hash
  }

  private mutating func writeCatalog(_ catalog: LLMCatalog) throws {
    try addFile(DatasetPaths.llms) { path throws(FileError) in
      try AtomicFile.write(to: path) { sink throws(FileError) in
        try sink.write(CSVRow.text(["name"] + catalog.fields))
        for (name, metadata) in zip(catalog.names, catalog.metadata) {
          try sink.write(CSVRow.text([name] + metadata))
        }
      }
    }
  }

  private mutating func write(
    _ benchmark: Benchmark, of dataset: Dataset
  ) throws -> DatasetManifest.BenchmarkEntry {
    let name = benchmark.name
    let cells = benchmark.responses.cells
    switch cells.values {
    case .bits(let bits): try write(Self.array(bits), to: DatasetPaths.responses(name))
    case .floats(let matrix): try write(NDArray(matrix: matrix), to: DatasetPaths.responses(name))
    }
    if let observed = cells.observed { try write(Self.array(observed), to: DatasetPaths.observed(name)) }
    if let costs = benchmark.costs { try write(NDArray(matrix: costs), to: DatasetPaths.costs(name)) }
    try write(Self.indices(benchmark.llms), to: DatasetPaths.columns(name))
    try write(Self.indices(benchmark.queries.subscenarios), to: DatasetPaths.subscenarios(name))
    let codes = benchmark.split.parts.map(\.rawValue)
    try write(NDArray(uint8: codes, shape: [codes.count]), to: DatasetPaths.split(name))
    for (encoder, array) in benchmark.queries.embeddings.sorted(by: { Name($0.key) < Name($1.key) }) {
      try writeEmbeddings(array, to: DatasetPaths.embeddings(encoder, name))
    }
    let hasTexts = try writeTexts(benchmark)
    try writePools(benchmark, names: dataset.llmNames(of: benchmark))
    return DatasetManifest.BenchmarkEntry(
      name: name, queries: benchmark.queries.count, llms: benchmark.llms.count,
      kind: benchmark.responses.isBinary ? .bits : .float32, masked: cells.observed != nil,
      subscenarios: benchmark.queries.subscenarioNames,
      encoders: benchmark.queries.embeddings.mapValues { $0.shape[1] },
      split: DatasetManifest.SplitEntry(benchmark.split.origin), texts: hasTexts,
      pools: benchmark.publishedPools.count, reference: benchmark.givenReference,
      costs: benchmark.costs == nil ? nil : true)
  }

  /// Half and single precision are kept, other numbers become single precision, some rows at a time.
  private mutating func writeEmbeddings(_ array: NDArray, to relative: String) throws {
    if [.float16, .float32].contains(array.elementType) {
      try write(array, to: relative)
      return
    }
    try addFile(relative) { path throws(FileError) in
      try NPY.write(.float32, shape: array.shape, to: path) { sink throws(FileError) in
        var buffer: [Float] = []
        for rows in Parallel.blocks(of: array.shape[0], size: 1024) {
          try array.readRows(rows, into: &buffer)
          try sink.write(NDArray(floats: buffer, shape: [buffer.count]).bytes)
        }
      }
    }
  }

  /// Copies the file of a folder's benchmark, or writes what is in memory; false if nothing is known.
  private mutating func writeTexts(_ benchmark: Benchmark) throws -> Bool {
    let queries = benchmark.queries
    var prompts: [String]?
    switch benchmark.prompts {
    case .file(let source):
      try addFile(DatasetPaths.texts(benchmark.name)) { path throws(FileError) in
        let bytes = try ByteRegion(mapping: source)
        try AtomicFile.write(to: path) { sink throws(FileError) in try sink.write(bytes) }
      }
      return true
    case .memory(let texts): prompts = texts
    case .none: prompts = nil
    }
    guard prompts != nil || queries.ids != nil else { return false }
    try addFile(DatasetPaths.texts(benchmark.name)) { path throws(FileError) in
      try AtomicFile.write(to: path) { sink throws(FileError) in
        for query in 0..<queries.count {
          let line = QueryTextLine(
            id: queries.ids?[query], subscenario: queries.subscenarioNames[queries.subscenarios[query]],
            prompt: prompts?[query])
          try sink.write(JSONLines.line(line, path: path))
        }
      }
    }
    return true
  }

  private mutating func write(_ log: Log, of dataset: Dataset) throws {
    let names = try dataset.llmNames(of: dataset.benchmark(named: log.benchmark))
    let writer = try LogWriter(log, llms: log.llms.map { names[$0] })
    try addFile(DatasetPaths.log(log.name)) { path throws(FileError) in try writer.write(to: path) }
    try write(Self.indices(log.llms), to: DatasetPaths.logColumns(log.name))
  }

  private mutating func writePools(_ benchmark: Benchmark, names: [String]) throws {
    guard !benchmark.publishedPools.isEmpty else { return }
    let entries = benchmark.publishedPools.map { pool in
      PublishedPoolEntry(group: pool.group.rawValue, llms: pool.llms.map { names[$0] })
    }
    try addFile(DatasetPaths.pools(benchmark.name)) { path throws(FileError) in
      try JSONFile.write(entries, to: path)
    }
  }

  private mutating func write(_ array: NDArray, to relative: String) throws {
    try addFile(relative) { path throws(FileError) in try NPY.write(array, to: path) }
  }

  /// Lets a closure write a file at a path of the folder, then hashes it.
  private mutating func addFile(_ relative: String, _ body: (String) throws(FileError) -> Void) throws {
    let path = "\(folder)/\(relative)"
    var parent = folder
    for name in relative.split(separator: "/").dropLast() {
      parent += "/\(name)"
      guard folders.insert(parent).inserted else { continue }
      do {
        // Never with the folders above: an interrupted run would raise the staging folder from the dead.
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
      } catch {
        throw FileError(parent, "the folder can't be made")
      }
    }
    try body(path)
    let bytes = try ByteRegion(mapping: path)
    files[relative] = DatasetManifest.FileEntry(
      sha256: try SHA256.hexDigest(of: bytes, path: path), bytes: bytes.count)
  }

  private static func array(_ bits: BitMatrix) -> NDArray {
    NDArray(uint8: bits.bytes, shape: [bits.rows, bits.bytesPerRow])
  }

  private static func indices(_ values: [Int]) -> NDArray {
    NDArray(int32: values.map { Int32(truncatingIfNeeded: $0) }, shape: [values.count])
  }
}
