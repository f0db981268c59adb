import FileFormats
import NumericKernels
import RoutingData

/// A model as named arrays and a configuration, between memory and files.
struct ModelDocument {
  /// Everything that is no array.
  struct Configuration: Codable {
    struct Queries: Codable {
      let benchmark: String
      let count: Int
    }

    /// The query encoder: its kind, and what of it is no array.
    struct Encoder: Codable {
      let kind: String
      let numbers: [String: [Double]]
      let texts: [String: [String]]
    }

    let training: TrainingRecord
    let llms: [String]
    let queries: [Queries]
    let queryEncoder: Encoder
    let calibration: Calibration
    let benchmarkBiases: [String]
    let hasStandardErrors: Bool

    private enum CodingKeys: String, CodingKey {
      case training, llms, queries, calibration
      case queryEncoder = "query_encoder"
      case benchmarkBiases = "benchmark_biases"
      case hasStandardErrors = "has_standard_errors"
    }
  }

  let configuration: Configuration
  let tensors: [String: NDArray]

  private static let encoderPrefix = "query_encoder/"
  private static let biasPrefix = "benchmark_biases/"

  init(configuration: Configuration, tensors: [String: NDArray]) {
    self.configuration = configuration
    self.tensors = tensors
  }

  init(_ model: FactorModel) {
    func row(_ values: [Float]) -> NDArray { NDArray(floats: values, shape: [values.count]) }
    var tensors = ["llm_factors": NDArray(matrix: model.llmFactors), "llm_biases": row(model.llmBiases)]
    if !model.queries.isEmpty {
      tensors["query_factors"] = NDArray(matrix: .stacked(model.queries.map(\.factors)))
      tensors["query_biases"] = row(model.queries.flatMap(\.biases))
      tensors["query_rows"] = NDArray(
        int64: model.queries.flatMap { $0.rows.map(Int64.init) },
        shape: [model.queries.reduce(0) { $0 + $1.rows.count }])
    }
    if let errors = model.llmStandardErrors { tensors["llm_standard_errors"] = NDArray(matrix: errors) }
    for (benchmark, biases) in model.benchmarkBiases { tensors[Self.biasPrefix + benchmark] = row(biases) }
    let encoder = model.encoder.tensors
    for (name, matrix) in encoder.matrices { tensors[Self.encoderPrefix + name] = NDArray(matrix: matrix) }
    self.tensors = tensors
    configuration = Configuration(
      training: model.training, llms: model.llmNames,
      queries: model.queries.map { .init(benchmark: $0.benchmark, count: $0.rows.count) },
      queryEncoder: Configuration.Encoder(
        kind: type(of: model.encoder).kind, numbers: encoder.numbers, texts: encoder.texts),
      calibration: model.calibration, benchmarkBiases: model.benchmarkBiases.keys.sorted(),
      hasStandardErrors: model.llmStandardErrors != nil)
  }

  /// The model.
  ///
  /// - Throws: `FileError` naming `path` and the array for what is missing, not finite or does not fit.
  func model(path: String) throws(FileError) -> FactorModel {
    var bundle = TensorBundle(
      numbers: configuration.queryEncoder.numbers, texts: configuration.queryEncoder.texts)
    for (name, tensor) in tensors where name.hasPrefix(Self.encoderPrefix) {
      bundle.matrices[String(name.dropFirst(Self.encoderPrefix.count))] = try finite(tensor).matrix()
    }
    let kind = configuration.queryEncoder.kind
    guard let type = QueryEncoders.type(of: kind) else {
      throw FileError(path, at: .key("query_encoder"), "unknown kind '\(kind)'")
    }
    let encoder: any QueryEncoder
    do throws(DataError) { encoder = try type.init(tensors: bundle) } catch {
      throw FileError(path, at: .key("query_encoder"), "\(error)")
    }
    var benchmarkBiases: [String: [Float]] = [:]
    for benchmark in configuration.benchmarkBiases {
      benchmarkBiases[benchmark] = try floats(Self.biasPrefix + benchmark, path)
    }
    var errors: Matrix?
    if configuration.hasStandardErrors { errors = try matrix("llm_standard_errors", path) }
    let factors = try matrix("llm_factors", path)
    let biases = try floats("llm_biases", path)
    let queries = try queries(path)
    do throws(DataError) {
      return try FactorModel(
        llmNames: configuration.llms, llmFactors: factors, llmBiases: biases,
        benchmarkBiases: benchmarkBiases, llmStandardErrors: errors, queries: queries, encoder: encoder,
        calibration: configuration.calibration, training: configuration.training)
    } catch {
      throw FileError(path, "\(error)")
    }
  }

  private func queries(_ path: String) throws(FileError) -> [FactorModel.Queries] {
    guard !configuration.queries.isEmpty else { return [] }
    let factors = try matrix("query_factors", path)
    let biases = try floats("query_biases", path)
    let rows = try tensor("query_rows", path).integers()
    var total = 0
    for entry in configuration.queries {
      let (sum, overflow) = total.addingReportingOverflow(entry.count)
      guard entry.count >= 0, !overflow else {
        throw FileError(
          path, at: .key("queries"),
          "\(entry.count) queries of benchmark '\(entry.benchmark)' are not possible")
      }
      total = sum
    }
    guard factors.rows == total, biases.count == total, rows.count == total else {
      throw FileError(
        path, at: .key("query_factors"),
        "\(factors.rows) queries, \(biases.count) biases and \(rows.count) rows, the configuration says \(total)"
      )
    }
    guard rows.allSatisfy({ $0 >= 0 }) else {
      throw FileError(path, at: .key("query_rows"), "holds a negative row")
    }
    var start = 0
    return configuration.queries.map { entry in
      let range = start..<start + entry.count
      start = range.upperBound
      return FactorModel.Queries(
        benchmark: entry.benchmark, rows: Array(rows[range]),
        factors: factors.selecting(rows: Array(range)), biases: Array(biases[range]))
    }
  }

  private func tensor(_ name: String, _ path: String) throws(FileError) -> NDArray {
    guard let tensor = tensors[name] else { throw FileError(path, at: .key(name), "is missing") }
    return tensor
  }

  private func matrix(_ name: String, _ path: String) throws(FileError) -> Matrix {
    try finite(tensor(name, path)).matrix()
  }

  private func floats(_ name: String, _ path: String) throws(FileError) -> [Float] {
    let tensor = try tensor(name, path)
    try tensor.requireDimensions(1)
    return try finite(tensor).floats()
  }

  /// The tensor, if all of its numbers are finite.
  private func finite(_ tensor: NDArray) throws(FileError) -> NDArray {
    guard try tensor.floats().allSatisfy(\.isFinite) else {
      throw tensor.error("holds a value that is not finite")
    }
    return tensor
  }
}
