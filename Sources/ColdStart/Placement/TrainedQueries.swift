import FileFormats
import Learning
import Models
import NumericKernels
import Routing
import RoutingData

/// A model of factors together with the dataset that it was trained on: its queries have ids, prompts and answers.
public struct TrainedQueries: Sendable {
  /// The model.
  public let model: FactorModel
  /// How it was trained.
  public let record: TrainingRecord
  /// Its dataset.
  public let dataset: Dataset
  /// From answers to abilities and accuracies.
  public let placement: Placement
  /// The benchmarks of the placement, in its order.
  public let benchmarks: [Benchmark]

  /// The model of a folder with its dataset: the one at `data`, or where the model was trained.
  ///
  /// - Throws: `FileError` for a folder that can't be read, or a dataset with another hash than the model's; `DataError`
  ///   for a model without factors of queries.
  public init(modelFolder: String, data: String?) throws {
    let stored = try ModelFolder.read(modelFolder)
    let model: FactorModel
    do throws(DataError) { model = try stored.factorModel() } catch {
      throw FileError(modelFolder, error.description)
    }
    guard !model.queries.isEmpty else { throw FileError(modelFolder, Self.remedy(of: stored.record)) }
    guard let folder = data ?? stored.record.datasetFolder else {
      throw FileError(modelFolder, "does not say on which dataset it was trained: give --data")
    }
    let dataset: Dataset
    do { dataset = try DatasetFolder.open(folder) } catch let error as FileError where data == nil {
      throw FileError(
        modelFolder, "was trained on a dataset that can't be read now (\(error)): give --data DIR")
    }
    guard stored.record.datasetHash == nil || dataset.hash == stored.record.datasetHash else {
      throw FileError(
        folder,
        "is another dataset than the one that \(modelFolder) was trained on: give that one with --data")
    }
    do {
      try self.init(model: model, record: stored.record, dataset: dataset)
    } catch let error as NumericalError {
      throw FileError(modelFolder, "no LLM can be placed by it: \(error)")
    }
  }

  /// Why a model has no factors of queries, and what to do.
  private static func remedy(of record: TrainingRecord) -> String {
    guard record.chosen[FactorModel.fallback] == nil else {
      return
        "knows the LLMs' means alone, because on validation its factors predicted worse: no LLM can be placed by "
        + "it; train on more queries, or with embeddings that tell them apart"
    }
    return
      "is a model of \(record.algorithm), which has no factors of queries: no LLM can be placed by it; train mirt or "
      + "another factorization"
  }

  /// A model and its dataset.
  public init(model: FactorModel, record: TrainingRecord, dataset: Dataset) throws {
    self.model = model
    self.record = record
    self.dataset = dataset
    placement = Placement(try model.foldIn())
    benchmarks = try placement.fold.benchmarks.map {
      known throws(DataError) in try dataset.benchmark(named: known.benchmark)
    }
  }

  /// The places of some benchmarks, or of all where none is named: ascending, each once.
  ///
  /// - Throws: `DataError` for a benchmark that the model does not know.
  public func places(of names: [String]) throws(DataError) -> [Int] {
    guard !names.isEmpty else { return Array(benchmarks.indices) }
    var result: Set<Int> = []
    for name in names {
      guard let place = benchmarks.firstIndex(where: { Name($0.name) == Name(name) }) else {
        throw DataError(
          "the model knows no benchmark '\(name)'; it knows \(benchmarks.map(\.name).joined(separator: ", "))"
        )
      }
      result.insert(place)
    }
    return result.sorted()
  }

  /// The ids of a benchmark's queries: the source's own, or their rows where it has none.
  public func ids(of benchmark: Int) throws(FileError) -> [String] {
    try benchmarks[benchmark].loadIDs() ?? (0..<benchmarks[benchmark].queries.count).map(String.init)
  }

  /// The known LLMs' answers to a benchmark's known queries, n × LLMs.
  public func knownAnswers(of benchmark: Int) -> GradedCells {
    benchmarks[benchmark].responses.selecting(queries: placement.fold.benchmarks[benchmark].rows).cells
  }

  /// The mean responses of the known LLMs to a benchmark's known queries, of those that answered any.
  public func knownAccuracies(of benchmark: Int) -> [Double] {
    ResponseMatrix(knownAnswers(of: benchmark)).llmMeans().compactMap { $0 }
  }
}
