import NumericKernels

/// Finds queries of different splits whose embeddings are equal in every number.
enum RepeatedEmbeddings {
  static func finding(_ benchmark: Benchmark, encoder: String, _ matrix: Matrix)
    -> LeakAudit.EmbeddingFinding
  {
    var groups: [ArraySlice<Float>: [SplitPart: Int]] = [:]
    for row in 0..<matrix.rows {
      groups[matrix.row(row), default: [:]][benchmark.split.parts[row], default: 0] += 1
    }
    var finding = LeakAudit.EmbeddingFinding(benchmark: benchmark.name, encoder: encoder)
    for counts in groups.values where counts.count > 1 {
      let all = counts.values.reduce(0, +)
      // Each unordered pair of parts is met from both sides.
      finding.pairsAcrossSplits += counts.values.reduce(0) { $0 + $1 * (all - $1) } / 2
      if counts[.train] != nil { finding.testInTrain += counts[.test] ?? 0 }
    }
    return finding
  }
}
