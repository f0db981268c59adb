import FileFormats
import NumericKernels

/// A benchmark: its queries, the LLMs that answered them, the responses and the split.
public struct Benchmark: Sendable {
  /// The name, unique in its dataset.
  public let name: String
  /// The queries, rows of the response matrix.
  public let queries: QuerySet
  /// The catalogue's index of each column of the response matrix.
  public let llms: [Int]
  /// The graded answers, queries × LLMs.
  public let responses: ResponseMatrix
  /// Which queries train, validate and test.
  public let split: Split
  /// Pools that were published with the data; empty where there are none.
  public let publishedPools: [CandidatePool]
  /// Where the prompts are: in memory (an import) or in a dataset folder's file, read on request.
  public let prompts: PromptSource
  /// The benchmarks that it was mixed from; nil for any other.
  public let mix: BenchmarkMix?

  /// The accuracy of the reference LLM that came with the data; nil where RouterEval's counts.
  public let givenReference: Double?

  /// The accuracy of the reference LLM, given with the data or else RouterEval's, the divisor of V_R; nil for an unknown benchmark.
  ///
  /// Of a mixed benchmark it is the mean over its queries, nil where one of its benchmarks has none.
  public var referenceAccuracy: Double? { referenceAccuracy(over: nil) }

  /// The same for some of the queries, or all, which matters where they come from several benchmarks.
  public func referenceAccuracy(over queries: [Int]?) -> Double? {
    guard let mix else { return givenReference ?? ReferenceAccuracy.values[name] }
    let rows = queries ?? Array(self.queries.subscenarios.indices)
    var sum = 0.0
    for part in mix.parts {
      let count = rows.count(where: part.rows.contains)
      guard count > 0 else { continue }
      guard let own = part.benchmark.referenceAccuracy else { return nil }
      sum += Double(count) * own
    }
    return rows.isEmpty ? nil : sum / Double(rows.count)
  }

  /// A benchmark from parts that fit together.
  ///
  /// - Throws: `DataError` for parts of different lengths or an empty benchmark.
  public init(
    name: String, queries: QuerySet, llms: [Int], responses: ResponseMatrix, split: Split,
    publishedPools: [CandidatePool] = [], prompts: PromptSource = .none, mix: BenchmarkMix? = nil,
    givenReference: Double? = nil
  ) throws(DataError) {
    guard responses.queryCount > 0, responses.llmCount > 0 else {
      throw DataError("benchmark '\(name)' has no responses")
    }
    guard queries.count == responses.queryCount else {
      throw DataError("benchmark '\(name)': \(queries.count) queries, responses for \(responses.queryCount)")
    }
    guard llms.count == responses.llmCount else {
      throw DataError("benchmark '\(name)': \(llms.count) LLMs, responses of \(responses.llmCount)")
    }
    guard split.parts.count == queries.count else {
      throw DataError("benchmark '\(name)': a split of \(split.parts.count) queries for \(queries.count)")
    }
    self.name = name
    self.queries = queries
    self.llms = llms
    self.responses = responses
    self.split = split
    self.publishedPools = publishedPools
    self.prompts = prompts
    self.mix = mix
    self.givenReference = givenReference
  }
}

/// The texts of a benchmark's queries.
public enum PromptSource: Sendable {
  /// No prompts are known.
  case none
  /// Prompts in memory, one for each query.
  case memory([String])
  /// A dataset folder's JSON Lines file of ids, sub-scenarios and prompts, see `QueryTexts`.
  case file(String)
}

/// The accuracies that RouterEval divides μ by for V_R.
public enum ReferenceAccuracy {
  /// By RouterEval's benchmark names (arXiv 2503.10657, its published code).
  public static let values: [String: Double] = [
    "arc": 0.852, "hellaswag": 0.953, "mmlu": 0.864, "truthfulqa": 0.669, "winogrande": 0.875,
    "gsm8k": 0.92, "ifeval": 0.7689, "bbh": 0.8303, "gpqa": 0.397, "math": 0.4, "musr": 0.699,
    "mmlu_pro": 0.637,
  ]
}

extension Benchmark {
  /// The encoders whose embeddings of its queries there are.
  public var encoders: Set<String> {
    guard let mix else { return Set(queries.embeddings.keys) }
    let own = mix.parts.map(\.benchmark.encoders)
    return own.dropFirst().reduce(own.first ?? []) { $0.intersection($1) }
  }

  /// The embeddings of all queries by an encoder, n × d.
  ///
  /// - Throws: `DataError` for an encoder the benchmark has no embeddings of, or a value that is not finite;
  ///   `FileError` for an array that can't be read.
  public func embeddings(encoder: String) throws -> Matrix {
    if let mix { return try mix.embeddings(encoder: encoder) }
    guard let array = queries.embeddings[encoder] else {
      throw DataError("benchmark '\(name)' has no embeddings of encoder '\(encoder)'")
    }
    let matrix = try array.matrix()
    guard matrix.isFinite else {
      throw array.error("an embedding of benchmark '\(name)' holds a value that is not finite")
    }
    return matrix
  }
}

extension Benchmark {
  /// The benchmark with some of its LLMs, given as columns; published pools are left out unless all LLMs stay.
  public func selecting(llms columns: [Int]) throws(DataError) -> Benchmark {
    guard columns != Array(llms.indices) else { return self }
    return try Benchmark(
      name: name, queries: queries, llms: columns.map { llms[$0] },
      responses: responses.selecting(llms: columns),
      split: split, prompts: prompts, mix: mix, givenReference: givenReference)
  }
}
