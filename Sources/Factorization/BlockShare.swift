import NumericKernels

/// Which blocks of queries a solver has itself, where other solvers have the rest, and how sums over all are made.
///
/// Query rows belong to the solver that has their block. LLM rows are the same in all solvers: each moves them by the
/// sums over all blocks. By default a solver has all blocks.
package struct BlockShare: Sendable {
  /// A block of another solver.
  package struct Remote: Sendable {
    /// The number of its queries.
    package let queries: Int
    /// The LLMs of its columns.
    package let llms: [Int]

    /// A block of some queries and LLMs.
    package init(queries: Int, llms: [Int]) {
      self.queries = queries
      self.llms = llms
    }
  }

  /// The blocks that come before the solver's own, which are consecutive.
  package var before: [Remote] = []
  /// The blocks that come after them.
  package var after: [Remote] = []
  /// What sums over all blocks.
  package var reduction: any Reduction = InProcessReduction()

  /// All blocks.
  package init() {}

  /// A share of the blocks.
  package init(before: [Remote], after: [Remote], reduction: any Reduction) {
    self.before = before
    self.after = after
    self.reduction = reduction
  }
}
