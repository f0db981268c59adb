/// How what is summed over blocks of queries is summed: in this process, or over several that each hold some blocks.
///
/// Additions run in the order of all blocks, those of other processes included, one block after the other onto the
/// start: the result has the same bits wherever the blocks are. The start is the same in all processes, and counts
/// once. Blocks may be made while they are summed, so that not all of them need be in memory.
public protocol Reduction: Sendable {
  /// The start and all blocks, matrices of one shape.
  ///
  /// - Throws: `NumericalError` where a sum can't be had.
  func sum(_ blocks: some Sequence<Matrix>, onto start: consuming Matrix) throws(NumericalError) -> Matrix

  /// The start and all terms.
  ///
  /// - Throws: `NumericalError` where a sum can't be had.
  func sum(_ terms: some Sequence<Double>, onto start: Double) throws(NumericalError) -> Double
}

/// The sums of one process that holds all blocks.
public struct InProcessReduction: Reduction {
  /// Nothing to set.
  public init() {}

  /// Adds one block after the other to the start; the memory of one block at a time.
  public func sum(_ blocks: some Sequence<Matrix>, onto start: consuming Matrix) -> Matrix {
    for block in blocks { start += block }
    return start
  }

  /// Adds one term after the other to the start.
  public func sum(_ terms: some Sequence<Double>, onto start: Double) -> Double { terms.reduce(start, +) }
}
