import NumericKernels
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
public struct FactorModel: Sendable {
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

  /// The LLMs that the model knows, in the order of the factors' rows.
  public let llmNames: [String]
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
  /// From queries to their vectors.
  public let encoder: any QueryEncoder
  /// From scores to probabilities.
  public let calibration: Calibration
  /// How it was trained.
  public internal(set) var training: TrainingRecord

  private let positions: [String: Int]
  /// u, or (u, 1) where the encoder gives a query bias, divided by κ.
  private let scoringFactors: Matrix
  /// What each LLM's bias is divided by.
  private let scales: [Float]

  /// A model from its parts, which must fit together.
  ///
  /// - Throws: `DataError` for parts that do not.
  public init(
    llmNames: [String], llmFactors: Matrix, llmBiases: [Float], benchmarkBiases: [String: [Float]] = [:],
    llmStandardErrors: Matrix? = nil, queries: [Queries] = [], encoder: any QueryEncoder,
    calibration: Calibration = .logOdds, training: TrainingRecord = TrainingRecord()
  ) throws(DataError) {
    let (m, k) = (llmNames.count, llmFactors.columns)
    guard llmFactors.rows == m, llmBiases.count == m, encoder.width == k || encoder.width == k + 1,
      benchmarkBiases.values.allSatisfy({ $0.count == m }),
      llmStandardErrors.map({ $0.rows == m && $0.columns == k + 1 }) ?? true,
      encoder.residualCovariance.map({ $0.rows == encoder.width && $0.columns == encoder.width }) ?? true,
      queries.allSatisfy({
        $0.factors.columns == k && $0.factors.rows == $0.rows.count && $0.biases.count == $0.rows.count
      })
    else { throw DataError("the parts of the model do not fit together") }
    self.llmNames = llmNames
    self.llmFactors = llmFactors
    self.llmBiases = llmBiases
    self.benchmarkBiases = benchmarkBiases
    self.llmStandardErrors = llmStandardErrors
    self.queries = queries
    self.encoder = encoder
    self.calibration = calibration
    self.training = training
    positions = Dictionary(zip(llmNames, llmNames.indices), uniquingKeysWith: { first, _ in first })
    let extended = encoder.width > k ? Self.withOnes(llmFactors) : llmFactors
    (scoringFactors, scales) = Self.scoring(extended, encoder.residualCovariance)
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
  func scoringParts(
    for llms: [String], benchmark: String
  ) throws(DataError) -> (factors: Matrix, biases: [Float]) {
    var rows: [Int] = []
    rows.reserveCapacity(llms.count)
    for llm in llms {
      guard let position = positions[llm] else {
        throw DataError("the model does not know LLM '\(llm)': it was not among the LLMs trained on")
      }
      rows.append(position)
    }
    let own = benchmarkBiases[benchmark]
    let biases = rows.map { (llmBiases[$0] + (own?[$0] ?? 0)) / scales[$0] }
    let whole = rows.count == llmNames.count && rows == Array(rows.indices)
    return (whole ? scoringFactors : scoringFactors.selecting(rows: rows), biases)
  }
}

extension FactorModel: Router {
  /// The algorithm's name.
  public var name: String { training.algorithm }

  /// z, n × m; cost 2·n·m·k operations and those of the encoder.
  public func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
    let (factors, biases) = try scoringParts(for: llms, benchmark: batch.benchmark)
    var scores = BLAS.multiply(try encoder.vectors(of: batch), .asStored, factors, .transposed)
    for row in 0..<scores.rows {
      for column in biases.indices { scores[row, column] += biases[column] }
    }
    return scores
  }

  /// The softmax of the calibrated log-odds.
  public func selectionProbabilities(
    ofScores scores: Matrix, for batch: QueryBatch, llms: [String]
  ) throws -> Matrix { Elementwise.softmaxRows(scores.scaled(by: calibration.slope)) }

  /// σ of the calibrated scores.
  public func predictedResponses(ofScores scores: Matrix) -> Matrix? {
    var logOdds = scores.scaled(by: calibration.slope)
    for index in logOdds.storage.indices { logOdds.storage[index] += calibration.intercept }
    return Elementwise.sigmoid(logOdds)
  }
}
