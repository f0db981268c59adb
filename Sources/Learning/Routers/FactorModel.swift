import FileFormats
import Metrics
import NumericKernels
import Routing
import RoutingData

/// A trained model whose score is a product: z(x, j) = h(x)·uⱼ + cⱼ, the query's vector times the LLM's factors.
///
/// h is the query encoder: a linear map, a network or a kernel. Where its vectors have k + 1 entries, the last
/// one is the query's bias b and z = v·uⱼ + b + cⱼ. A benchmark may add a bias of its own to each LLM.
/// P(LLM j answers query x well) = σ(slope · z + intercept), see `Calibration`.
///
/// For logistic factorizations this is the multidimensional two-parameter model of item response theory
/// (Reckase 2009): an LLM's factors uⱼ are its abilities, a query's v its discriminations, and −b/‖v‖ its
/// difficulty along the direction of v.
public struct FactorModel: StorableRouter {
  /// The train queries of one benchmark that have factors.
  public struct Queries: Equatable, Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// The queries, as rows of the benchmark.
    public let rows: [Int]
    /// Their factors v, n × k.
    public let factors: Matrix
    /// Their biases b.
    public let biases: [Float]

    /// The queries of a benchmark with their factors, n × k, and n biases.
    public init(benchmark: String, rows: [Int], factors: Matrix, biases: [Float]) {
      self.benchmark = benchmark
      self.rows = rows
      self.factors = factors
      self.biases = biases
    }
  }

  /// The model's name, the encoder of its embeddings, and its LLMs in the order of the factors' rows.
  public var identity: RouterIdentity
  /// The LLM factors u, m × k.
  public let llmFactors: Matrix
  /// The LLM biases c.
  public let llmBiases: [Float]
  /// What a benchmark adds to each LLM's bias, m numbers, by the benchmark's name; empty without such biases.
  public let benchmarkBiases: [String: [Float]]
  /// The posterior standard deviations of (u, c), m × (k + 1); nil where the trainer has none.
  public let llmStandardErrors: Matrix?
  /// The train queries' factors, one entry for each benchmark; empty where the model has none of its own.
  public let queries: [Queries]
  /// What to expect of an LLM that the model never saw; nil where the trainer did not look.
  public let newLLM: NewLLM?
  /// From queries to their vectors.
  public let queryEncoder: any QueryEncoder
  /// From scores to probabilities.
  public let calibration: Calibration
  /// What is taken from scores because LLMs are not known well; nil for nothing.
  public let caution: ScoreCaution?

  private let columns: CandidateColumns
  /// u, or (u, 1) where the encoder gives a query bias, divided by κ.
  private let scoringFactors: Matrix
  /// The same, packed.
  private let scoringPanels: ProductPanels
  /// What each LLM's bias is divided by.
  let scales: [Float]
  /// What is added to each LLM's bias for a query of no benchmark: the mean over those that have biases.
  private let meanBenchmarkBiases: [Float]?

  /// A model from its parts, which must fit together.
  ///
  /// - Throws: `DataError` for parts that do not.
  public init(
    _ identity: RouterIdentity, llmFactors: Matrix, llmBiases: [Float],
    benchmarkBiases: [String: [Float]] = [:], llmStandardErrors: Matrix? = nil, queries: [Queries] = [],
    newLLM: NewLLM? = nil, queryEncoder: any QueryEncoder, calibration: Calibration = .logOdds,
    caution: ScoreCaution? = nil
  ) throws(DataError) {
    let (m, k) = (identity.llms.count, llmFactors.columns)
    guard llmFactors.rows == m, llmBiases.count == m,
      queryEncoder.width == k || queryEncoder.width == k + 1,
      benchmarkBiases.values.allSatisfy({ $0.count == m }),
      caution.map({ $0.standardErrors.count == m && $0.margins.count == m }) ?? true,
      llmStandardErrors.map({ $0.rows == m && $0.columns == k + 1 }) ?? true,
      newLLM.map({ $0.abilities.mean.count == k + 1 }) ?? true,
      queryEncoder.residualCovariance.map({
        $0.rows == queryEncoder.width && $0.columns == queryEncoder.width
      }) ?? true,
      queries.allSatisfy({
        $0.factors.columns == k && $0.factors.rows == $0.rows.count && $0.biases.count == $0.rows.count
      })
    else { throw DataError("the parts of the model do not fit together") }
    try identity.requireFeatures(queryEncoder.dimensions)
    self.identity = identity
    self.llmFactors = llmFactors
    self.llmBiases = llmBiases
    self.benchmarkBiases = benchmarkBiases
    self.llmStandardErrors = llmStandardErrors
    self.queries = queries
    self.newLLM = newLLM
    self.queryEncoder = queryEncoder
    self.calibration = calibration
    self.caution = caution
    meanBenchmarkBiases = Self.mean(of: benchmarkBiases)
    columns = CandidateColumns(identity.llms)
    let extended = queryEncoder.width > k ? Self.withOnes(llmFactors) : llmFactors
    (scoringFactors, scales) = Self.scoring(extended, queryEncoder.residualCovariance)
    scoringPanels = ProductPanels(scoringFactors, .transposed)
  }

  /// The same model with another calibration.
  package func with(calibration: Calibration) throws(DataError) -> FactorModel {
    try FactorModel(
      identity, llmFactors: llmFactors, llmBiases: llmBiases, benchmarkBiases: benchmarkBiases,
      llmStandardErrors: llmStandardErrors, queries: queries, newLLM: newLLM, queryEncoder: queryEncoder,
      calibration: calibration, caution: caution)
  }

  /// The mean of some lists of one length, added up in the order of their names; nil of none.
  private static func mean(of biases: [String: [Float]]) -> [Float]? {
    guard let count = biases.values.first?.count else { return nil }
    var sums = [Float](repeating: 0, count: count)
    for name in biases.keys.map(Name.init).sorted() {
      for (llm, bias) in (biases[name.text] ?? []).enumerated() { sums[llm] += bias / Float(biases.count) }
    }
    return sums
  }

  private static func withOnes(_ factors: Matrix) -> Matrix {
    var result = Matrix(rows: factors.rows, columns: factors.columns + 1, repeating: 1)
    for row in 0..<factors.rows {
      for column in 0..<factors.columns { result[row, column] = factors[row, column] }
    }
    return result
  }

  /// Factors divided by κⱼ = √(1 + π sⱼ²/8), sⱼ² = uⱼᵀ Σ uⱼ, and the κⱼ.
  ///
  /// The vector of an unseen query is known only up to the covariance Σ that the encoder leaves. The mean
  /// of σ(z) over a normal z is close to σ(z̄/κ) (MacKay 1992), so that scores stay calibrated and an LLM
  /// whose success hangs on what the embedding does not show is trusted less.
  static func scoring(_ factors: Matrix, _ covariance: Matrix?) -> (factors: Matrix, scales: [Float]) {
    guard let covariance else { return (factors, Array(repeating: 1, count: factors.rows)) }
    var result = factors
    let spread = BLAS.multiply(factors, covariance)
    let scales = (0..<factors.rows).map { llm -> Float in
      let variance = max(BLAS.dot(factors.row(llm), spread.row(llm)), 0)
      return (1 + Float.pi * variance / 8).squareRoot()
    }
    for llm in 0..<factors.rows {
      for column in 0..<factors.columns { result[llm, column] /= scales[llm] }
    }
    return (result, scales)
  }

  /// What the model multiplies for some LLMs, so that z = h·(factors)ᵀ + biases.
  ///
  /// - Throws: `DataError` for an LLM that the model does not know.
  package func scoringParts(
    for candidates: Candidates, benchmark: String?
  ) throws(DataError) -> (factors: Matrix, biases: [Float]) {
    scoringParts(of: try columns.places(of: candidates, router: name), benchmark: benchmark)
  }

  /// The same for LLMs given by their places.
  private func scoringParts(of places: [Int], benchmark: String?) -> (factors: Matrix, biases: [Float]) {
    let own = benchmark.map { benchmarkBiases[$0] } ?? meanBenchmarkBiases
    let biases = places.map { (llmBiases[$0] + (own?[$0] ?? 0)) / scales[$0] }
    return (isWhole(places) ? scoringFactors : scoringFactors.selecting(rows: places), biases)
  }

  /// Whether the places are those of all LLMs, in their order.
  private func isWhole(_ places: [Int]) -> Bool {
    places.count == identity.llms.count && places.indices.allSatisfy { places[$0] == $0 }
  }

  /// The vectors of some queries, n × width.
  ///
  /// - Throws: `DataError` for embeddings of another encoder or length, or not finite.
  package func vectors(of batch: QueryBatch) throws(DataError) -> Matrix {
    guard routesNewQueries else { return try knownVectors(of: batch) }
    return queryEncoder.vectors(of: try identity.features(of: batch, width: queryEncoder.dimensions))
  }
}

