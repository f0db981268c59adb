/// How a fixed list of anchors is chosen.
public enum AnchorMethod: String, CaseIterable, Sendable {
  /// By lot: the baseline that is hard to beat (arXiv 2409.03563).
  case random
  /// By lot, a share from each level of difficulty.
  case stratified
  /// The queries nearest to the centres of clusters of the queries' weights (Polo and others 2024, tinyBenchmarks).
  case kMedoids = "k-medoids"
  /// Those that tell most about the abilities: greedily the largest determinant of their information.
  case dOptimal = "d-optimal"
  /// Those that tell most about the accuracy: greedily the least mean variance over the known LLMs.
  case aOptimal = "a-optimal"
  /// Those whose answers predict the known LLMs' accuracies best by a linear rule, chosen one after the other.
  case forward
}
