/// Walks the rows of n × m logits together with their labels: what the losses of a whole row share.
///
/// A label of at least 1/2 is right, a smaller one wrong, NaN missing.
enum LabelledRows {
  typealias Lanes = VectorMath.Lanes

  /// Calls `body` with the logits and the labels of each row.
  static func forEach(
    _ logits: inout Matrix, labels: Matrix,
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    precondition(
      logits.rows == labels.rows && logits.columns == labels.columns,
      "\(logits.shapeText) logits, \(labels.shapeText) labels")
    let (rows, columns) = (logits.rows, logits.columns)
    logits.storage.withUnsafeMutableBufferPointer { logits in
      labels.storage.withUnsafeBufferPointer { labels in
        guard let z = logits.baseAddress, let y = labels.baseAddress else { return }
        for row in 0..<rows { body(z + row * columns, y + row * columns) }
      }
    }
  }

  /// Calls `body` with groups of eight cells of a row; lanes past its end are missing with a logit of 0.
  ///
  /// What `body` leaves in the logits is stored.
  @inline(__always)
  static func forEachGroup(
    _ z: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>, columns: Int,
    _ body: (inout Lanes, Lanes) -> Void
  ) {
    for start in stride(from: 0, to: columns, by: Lanes.scalarCount) {
      let count = min(Lanes.scalarCount, columns - start)
      var logits = VectorMath.load(z + start, count: count, padding: 0)
      body(&logits, VectorMath.load(y + start, count: count, padding: .nan))
      VectorMath.store(logits, z + start, count: count)
    }
  }
}
