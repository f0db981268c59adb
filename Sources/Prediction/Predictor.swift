import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData

/// A model ready to say of queries how well some LLMs would answer, and to pick one.
package struct Predictor: Sendable {
  /// The LLMs, with their costs where they are known.
  package let candidates: Candidates
  private let router: any StorableRouter
  private let scorer: any CandidateScorer
  private let policy: any Policy
  private let priced: PricedPolicy?
  private let benchmark: String?

  /// A predictor of some LLMs, or of all that the model knows.
  ///
  /// `costs` gives what a query costs with an LLM. `benchmark` is the one that queries belong to, nil for none.
  ///
  /// - Throws: `DataError` for an LLM that is not known or named twice, a cost that is missing, or a rule that the model
  ///   or the costs can't keep.
  package init(
    _ router: any StorableRouter, llms: [String]? = nil, costs: CostTable? = nil, rule: PickRule = PickRule(),
    benchmark: String? = nil
  ) throws {
    let names = llms ?? router.identity.llms
    guard !names.isEmpty else { throw DataError("no LLM to choose from") }
    if let twice = NameIndex.repeated(in: names) { throw DataError("LLM '\(twice)' is named twice") }
    let known = NameIndex(router.identity.llms)
    if let stranger = names.first(where: { known[$0] == nil }) {
      throw DataError(
        "unknown LLM '\(FileError.excerpt(stranger))': it is none of the \(known.count) of the model")
    }
    guard !rule.needsCosts || costs != nil else {
      throw DataError("a price or a budget needs costs: give them with --costs")
    }
    candidates = Candidates(names, costs: try costs?.costs(of: names))
    let followed = rule.recipe.policy(of: router)
    if rule.needsCosts {
      let dearest = (candidates.costs ?? []).max() ?? 0
      guard Float((rule.price ?? 0) * dearest).isFinite else {
        throw DataError(
          "a price of \(rule.price ?? 0) times a cost of \(dearest) is beyond single precision: lower the price"
        )
      }
      let priced = PricedPolicy(followed, price: rule.price ?? 0, budget: rule.budget)
      _ = try priced.affordable(among: candidates)
      self.priced = priced
      policy = priced
    } else {
      priced = nil
      policy = followed
    }
    self.router = router
    self.benchmark = benchmark
    scorer = try router.preparedScorer(among: candidates, benchmark: benchmark)
  }

  /// What the model says of some queries, with their standard errors where these are wanted.
  ///
  /// - Throws: `DataError` for embeddings that the model can't take.
  package func predictions(for queries: QueryBatch, wantsErrors: Bool = true) throws -> Predictions {
    let batch = QueryBatch(
      embeddings: queries.embeddings, encoder: queries.encoder, benchmark: benchmark, widths: queries.widths)
    let (scores, errors) =
      wantsErrors ? try scorer.scoresWithErrors(for: batch) : (try scorer.scores(for: batch), nil)
    try scores.check(of: router.name, for: batch, among: candidates)
    return Predictions(
      scores: scores, errors: errors, propensities: policy.picks(scores, among: candidates),
      worths: priced?.worths(scores, among: candidates).values ?? scores.values)
  }

  /// So many queries at once stay in a processor's cache with everything that is said of them.
  package static let blockRows = 32

  /// What the model says of many queries, in parallel blocks of `blockRows` in their order.
  ///
  /// - Throws: as `predictions(for:wantsErrors:)`, of the first block that fails.
  package func blocks(of queries: QueryBatch, wantsErrors: Bool = true) throws -> [Predictions] {
    let blocks = Parallel.blocks(of: queries.count, size: Self.blockRows)
    let found = Parallel.map(blocks.count) { place in
      Result { try predictions(for: queries.selecting(Array(blocks[place])), wantsErrors: wantsErrors) }
    }
    return try found.map { try $0.get() }
  }
}
