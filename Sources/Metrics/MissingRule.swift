/// What is done with measured queries that not every candidate answered.
///
/// Where nothing is missing both rules give the same bits.
public enum MissingRule: String, CaseIterable, Codable, Sendable {
  /// They are left out: every candidate could have been picked for every query that is measured.
  case complete
  /// Each is routed among the candidates that answered it; only queries that none answered are left out.
  case available
}
