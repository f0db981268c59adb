import FileFormats
import NumericKernels
import RoutingData

/// Measures how fast answers of one benchmark come in from files of people: an archive of arrays and a long table.
enum ImportBenchmark {
  /// The time of one import.
  struct Result: Codable {
    var responses: Int
    var seconds: Double
    var responsesPerSecond: Double

    init(responses: Int, seconds: Double) {
      self.responses = responses
      self.seconds = seconds
      responsesPerSecond = Double(responses) / seconds
    }
  }

  /// The rows of the table at most.
  private static let rows = 1_950_000

  /// An .npz of one byte a response.
  static func npz(_ benchmark: Benchmark) throws -> Result {
    let (llms, queries) = (benchmark.llms.count, benchmark.queries.count)
    var scores = [UInt8](repeating: 0, count: llms * queries)
    for llm in 0..<llms {
      for query in 0..<queries { scores[llm * queries + query] = UInt8(benchmark.responses[query, llm] ?? 0) }
    }
    return try TemporaryOutputs.withFolder(named: "rs-bench") { folder in
      let path = "\(folder)/scores.npz"
      try NPZ.write(
        [
          ("scores", NDArray(uint8: scores, shape: [llms, queries])),
          ("models", NDArray(strings: (0..<llms).map { "llm-\($0)" })),
        ], to: path, compressed: false)
      let seconds = try Stopwatch.seconds { _ = try NPZImporter.load(path) }
      return Result(responses: llms * queries, seconds: seconds)
    }
  }

  /// A CSV file with a row a response, of at most 1.95 million.
  static func csv(_ benchmark: Benchmark, repetitions: Int) throws -> Result {
    let llms = min(benchmark.llms.count, 170)
    let queries = min(benchmark.queries.count, rows / llms)
    return try TemporaryOutputs.withFolder(named: "rs-bench") { folder in
      let path = "\(folder)/answers.csv"
      try AtomicFile.write(to: path) { sink throws(FileError) in
        try sink.write("query,llm,score\n")
        for query in 0..<queries {
          let lines = (0..<llms).map {
            "query-\(query),org/llm-\($0)-7b,\(Int(benchmark.responses[query, $0] ?? 0))\n"
          }
          try sink.write(lines.joined())
        }
      }
      var seconds = Double.infinity
      for _ in 0..<repetitions {
        seconds = min(seconds, try Stopwatch.seconds { _ = try CSVImporter.load(path) })
      }
      return Result(responses: queries * llms, seconds: seconds)
    }
  }
}
