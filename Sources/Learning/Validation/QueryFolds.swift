import FileFormats
import NumericKernels
import RoutingData

/// Folds of the train queries, for predictions of queries by models that have not seen them.
///
/// Queries with the same prompt, or without prompts the same embedding bit for bit, stay together: a twin in the other
/// folds would be a leak. Folds are as equal as twins allow, within each benchmark.
public struct QueryFolds: Equatable, Sendable {
  /// The fold of each train query, by block.
  public let folds: [[Int]]
  /// The number of folds.
  public let count: Int

  /// Folds of the train queries of some data; the same for the same seed, whatever the LLMs.
  ///
  /// - Throws: `DataError` for fewer than two folds, or fewer distinct queries than folds; `FileError` for prompts that
  ///   can't be read.
  public init(_ data: TrainingData, count: Int, seed: UInt64) throws {
    guard count > 1 else { throw DataError("\(count) folds: expected at least 2") }
    folds = try data.blocks.map { block in
      let groups = try Self.twins(in: block)
      guard groups.count >= count else {
        throw DataError(
          "\(count) folds of \(groups.count) distinct train queries of benchmark '\(block.benchmark)'")
      }
      var order = Array(groups.indices)
      var generator = SeededGenerator(seed: seed, stream: "folds/\(block.benchmark)")
      generator.shuffle(&order)
      var sizes = [Int](repeating: 0, count: count)
      var folds = [Int](repeating: 0, count: block.train.count)
      for group in order {
        let smallest = sizes.indices.reduce(0) { sizes[$1] < sizes[$0] ? $1 : $0 }
        for place in groups[group] { folds[place] = smallest }
        sizes[smallest] += groups[group].count
      }
      return folds
    }
    self.count = count
  }

  /// The places of train queries that are one query, in the order of their first.
  private static func twins(in block: TrainingData.Block) throws -> [[Int]] {
    let queries = block.train.queries
    var known: [Name: Int] = [:]
    var groups: [[Int]] = []
    func enter(_ place: Int, _ key: Name) {
      if let group = known[key] {
        groups[group].append(place)
      } else {
        known[key] = groups.count
        groups.append([place])
      }
    }
    if let prompts = try block.loadPrompts() {
      for (place, row) in block.train.rows.enumerated() { enter(place, Name(prompts[row])) }
    } else {
      for place in 0..<queries.count {
        let bits = queries.embeddings.row(place).map { String($0.bitPattern, radix: 36) }
        // Queries without embeddings have nothing that tells them apart.
        enter(place, Name(bits.isEmpty ? "\(place)" : bits.joined(separator: ",")))
      }
    }
    return groups
  }
}
