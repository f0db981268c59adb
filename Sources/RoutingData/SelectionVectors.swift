import NumericKernels

/// The labels that RouterEval's routers train on: which candidates answer a query well.
public enum SelectionVectors {
  /// 1 where a response is 1 or, for continuous grades, at least 0.95 of the best in the pool for that query.
  ///
  /// Input and result are n × m; a missing response (NaN) has no label (NaN). Where every grade of a
  /// query is 0, all labels are 0.
  public static func labels(_ responses: Matrix, isBinary: Bool) -> Matrix {
    var labels = responses
    for query in 0..<responses.rows {
      let row = responses.row(query)
      let best = row.reduce(0) { $1.isNaN ? $0 : max($0, $1) }
      let threshold = isBinary ? 1 : 0.95 * best
      for (llm, value) in row.enumerated() where !value.isNaN {
        labels[query, llm] = value > 0 && value >= threshold ? 1 : 0
      }
    }
    return labels
  }
}
