import Foundation

/// The range and the tics of an axis.
struct PlotRange {
  let low: Double
  let high: Double

  /// The range of some values, at least one, to a multiple of `step` on each side, within limits.
  init(_ values: [Double], step: Double, limits: ClosedRange<Double>) {
    let least = values.min() ?? limits.lowerBound
    let most = values.max() ?? limits.upperBound
    let low = max(limits.lowerBound, (least / step - 0.1).rounded(.down) * step)
    let high = min(limits.upperBound, (most / step + 0.1).rounded(.up) * step)
    self.low = low
    // An axis needs a length.
    self.high = high > low ? high : low + step
  }

  /// The words for gnuplot.
  var text: String { "[\(NumberText.fixed(low, 3)):\(NumberText.fixed(high, 3))]" }

  /// A distance of tics that gives about five of them.
  var tic: String {
    let span = high - low
    let step =
      [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20].first { span / $0 <= 6.01 } ?? span / 5
    return NumberText.fixed(step, 2)
  }

  /// The words for the labels of those tics.
  var ticFormat: String { tic.hasSuffix("0") ? "%.1f" : "%.2f" }

  /// Labels for sizes on a logarithmic axis so long, such that none touches another; `''` is a bare tic.
  static func logarithmicTics(_ sizes: [Int], length: Double, gap: Double = 15) -> String {
    guard let first = sizes.first, let last = sizes.last, last > first else {
      return "(" + sizes.map { "'\($0)' \($0)" }.joined(separator: ", ") + ")"
    }
    func place(_ size: Int) -> Double {
      length * (log(Double(size)) - log(Double(first))) / (log(Double(last)) - log(Double(first)))
    }
    // From the right, as the largest pool matters most.
    var next = Double.infinity
    var tics: [String] = []
    for size in sizes.reversed() {
      let room = gap + 3 * Double(String(size).count - 1)
      if place(size) + room <= next || next == .infinity {
        tics.append("'\(size)' \(size)")
        next = place(size)
      } else {
        tics.append("'' \(size)")
      }
    }
    return "(" + tics.reversed().joined(separator: ", ") + ")"
  }
}