extension FactorModel: PreparesCandidates {
  /// The number of features that the query encoder takes; nil for a model that was trained without.
  public var featureCount: Int? { routesNewQueries ? queryEncoder.dimensions : nil }

  /// The number of factors, k.
  public var factorCount: Int? { llmFactors.columns }

  /// z and σ of the calibrated z, each n × m; cost 2·n·m·k operations and those of the encoder.
  ///
  /// With caution, scores are z less the LLM's margin, and each carries the standard error of its LLM. A query's numbers
  /// are the same to the bit whatever queries and candidates stand beside it.
  public func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    try scorer(among: candidates, benchmark: batch.benchmark).scores(for: batch)
  }

  /// The factors and biases of the candidates, ready for products.
  public func scorer(among candidates: Candidates, benchmark: String?) throws -> any CandidateScorer {
    let places = try columns.places(of: candidates, router: name)
    let (factors, biases) = scoringParts(of: places, benchmark: benchmark)
    return FactorScorer(
      model: self, llms: places,
      panels: isWhole(places) ? scoringPanels : ProductPanels(factors, .transposed), biases: biases)
  }
}

extension FactorModel: PublishesSelectionProbabilities {
  /// The softmax of the calibrated log-odds.
  public func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) -> Matrix { Elementwise.softmaxRows(scores.values.scaled(by: calibration.slope)) }
}

extension FactorModel: PredictsByProducts {
  /// The calibrated log-odds of some LLMs beside their graded cells, as a product of two matrices.
  public func logOdds(
    for batch: QueryBatch, among candidates: Candidates, cells: GradedCells
  ) throws -> LogisticResiduals {
    let vectors = try vectors(of: batch)
    let (factors, biases) = try scoringParts(for: candidates, benchmark: batch.benchmark)
    let ones = Matrix(rows: vectors.rows, columns: 1, repeating: 1)
    let offsets = biases.map { calibration.slope * $0 + calibration.intercept }
    return LogisticResiduals(
      cells, rows: vectors.appending(columns: ones),
      columns: factors.scaled(by: calibration.slope)
        .appending(columns: Matrix(rows: offsets.count, columns: 1, storage: offsets)))
  }
}
