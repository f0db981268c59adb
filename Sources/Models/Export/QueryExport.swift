import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData

/// The vectors of all queries of the dataset that a model was trained on, under the user's own ids.
public struct QueryExport: Sendable {
  /// The vectors with their names.
  public let table: EmbeddingTable
  /// The same by benchmark, for predictions.
  public let vectors: [QueryVectors]
  /// What the user should know, one line each.
  public let notes: [String]

  /// The queries of the dataset in a folder, or where the model was trained; without one, the train queries by their rows.
  ///
  /// Train queries have their own factors where the model has such; the others get those that the model makes of their
  /// embeddings. A model without embeddings has vectors of its train queries alone. Names are ids, with the benchmark before
  /// them where two benchmarks share one, and `benchmark/row` where there are none.
  ///
  /// - Throws: `FileError` for a folder that is no dataset or another one than the model's; `DataError` for a model that can
  ///   make no vector of any query.
  public init(_ stored: StoredModel, data: String?) throws {
    let model = try stored.factorModel()
    guard let folder = data ?? stored.record.datasetFolder else {
      try self.init(trainQueriesOf: model, because: "the model does not say where it was trained")
      return
    }
    let dataset: Dataset
    do { dataset = try DatasetFolder.open(folder) } catch  where data == nil {
      try self.init(
        trainQueriesOf: model, because: "the dataset that it was trained on can't be read (\(error))")
      return
    }
    guard stored.record.datasetHash == nil || dataset.hash == stored.record.datasetHash else {
      let reason = "\(folder) is another dataset than the one that it was trained on, or has grown since"
      guard data == nil else {
        throw FileError(folder, "is another dataset than the model's, or has grown since")
      }
      try self.init(trainQueriesOf: model, because: reason)
      return
    }
    try self.init(model, of: dataset.benchmarks(named: stored.record.benchmarks))
  }

  private init(trainQueriesOf model: FactorModel, because reason: String) throws(DataError) {
    table = try model.queryEmbeddings()
    vectors = model.trainVectors
    notes = ["train queries alone, named by their rows: \(reason); give it with --data"]
  }

  /// The queries of some benchmarks.
  private init(_ model: FactorModel, of benchmarks: [Benchmark]) throws {
    var names: [String] = []
    var parts: [Matrix] = []
    var sources: [EmbeddingTable.Source] = []
    let ids = try benchmarks.map { try $0.loadIDs() }
    // Two benchmarks may use one id.
    let isAmbiguous =
      ids.contains { $0 == nil } || NameIndex.repeated(in: ids.flatMap { $0 ?? [] }) != nil
    for (benchmark, ids) in zip(benchmarks, ids) {
      let known = model.queries.first { Name($0.benchmark) == Name(benchmark.name) }
      guard known?.rows.allSatisfy((0..<benchmark.queries.count).contains) ?? true else {
        throw DataError(
          "the model knows queries of benchmark '\(benchmark.name)' that the dataset lacks: it is damaged, or of another "
            + "dataset")
      }
      let own = Dictionary(uniqueKeysWithValues: (known?.rows ?? []).enumerated().map { ($1, $0) })
      let rows = model.routesNewQueries ? Array(0..<benchmark.queries.count) : (known?.rows ?? [])
      var vectors = Matrix(rows: rows.count, columns: model.llmFactors.columns + 1)
      if model.routesNewQueries {
        let embeddings =
          try model.encoder.map { try benchmark.embeddings(encoder: $0) }
          ?? Matrix(rows: benchmark.queries.count, columns: 0)
        vectors = try model.mappedVectors(
          of: benchmark.batch(of: rows, embeddings: embeddings, encoder: model.encoder))
      }
      for (place, row) in rows.enumerated() {
        names.append(
          ids.map { isAmbiguous ? "\(benchmark.name)/\($0[row])" : $0[row] } ?? "\(benchmark.name)/\(row)")
        if let known, let index = own[row] {
          vectors.replaceRow(place, with: Array(known.factors.row(index)) + [known.biases[index]])
        }
        sources.append(own[row] == nil ? .mapped : .learned)
      }
      parts.append(vectors)
    }
    let k = model.llmFactors.columns
    let whole = Matrix.stacked(parts)
    guard whole.rows > 0 else { throw DataError("a model of \(model.name) has no vectors of queries") }
    vectors = zip(benchmarks, parts).map {
      QueryVectors(benchmark: $0.name, factors: $1.selecting(columns: Array(0..<k)), biases: $1.column(k))
    }
    table = EmbeddingTable(
      names: names, vectors: whole.selecting(columns: Array(0..<k)), biases: whole.column(k), sources: sources
    )
    let mapped = sources.count { $0 == .mapped }
    let all = benchmarks.reduce(0) { $0 + $1.queries.count }
    notes = [
      mapped > 0
        ? "\(sources.count - mapped) queries have factors learned from answers, \(mapped) have those that the model makes of "
          + "their embeddings"
        : nil,
      all > sources.count
        ? "\(all - sources.count) queries are left out: the model was trained without embeddings and has no factors of them"
        : nil,
    ].compactMap { $0 }
  }
}

extension FactorModel {
  /// The vectors that the model makes of embeddings, n × (k + 1): a bias of 0 where its encoder makes none.
  fileprivate func mappedVectors(of batch: QueryBatch) throws(DataError) -> Matrix {
    let made = try vectors(of: batch)
    guard made.columns == llmFactors.columns else { return made }
    return made.appending(columns: Matrix(rows: made.rows, columns: 1))
  }
}
