import Foundation
import NumericKernels

/// Made-up queries of one benchmark: what they ask for, how hard they are, and what an encoder sees of it.
///
/// An LLM of abilities θ answers a query of factors a and bias b with probability σ(a·θ + b). A query asks for
/// general ability and for a mixture of specialities around that of its sub-scenario.
struct SyntheticBenchmark {
  /// The mean response that each benchmark is made to have, roughly.
  private static let meanResponses: [String: Float] = [
    "arc": 0.65, "hellaswag": 0.84, "mmlu": 0.62, "truthfulqa": 0.5, "winogrande": 0.76, "gsm8k": 0.55,
    "ifeval": 0.5, "bbh": 0.48, "gpqa": 0.3, "math": 0.16, "musr": 0.4, "mmlu_pro": 0.34,
  ]

  let name: String
  let subscenarioNames: [String]
  /// The sub-scenario of each query.
  let subscenarios: [Int]
  /// Queries × factors.
  let factors: Matrix
  /// One number for each query; larger is easier.
  let biases: [Float]
  /// Queries × dimensions, rows of length 1.
  let embeddings: Matrix

  /// The queries of a benchmark of RouterEval's structure, with this number of them in each sub-scenario.
  init(_ source: RouterEvalBenchmarks.Benchmark, counts: [Int], _ options: SyntheticOptions) {
    let specialities = options.factors - 1
    var generator = SeededGenerator(seed: options.seed, stream: "synthetic/benchmark/\(source.name)")
    let center = Self.direction(&generator, specialities)
    // Spread of abilities and difficulties pulls means towards 1/2; this pulls them back.
    let ease = 1.6 * Elementwise.logit(Self.meanResponses[source.name] ?? 0.5)
    let queryCount = counts.reduce(0, +)
    var factors = Matrix(rows: queryCount, columns: options.factors)
    var seen = Matrix(rows: queryCount, columns: options.factors + 1)
    var centroids: [[Float]] = []
    var subscenarios: [Int] = []
    var biases: [Float] = []
    for (index, count) in counts.enumerated() {
      let own = Self.direction(&generator, specialities)
      let subscenarioEase = ease + 0.4 * generator.normal()
      centroids.append(Self.direction(&generator, options.dimensions).map { 0.6 * $0 })
      for _ in 0..<count {
        let row = biases.count
        var query = SeededGenerator(seed: options.seed, stream: "synthetic/query/\(source.name)", row)
        let bias = subscenarioEase + 1.2 * query.normal()
        factors[row, 0] = exp(0.25 * query.normal())
        let detail = Self.direction(&query, specialities)
        let mixture = zip(zip(center, own), detail).map { 0.35 * $0.0 + 0.5 * $0.1 + $1 }
        let length = BLAS.dot(mixture, mixture).squareRoot()
        let strength = 1.3 * exp(0.25 * query.normal())
        for (column, value) in mixture.enumerated() { factors[row, column + 1] = strength * value / length }
        let blur = 1 / Float(specialities).squareRoot()
        for column in 0..<options.factors { seen[row, column] = factors[row, column] + blur * query.normal() }
        seen[row, options.factors] = 0.3 * (bias - ease) + 0.3 * query.normal()
        biases.append(bias)
        subscenarios.append(index)
      }
    }
    name = source.name
    subscenarioNames = source.subscenarios.map(\.name)
    self.subscenarios = subscenarios
    self.factors = factors
    self.biases = biases
    embeddings = Self.embed(
      seen, subscenarios: subscenarios, centroids: centroids, name: source.name, options)
  }

  /// A random direction of length 1.
  private static func direction(_ generator: inout SeededGenerator, _ length: Int) -> [Float] {
    let values = (0..<length).map { _ in generator.normal() }
    let norm = max(BLAS.dot(values, values).squareRoot(), .leastNormalMagnitude)
    return values.map { $0 / norm }
  }

  /// A linear map of what is seen of a query, the same for all benchmarks, plus centroid and noise.
  private static func embed(
    _ seen: Matrix, subscenarios: [Int], centroids: [[Float]], name: String, _ options: SyntheticOptions
  ) -> Matrix {
    var generator = SeededGenerator(seed: options.seed, stream: "synthetic/encoder")
    let scale = 1 / Float(options.dimensions).squareRoot()
    var map = Matrix(rows: seen.columns, columns: options.dimensions)
    map.update { $0 = scale * generator.normal() }
    var result = BLAS.multiply(seen, map)
    for row in 0..<result.rows {
      var noise = SeededGenerator(seed: options.seed, stream: "synthetic/noise/\(name)", row)
      let centroid = centroids[subscenarios[row]]
      var squares: Double = 0
      for column in 0..<result.columns {
        let value = result[row, column] + centroid[column] + 0.25 * scale * noise.normal()
        result[row, column] = value
        squares += Double(value) * Double(value)
      }
      let norm = Float(max(squares.squareRoot(), 1e-20))
      for column in 0..<result.columns { result[row, column] /= norm }
    }
    return result
  }
}
