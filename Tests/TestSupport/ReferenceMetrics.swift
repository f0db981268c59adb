import Baselines
import Evaluation
import Foundation
import Learning
import Metrics
import NumericKernels
import Routing
import RoutingData

/// The metrics that RouterEval's own scripts give on real pools: the file `reference_metrics.csv`.
///
/// The file lies in the folder named by `ROUTEREC_DATA`, by default `../shared/data`; its README says
/// how it was made. Columns: dataset, m, group, router, mu, vr, vb, ep, with six decimals.
package struct ReferenceMetrics: Sendable {
  /// One line of the file.
  package struct Row: Sendable {
    /// The benchmark's name.
    package let benchmark: String
    /// The number of candidates.
    package let size: Int
    /// The group of the pool.
    package let group: String
    /// The router's name.
    package let router: String
    /// μ, V_R, V_B and E_p.
    package let values: [Double]
  }

  /// The lines of the file.
  package let rows: [Row]

  /// Where the file is expected.
  package static var path: String { RealData.file("reference_metrics.csv") }

  /// The lines of a file's text; throws `DataError` naming a line that does not read.
  package init(csv: String) throws(DataError) {
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

  /// Where our routers differ from the reference on a benchmark's published pools.
  ///
  /// Oracle and nearest neighbours (k = 5, ties to the first LLM; only for a benchmark with embeddings)
  /// must agree to 1e-6 in everything. Where train queries share an embedding and only some of them
  /// are among the k nearest, the reference may have taken any of them, see `NeighbourTies`. The
  /// reference's random and half-oracle routers are simulated: their μ must agree to
  /// `simulationError`, their E_p to 1e-6. A published pool without a line, or a line without a pool, is
  /// a disagreement too.
  package func disagreements(
    with benchmark: Benchmark, of dataset: Dataset, simulationError: Double = 0.005
  ) throws -> [String] {
    let oracle = OracleRouter([benchmark], catalog: dataset.catalog)
    let half = try MixRouter(oracleShare: 0.5, name: "r_o_0.5", [benchmark], catalog: dataset.catalog)
    let blank = Matrix(rows: benchmark.queries.count, columns: 1)
    let exact = [1e-6, 1e-6, 1e-6, 1e-6]
    let simulated = [simulationError, nil, nil, 1e-6]
    var faults: [String] = []
    for (router, tolerances) in [(oracle, exact), (RandomRouter(), simulated), (half, simulated)]
      as [(any Router, [Double?])]
    {
      faults += try compare(router.name, with: benchmark, tolerances) { pool in
        try range(of: router, on: pool, benchmark, dataset, embeddings: blank)
      }
    }
    if let encoder = benchmark.queries.embeddings.keys.sorted().first {
      let embeddings = try benchmark.embeddings(encoder: encoder)
      let train = benchmark.batch(
        of: benchmark.split.queries(in: .train), embeddings: embeddings, encoder: encoder)
      let trainer = try NearestNeighbourTrainer().prepared(for: TrainQueries(train))
      let ties = NeighbourTies(benchmark, embeddings: embeddings, count: trainer.neighbours)
      faults += try compare(NearestNeighbourTrainer.algorithm, with: benchmark, exact) { pool in
        let data = TrainingData(
          TrainingData.Pool(benchmark: benchmark.name, llms: pool.llms), of: benchmark,
          catalog: dataset.catalog, queries: TrainQueries(train))
        let router = try TrainingRun(withoutValidation: trainer).train(on: data) { _ in }.router
        let found = try range(of: router, on: pool, benchmark, dataset, embeddings: embeddings)
        let possible = ties.ranges(on: pool)
        for (value, range) in zip(found, possible)
        where value.lowerBound < range.lowerBound - 1e-6 || value.upperBound > range.upperBound + 1e-6 {
          throw DataError("knn: \(value) is outside \(range), which is what ties allow")
        }
        return possible
      }
    }
    return faults
  }

  /// The lines of a router that differ from what `ranges` says of μ, V_R, V_B and E_p on their pools.
  private func compare(
    _ router: String, with benchmark: Benchmark, _ tolerances: [Double?],
    ranges: (CandidatePool) throws -> [ClosedRange<Double>]
  ) throws -> [String] {
    let expected = rows.filter { $0.benchmark == benchmark.name && $0.router == router }
    var faults: [String] = []
    if expected.count != benchmark.publishedPools.count {
      faults.append(
        "\(router): \(expected.count) lines for \(benchmark.publishedPools.count) published pools")
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
      for (index, range) in try ranges(published).enumerated() {
        guard let tolerance = tolerances[index] else { continue }
        let value = row.values[index]
        if value < range.lowerBound - tolerance || value > range.upperBound + tolerance {
          let name = ["μ", "V_R", "V_B", "E_p"][index]
          faults.append("\(cell): \(name) is \(range.lowerBound), expected \(value)")
        }
      }
    }
    return faults
  }

  /// What a router measures, as ranges of one number each; a metric that is undefined counts as −1.
  private func range(
    of router: any Router, on published: CandidatePool, _ benchmark: Benchmark, _ dataset: Dataset,
    embeddings: Matrix
  ) throws -> [ClosedRange<Double>] {
    let pool = try PoolResponses(benchmark, llmNames: dataset.llmNames(of: benchmark), pool: published)
    let evaluation = try PoolEvaluation(pool, of: benchmark, embeddings: embeddings)
    let metrics = RoutingMetrics(try evaluation.route(router, ties: .first), pool: pool)
    return [
      metrics.mu, metrics[.referenceValue] ?? -1, metrics[.bestSingleModelValue] ?? -1,
      metrics.classificationBias,
    ].map { $0...$0 }
  }
}
