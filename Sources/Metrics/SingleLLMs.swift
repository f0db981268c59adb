import NumericKernels

/// What sending every query to one LLM earns.
public enum SingleLLMs {
  /// The mean response of each LLM over the queries, m numbers in [0, 1]; responses are n × m, n at least 1, none missing.
  public static func means(of responses: Matrix) -> [Double] {
    (0..<responses.columns).map { ShiftedMean.of(responses.column($0).map(Double.init)) }
  }
}
