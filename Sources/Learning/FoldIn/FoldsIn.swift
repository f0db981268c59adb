import Routing
import RoutingData

/// A router that an LLM can be added to by a few graded answers, without training again.
///
/// The queries of those answers are the *anchors*.
public protocol FoldsIn: Router {
  /// This router with one LLM more.
  ///
  /// `anchors` are the LLM's answers, n × 1 for each benchmark; their queries are named by benchmark and row. No answers
  /// at all give what is known of any LLM. The order of the answers does not matter.
  ///
  /// - Throws: `DataError` for a name that it knows already, a query that it does not know, or one that is answered twice.
  func adding(llm: String, anchors: [Observations]) throws -> Self
}
