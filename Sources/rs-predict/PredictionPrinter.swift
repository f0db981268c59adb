import CommandLineKit
import FileFormats
import NumericKernels
import Prediction
import Routing
import RoutingData

/// Gives predictions on in batches, or line by line as queries come.
struct PredictionPrinter {
  private static let batchRows = 1_024

  private let predictor: Predictor
  private let output: any PredictionOutput
  private let encoding: QueryEncoding
  private let seed: UInt64
  private var printed = 0

  init(
    _ predictor: Predictor, _ output: any PredictionOutput, _ encoding: QueryEncoding, seed: UInt64
  ) {
    self.predictor = predictor
    self.output = output
    self.encoding = encoding
    self.seed = seed
  }

  /// Prints queries whose embeddings are there, n × d.
  mutating func print(ids: [String], _ embeddings: Matrix) throws {
    for rows in Parallel.blocks(of: ids.count, size: Self.batchRows) {
      try print(QueryBatch(embeddings: embeddings.selecting(rows: Array(rows))), ids: Array(ids[rows]))
    }
  }

  /// Prints queries.
  mutating func print(_ queries: [Query]) throws {
    for rows in Parallel.blocks(of: queries.count, size: Self.batchRows) {
      let some = Array(queries[rows])
      try print(encoding.batch(of: some), ids: some.map(\.id))
    }
  }

  /// Prints the query of each line of standard input as soon as it is there; blank lines are passed over.
  mutating func printLines(_ query: (_ number: Int, _ line: String) throws -> Query) throws {
    var number = 0
    while let line = readLine() {
      number += 1
      guard line.contains(where: { !$0.isWhitespace }) else { continue }
      try print([try query(number, line)])
      try StandardOutput.flush()
    }
  }

  private mutating func print(_ batch: QueryBatch, ids: [String]) throws {
    for (block, predictions) in try predictor.blocks(of: batch).enumerated() {
      for row in 0..<predictions.count {
        printed += 1
        var generator = SeededGenerator(seed: seed, stream: "rs-predict", printed)
        let pick = predictions.pick(row, draw: generator.uniformDouble())
        try output.add(predictions, row: row, query: ids[block * Predictor.blockRows + row], pick: pick)
      }
    }
  }

  /// Throws where there was no query at all, or the encoder's answers were wrong.
  func finish() throws {
    guard printed > 0 else { throw DataError("no query came") }
    try encoding.finish()
  }
}
