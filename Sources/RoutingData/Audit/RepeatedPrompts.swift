import FileFormats

/// Groups the queries of all benchmarks by prompt.
///
/// Prompts are equal if they have the same words: runs of spaces, tabs and line breaks count as one space.
struct RepeatedPrompts {
  /// A query: the index of its benchmark and its row.
  private struct Place: Hashable {
    let benchmark: Int
    let row: Int
  }

  private let benchmarks: [Benchmark]
  private let exampleCount: Int
  private var groups: [String: [Place]] = [:]
  private var hasPrompts: [Bool]
  private var ids: [[String]?]

  init(_ benchmarks: [Benchmark], examples: Int) {
    self.benchmarks = benchmarks
    exampleCount = examples
    hasPrompts = Array(repeating: false, count: benchmarks.count)
    ids = Array(repeating: nil, count: benchmarks.count)
  }

  /// Reads the prompts of a benchmark whose queries have these ids; prompts without a word equal no other.
  mutating func add(_ index: Int, ids: [String]?) throws(FileError) {
    guard let prompts = try benchmarks[index].loadPrompts() else { return }
    hasPrompts[index] = true
    self.ids[index] = ids
    for (row, prompt) in prompts.enumerated() {
      // The hash stands for the prompt: all prompts of all benchmarks would be large to keep.
      let words = Self.normalized(prompt)
      guard !words.isEmpty else { continue }
      let key = try SHA256.hexDigest(of: ByteRegion(words))
      groups[key, default: []].append(Place(benchmark: index, row: row))
    }
  }

  /// The bytes of a text with each run of white space as one space, and none at the ends.
  static func normalized(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var isBetweenWords = false
    for byte in text.utf8 {
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        isBetweenWords = true
        continue
      }
      if isBetweenWords, !bytes.isEmpty { bytes.append(0x20) }
      isBetweenWords = false
      bytes.append(byte)
    }
    return bytes
  }

  func findings() -> ([LeakAudit.PromptFinding], [LeakAudit.OverlapFinding], [LeakAudit.OverlapFinding]) {
    var prompts = benchmarks.indices.map {
      LeakAudit.PromptFinding(
        benchmark: benchmarks[$0].name, queries: benchmarks[$0].queries.count, hasPrompts: hasPrompts[$0])
    }
    var others: [[LeakAudit.Example]] = Array(repeating: [], count: benchmarks.count)
    var subscenarios = Overlaps()
    var whole = Overlaps()
    // In the order of the first query, so that examples don't depend on hashes.
    let repeated = groups.values.filter { $0.count > 1 }
      .sorted { ($0[0].benchmark, $0[0].row) < ($1[0].benchmark, $1[0].row) }
    for group in repeated {
      for (index, members) in Dictionary(grouping: group, by: \.benchmark) {
        let parts = members.map { benchmarks[index].split.parts[$0.row] }
        if parts.contains(.train) { prompts[index].testInTrain += parts.count { $0 == .test } }
        if parts.contains(.validation) { prompts[index].testInValidation += parts.count { $0 == .test } }
      }
      for (position, second) in group.enumerated() {
        for first in group[..<position] {
          guard first.benchmark == second.benchmark else {
            whole.add(first.benchmark, first.row, second.benchmark, second.row)
            continue
          }
          let benchmark = benchmarks[first.benchmark]
          prompts[first.benchmark].pairs += 1
          let (left, right) = (
            benchmark.queries.subscenarios[first.row], benchmark.queries.subscenarios[second.row]
          )
          if left != right {
            prompts[first.benchmark].pairsAcrossSubscenarios += 1
            subscenarios.add(left, first.row, right, second.row, in: first.benchmark)
          }
          let isAcross = benchmark.split.parts[first.row] != benchmark.split.parts[second.row]
          if isAcross { prompts[first.benchmark].pairsAcrossSplits += 1 }
          let shown = isAcross ? prompts[first.benchmark].examples : others[first.benchmark]
          guard shown.count < exampleCount else { continue }
          let example = LeakAudit.Example(first: name(first), second: name(second))
          if isAcross {
            prompts[first.benchmark].examples.append(example)
          } else {
            others[first.benchmark].append(example)
          }
        }
      }
    }
    for index in prompts.indices {
      let room = exampleCount - prompts[index].examples.count
      prompts[index].examples += others[index].prefix(room)
    }
    return (
      prompts,
      subscenarios.sorted.map { key, overlap in
        let benchmark = benchmarks[key.owner]
        return finding(
          overlap, "\(benchmark.name)/\(benchmark.queries.subscenarioNames[key.low])",
          "\(benchmark.name)/\(benchmark.queries.subscenarioNames[key.high])", key.owner, key.owner)
      },
      whole.sorted.map { key, overlap in
        finding(overlap, benchmarks[key.low].name, benchmarks[key.high].name, key.low, key.high)
      }
    )
  }

  private func finding(
    _ overlap: Overlaps.Overlap, _ first: String, _ second: String, _ low: Int, _ high: Int
  ) -> LeakAudit.OverlapFinding {
    LeakAudit.OverlapFinding(
      first: first, second: second, firstQueries: overlap.low.count, secondQueries: overlap.high.count,
      example: LeakAudit.Example(
        first: name(Place(benchmark: low, row: overlap.example.low)),
        second: name(Place(benchmark: high, row: overlap.example.high))))
  }

  private func name(_ place: Place) -> LeakAudit.QueryName {
    let benchmark = benchmarks[place.benchmark]
    return LeakAudit.QueryName(benchmark, row: place.row, id: ids[place.benchmark]?[place.row])
  }
}

/// Counts the queries that two sets of queries share.
private struct Overlaps {
  struct Key: Hashable {
    /// The benchmark that both sets are of; 0 for whole benchmarks.
    let owner: Int
    let low: Int
    let high: Int
  }

  struct Overlap {
    var low: Set<Int> = []
    var high: Set<Int> = []
    let example: (low: Int, high: Int)
  }

  private var found: [Key: Overlap] = [:]

  mutating func add(_ set: Int, _ row: Int, _ otherSet: Int, _ otherRow: Int, in owner: Int = 0) {
    let (low, high) = set < otherSet ? (row, otherRow) : (otherRow, row)
    let key = Key(owner: owner, low: min(set, otherSet), high: max(set, otherSet))
    found[key, default: Overlap(example: (low, high))].low.insert(low)
    found[key]?.high.insert(high)
  }

  var sorted: [(Key, Overlap)] {
    found.sorted { ($0.key.owner, $0.key.low, $0.key.high) < ($1.key.owner, $1.key.low, $1.key.high) }
      .map { ($0.key, $0.value) }
  }
}
