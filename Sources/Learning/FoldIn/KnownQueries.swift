import FileFormats
import NumericKernels
import RoutingData

/// The queries of one benchmark as a model of factors knows them: what an LLM's answers say of its abilities.
///
/// The log-odds of a good answer by an LLM with abilities (u, c) are η = d·(u, c) + o with the design d = (v, 1) of the
/// query and its offset o.
public struct KnownQueries: Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The queries, as rows of the benchmark.
  public let rows: [Int]
  /// The designs d, n × (k + 1).
  public let designs: Matrix
  /// The offsets o.
  public let offsets: [Float]
  private let places: [Int: Int]

  /// The queries of each benchmark that a model has factors of, in the units of its log-odds.
  public static func of(_ model: FactorModel) -> [KnownQueries] {
    model.queries.map { queries in
      let own = model.benchmarkBiases[queries.benchmark] ?? []
      let extra = own.isEmpty ? 0 : own.reduce(0, +) / Float(own.count)
      return KnownQueries(queries, calibration: model.calibration, extra: extra)
    }
  }

  /// Queries of a benchmark by their factors v, n × k, and biases, numbered as rows from 0.
  public init(benchmark: String, factors: Matrix, biases: [Float]) {
    self.init(
      FactorModel.Queries(
        benchmark: benchmark, rows: Array(biases.indices), factors: factors, biases: biases),
      calibration: .logOdds, extra: 0)
  }

  private init(_ queries: FactorModel.Queries, calibration: Calibration, extra: Float) {
    benchmark = queries.benchmark
    rows = queries.rows
    let slope = calibration.slope
    let ones = Matrix(rows: rows.count, columns: 1, repeating: 1)
    designs = queries.factors.appending(columns: ones).scaled(by: slope)
    offsets = queries.biases.map { ($0 + extra) * slope + calibration.intercept }
    places = Dictionary(zip(rows, rows.indices)) { first, _ in first }
  }

  /// The number of queries.
  public var count: Int { rows.count }

  /// Where a row of the benchmark stands among the queries; nil for one that the model has no factors of.
  public func place(ofRow row: Int) -> Int? { places[row] }
}
