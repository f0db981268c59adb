import Evaluation
import Foundation
import LinearAlgebra
import Recommenders
import RoutingData

/// The metrics that RouterEval's own scripts give on real pools: the file `reference_metrics.csv`.
///
/// The file lies in the folder named by `ROUTEREC_DATA`, by default `../shared/data`; its README says
/// how it was made. Columns: dataset, m, group, router, mu, vr, vb, ep, with six decimals.
public struct ReferenceMetrics: Sendable {
  /// One line of the file.
  public struct Row: Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// The number of candidates.
    public let size: Int
    /// The group of the pool.
    public let group: String
    /// The router's name.
    public let router: String
    /// μ, V_R, V_B and E_p.
    public let values: [Double]
  }

  /// The lines of the file.
  public let rows: [Row]

  /// Where the file is expected.
  public static var path: String { RealData.file("reference_metrics.csv") }

  /// The lines of a file's text; throws `DataError` naming a line that does not read.
  public init(csv: String) throws(DataError) {
    var rows: [Row] = []
    for (index, line) in csv.split(whereSeparator: \.isNewline).enumerated() where index > 0 {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let values = fields.dropFirst(4).compactMap(Double.init)
      guard fields.count == 8, values.count == 4, let size = Int(fields[1]) else {
        throw DataError("line \(index + 1) of the reference metrics does not read: \(line)")
      }
      rows.append(
        Row(benchmark: fields[0], size: size, group: fields[2], router: fields[3], values: values))
    }
    self.rows = rows
  }

  /// Where our oracle and random routers differ from the reference on a benchmark's published pools.
  ///
  /// The oracle must agree to 1e-6 in everything. The reference's random router is simulated: its μ
  /// must agree to `simulationError`, its E_p to 1e-6. A published pool without a line, or a line
  /// without a pool, is a disagreement too.
  public func disagreements(
    with benchmark: Benchmark, of dataset: Dataset, simulationError: Double = 0.005
  ) throws -> [String] {
    var faults: [String] = []
    for router: any Router in [OracleRouter([benchmark], catalog: dataset.catalog), RandomRouter()] {
      let expected = rows.filter { $0.benchmark == benchmark.name && $0.router == router.name }
      if expected.count != benchmark.publishedPools.count {
        faults.append(
          "\(router.name): \(expected.count) lines for \(benchmark.publishedPools.count) published pools")
      }
      for row in expected {
        let cell = "\(row.benchmark) m=\(row.size) \(row.group) \(row.router)"
        let published = benchmark.publishedPools.first {
          $0.size == row.size && $0.group.rawValue == row.group
        }
        guard let published else {
          faults.append("\(cell): no published pool")
          continue
        }
        let metrics = try metrics(of: router, on: published, benchmark, dataset)
        let names = ["μ", "V_R", "V_B", "E_p"]
        let tolerances =
          router.name == "oracle" ? [1e-6, 1e-6, 1e-6, 1e-6] : [simulationError, nil, nil, 1e-6]
        let found = [
          metrics.mu, metrics.referenceValue, metrics.bestSingleModelValue, metrics.classificationBias,
        ]
        for index in names.indices {
          guard let tolerance = tolerances[index] else { continue }
          let value = found[index] ?? .nan
          if !(abs(value - row.values[index]) <= tolerance) {
            faults.append("\(cell): \(names[index]) is \(value), expected \(row.values[index])")
          }
        }
      }
    }
    return faults
  }

  private func metrics(
    of router: any Router, on published: CandidatePool, _ benchmark: Benchmark, _ dataset: Dataset
  ) throws -> RoutingMetrics {
    let pool = try PoolResponses(benchmark, llmNames: dataset.llmNames(of: benchmark), pool: published)
    let evaluation = try PoolEvaluation(
      pool, of: benchmark, embeddings: Matrix(rows: benchmark.queries.count, columns: 1))
    return RoutingMetrics(try evaluation.route(router), pool: pool)
  }
}
