import FileFormats
import NumericKernels
import RoutingData

/// Folds of the train queries, for predictions of queries by models that have not seen them.
///
/// Queries with the same prompt, or without prompts the same embedding bit for bit, stay together: a twin in the other
/// folds would be a leak, whichever benchmark it belongs to. Folds are as equal as twins allow, within each benchmark.
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
    let groups = try Self.twins(data)
    for (index, block) in data.blocks.enumerated() {
      let own = groups.count { group in group.contains { $0.block == index } }
      guard own >= count else {
        throw DataError(
          "\(count) folds of \(own) distinct train queries of benchmark '\(block.benchmark)', told apart by their prompts or "
            + "else their embeddings: \(count) or more are needed")
      }
    }
    var folds = data.blocks.map { [Int](repeating: 0, count: $0.train.count) }
    var sizes = data.blocks.map { _ in [Int](repeating: 0, count: count) }
    var isPlaced = [Bool](repeating: false, count: groups.count)
    func place(_ group: Int) {
      // The emptiest fold of its benchmarks, each by its share: a small one must not end in one fold.
      let blocks = Set(groups[group].map(\.block)).sorted()
      let loads = (0..<count).map { fold in
        blocks.reduce(0.0) { $0 + Double(sizes[$1][fold]) / Double(folds[$1].count) }
      }
      let fold = loads.indices.reduce(0) { loads[$1] < loads[$0] ? $1 : $0 }
      for query in groups[group] {
        folds[query.block][query.place] = fold
        sizes[query.block][fold] += 1
      }
      isPlaced[group] = true
    }
    // Queries of several benchmarks first, where nothing has to be undone.
    let shared = groups.indices.filter { group in
      groups[group].contains { $0.block != groups[group][0].block }
    }
    var generator = SeededGenerator(seed: seed, stream: "folds")
    var sharedOrder = shared
    generator.shuffle(&sharedOrder)
    for group in sharedOrder { place(group) }
    for (index, block) in data.blocks.enumerated() {
      var order = groups.indices.filter { groups[$0][0].block == index && !isPlaced[$0] }
      var generator = SeededGenerator(seed: seed, stream: "folds/\(block.benchmark)")
      generator.shuffle(&order)
      for group in order { place(group) }
    }
    self.folds = folds
    self.count = count
  }

  /// A train query by its block and its place there.
  private struct Place {
    let block: Int
    let place: Int
  }

  /// What tells queries apart: their prompts, or else the bits of their embeddings.
  private enum Key: Hashable {
    case prompt(Name)
    case embedding([UInt32])
  }

  /// The train queries that are one query, whatever their benchmarks, in the order of their first.
  private static func twins(_ data: TrainingData) throws -> [[Place]] {
    var known: [Key: Int] = [:]
    var groups: [[Place]] = []
    for (index, block) in data.blocks.enumerated() {
      let queries = block.train.queries
      let prompts = try block.loadPrompts()
      for (place, row) in block.train.rows.enumerated() {
        let query = Place(block: index, place: place)
        let key: Key
        if let prompts {
          key = .prompt(Name(prompts[row]))
        } else {
          // Queries without embeddings have nothing that tells them apart.
          guard queries.embeddings.columns > 0 else {
            groups.append([query])
            continue
          }
          key = .embedding(queries.embeddings.row(place).map(\.bitPattern))
        }
        if let group = known[key] {
          groups[group].append(query)
        } else {
          known[key] = groups.count
          groups.append([query])
        }
      }
    }
    return groups
  }
}
