import LinearAlgebra

/// The labels that RouterEval's routers train on: which candidates answer a query well.
public enum SelectionVectors {
  /// 1 where a response is 1 or, for continuous grades, at least 0.95 of the best in the pool for that query.
  ///
  /// Input and result are n × m; a missing response (NaN) is 0. A query nobody answers has no label.
  public static func labels(_ responses: Matrix, isBinary: Bool) -> Matrix {
    var labels = Matrix(rows: responses.rows, columns: responses.columns)
    for query in 0..<responses.rows {
      let row = responses.row(query)
      let best = row.reduce(0) { $1.isNaN ? $0 : max($0, $1) }
      let threshold = isBinary ? 1 : 0.95 * best
      for (llm, value) in row.enumerated() where value > 0 && value >= threshold { labels[query, llm] = 1 }
    }
    return labels
  }
}
