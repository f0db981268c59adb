extension LogisticResiduals {
  /// The probability that a right answer has a higher z than a wrong one, ties counting half: the area under the ROC curve.
  ///
  /// A graded response y of weight w counts as w·y right and w·(1 − y) wrong answers; missing cells count nothing. nil where
  /// all are right or all wrong. z is sorted into the bins of `LogOddsHistogram`. Cost 2·n·m·k operations and one
  /// pass over the cells.
  public func areaUnderCurve() -> Double? {
    let ranges = Parallel.blocks(of: cells.rows, size: CellBlock.rows)
    let histograms = Parallel.map(ranges.count) { histogram(ranges[$0]) }
    return histograms.reduce(into: LogOddsHistogram()) { $0.add($1) }.areaUnderCurve
  }

  /// The amounts of right and wrong answers by bin, over some rows.
  private func histogram(_ rowRange: Range<Int>) -> LogOddsHistogram {
    var right = LogOddsHistogram().right
    var wrong = right
    let z = UnsafeMutablePointer<Float>.allocate(capacity: CellBlock.rows * CellBlock.columns)
    defer { z.deallocate() }
    z.initialize(repeating: 0, count: CellBlock.rows * CellBlock.columns)
    cells.withBuffers { buffers in
      right.withUnsafeMutableBufferPointer { right in
        wrong.withUnsafeMutableBufferPointer { wrong in
          for columnRange in Parallel.blocks(of: cells.columns, size: CellBlock.columns) {
            products(UnchangedCells()).fill(z, rowRange, columnRange)
            for (offset, row) in rowRange.enumerated() {
              for (place, column) in columnRange.enumerated() {
                let byte = row * buffers.bytesPerRow + column >> 3
                let bit = UInt8(0x80) >> UInt8(column & 7)
                if let observed = buffers.observed, observed[byte] & bit == 0 { continue }
                let bin = LogOddsHistogram.bin(of: z[offset * CellBlock.columns + place])
                let weight = buffers.weights.map { Double($0[row * buffers.columns + column]) } ?? 1
                if let bits = buffers.bits {
                  if bits[byte] & bit != 0 { right[bin] += weight } else { wrong[bin] += weight }
                } else if let floats = buffers.floats {
                  let grade = Double(floats[row * buffers.columns + column])
                  right[bin] += weight * grade
                  wrong[bin] += weight * (1 - grade)
                }
              }
            }
          }
        }
      }
    }
    return LogOddsHistogram(right: right, wrong: wrong)
  }
}
