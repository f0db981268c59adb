import FileFormats
import Foundation
import Learning
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct QueryExportTests {
  /// A dataset in a folder whose queries have ids, and a model trained on it.
  private static func trained(in folder: TemporaryFolder, withEmbeddings: Bool) throws -> StoredModel {
    var text = "query,llm,score\n"
    for query in 0..<40 {
      for llm in 0..<6 { text += "id-\(query),m\(llm),\(query % 2 == llm % 2 ? 1 : 0)\n" }
    }
    try AtomicFile.write(text, to: folder["a.csv"])
    var embeddings = "query,x,y\n"
    for query in 0..<40 { embeddings += "id-\(query),\(query % 2 == 0 ? 1 : -1),\(query % 7)\n" }
    try AtomicFile.write(embeddings, to: folder["e.csv"])
    let imported = try CSVImporter.load(
      folder["a.csv"], embeddings: withEmbeddings ? EmbeddingsFile(path: folder["e.csv"]) : nil)
    try DatasetFolder.write(imported.dataset, to: folder["data"])
    let data = try TrainingData(DatasetFolder.open(folder["data"]), withoutEmbeddings: true)
    let type = try #require(TrainerCatalog.type(named: "logistic-mf"))
    func train<T: Trainer>(_ type: T.Type) throws -> StoredModel {
      var trainer = T()
      try trainer.set(["factors": "2", "l2": "1"])
      return StoredModel(try trainer.train(on: data))
    }
    var model = try train(type)
    model.record.datasetFolder = folder["data"]
    return model
  }

  @Test func allQueriesHaveTheirIds() throws {
    let folder = try TemporaryFolder()
    let stored = try Self.trained(in: folder, withEmbeddings: true)
    let model = try stored.factorModel()
    let table = try QueryExport(stored, data: nil).table
    #expect(table.names == (0..<40).map { "id-\($0)" })
    let sources = try #require(table.sources)
    for (place, row) in model.queries[0].rows.enumerated() {
      #expect(sources[row] == .learned && table.vectors.row(row) == model.queries[0].factors.row(place))
      #expect(table.biases[row] == model.queries[0].biases[place])
    }
    #expect(sources.count { $0 == .mapped } == 40 - model.queries[0].rows.count)
    // What is mapped routes as the query itself would.
    let dataset = try DatasetFolder.open(folder["data"])
    let benchmark = dataset.benchmarks[0]
    let row = try #require(sources.firstIndex(of: .mapped))
    let candidates = Candidates(model.identity.llms)
    let encoder = try #require(model.encoder)
    let batch = benchmark.batch(
      of: [row], embeddings: try benchmark.embeddings(encoder: encoder), encoder: encoder)
    let parts = try model.scoringParts(for: candidates, benchmark: benchmark.name)
    let scores = try model.scores(for: batch, among: candidates).values
    for llm in 0..<6 {
      var z = table.biases[row] * parts.factors[llm, 2] + parts.biases[llm]
      for factor in 0..<2 { z += table.vectors[row, factor] * parts.factors[llm, factor] }
      #expect(abs(z - scores[0, llm]) < 1e-4)
    }
    #expect(abs(BLAS.dot(table.normalized.vectors.row(row), table.normalized.vectors.row(row)) - 1) < 1e-5)
  }

  @Test func withoutEmbeddingsThereAreTheTrainQueries() throws {
    let folder = try TemporaryFolder()
    let stored = try Self.trained(in: folder, withEmbeddings: false)
    let export = try QueryExport(stored, data: nil)
    let rows = try stored.factorModel().queries[0].rows
    #expect(
      export.table.names == rows.map { "id-\($0)" }
        && export.table.sources?.allSatisfy { $0 == .learned } == true)
    #expect(export.notes.count == 1 && export.notes[0].contains("are left out"))
  }

  /// Names of another dataset would be wrong without a word.
  @Test func anotherDatasetGivesNoNames() throws {
    let folder = try TemporaryFolder()
    let stored = try Self.trained(in: folder, withEmbeddings: true)
    try AtomicFile.write("query,llm,score\nnew,m0,1\n", to: folder["more.csv"])
    try AtomicFile.write("query,x,y\nnew,1,2\n", to: folder["e.csv"])
    let more = try CSVImporter.load(
      folder["more.csv"], embeddings: EmbeddingsFile(path: folder["e.csv"]),
      options: ImportOptions(benchmark: "a"))
    let merged = try DatasetFolder.merge(more.dataset, into: folder["data"], rule: .error)
    #expect(merged.summary.queries == 1)
    let hash = try #require(merged.oldHash)
    let export = try QueryExport(stored, data: nil)
    #expect(
      export.table.names.first?.hasPrefix("a/") == true && export.notes[0].contains("or has grown since"))
    #expect(throws: FileError.self) { try QueryExport(stored, data: folder["data"]) }
    // And such a model is stale.
    try FileManager.default.createDirectory(atPath: folder["model"], withIntermediateDirectories: false)
    try ModelFolder.write(stored, into: folder["model"])
    let around = ModelFolder.surroundings(of: folder["data"])
    #expect(ModelFolder.trained(on: hash, in: [around]) == [folder["model"]])
    #expect(ModelFolder.trained(on: hash, in: [folder["model"]]) == [folder["model"]])
    #expect(try ModelFolder.trained(on: #require(merged.dataset.hash), in: [around]).isEmpty)
  }

  @Test(arguments: [
    ("d", "."), ("d/", "."), ("/d", "/"), ("a/b", "a"), ("a//b/", "a"), ("./d", "."), ("/a/b", "/a"),
    ("", "."),
  ])
  func theFolderAroundAPathIsFound(path: String, around: String) {
    #expect(ModelFolder.surroundings(of: path) == around)
  }
}
