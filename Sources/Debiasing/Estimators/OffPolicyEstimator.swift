import Routing
import RoutingData

/// A way to tell from a log what a target would earn.
///
/// With w = π/p, q̂ a model of the answers and r = y − q̂(x, a), the linear ones are mean(b) + s·Σv·r/N: v is what the
/// weighting makes of w; b = Σₐ π·q̂ and r = y − q̂ with a model, b = 0 and r = y without; N = n, or Σv where the
/// estimator is self-normalized; s is the mass of the target that the logger could pick, 1 with full overlap.
package struct OffPolicyEstimator: Equatable, Sendable {
  /// How it is computed.
  package enum Form: Equatable, Sendable {
    /// From weighted means.
    case linear(ImportanceWeighting, usesModel: Bool, isSelfNormalized: Bool)
    /// The most likely mean among distributions whose mean weight is 1, by the Cressie–Read divergence of order −2.
    case cressieRead
  }

  /// How users name it, such as `dr` or `dros:5`.
  package let name: String
  package let form: Form

  /// An estimator by its name, with the constant after a colon where it has one.
  ///
  /// - Throws: `DataError` for an unknown name or a constant that it can't have.
  package init(_ text: String) throws(DataError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let entry = Self.catalog.first(where: { $0.word == parts[0] }) else {
      throw DataError(
        "unknown estimator '\(text)'; there are: \(Self.catalog.map(\.form).joined(separator: ", "))")
    }
    name = text
    guard parts.count == 2 else {
      form = entry.make(entry.constant)
      return
    }
    guard let range = entry.range, let value = Double(parts[1]), range.contains(value), value < .infinity
    else {
      throw DataError("estimator '\(text)': expected \(entry.form)")
    }
    form = entry.make(value)
  }

  private struct Entry: Sendable {
    let word: String
    let constant: Double
    let range: ClosedRange<Double>?
    let make: @Sendable (Double) -> Form

    init(
      _ word: String, _ constant: Double, from low: Double, to high: Double,
      _ make: @escaping @Sendable (Double) -> Form
    ) {
      self.word = word
      self.constant = constant
      range = low...high
      self.make = make
    }

    init(_ word: String, _ form: Form) {
      self.word = word
      constant = 0
      range = nil
      make = { _ in form }
    }

    /// The name with the constant it has by default, which is from 0 to 1 only for λ.
    var form: String { range.map { "\(word):\($0.upperBound > 1 ? "C" : "λ")" } ?? word }
  }

  private static func linear(
    _ weighting: ImportanceWeighting, model: Bool = false, normalized: Bool = false
  ) -> Form { .linear(weighting, usesModel: model, isSelfNormalized: normalized) }

  private static let least = Double.leastNormalMagnitude
  private static let most = Double.greatestFiniteMagnitude

  private static let catalog: [Entry] = [
    Entry("sndr", linear(.plain, model: true, normalized: true)),
    Entry("snips", linear(.plain, normalized: true)),
    Entry("dr", linear(.plain, model: true)),
    Entry("ips", linear(.plain)),
    Entry("dm", linear(.absent, model: true)),
    Entry("ips-clip", 10, from: least, to: most) { linear(.clipped($0)) },
    Entry("dr-clip", 10, from: least, to: most) { linear(.clipped($0), model: true) },
    Entry("switch-dr", 10, from: 0, to: most) { linear(.switched($0), model: true) },
    Entry("dros", 100, from: least, to: most) { linear(.shrunk($0), model: true) },
    Entry("sg-ips", 0.05, from: 0, to: 1) { linear(.subGaussian($0)) },
    Entry("sg-dr", 0.05, from: 0, to: 1) { linear(.subGaussian($0), model: true) },
    Entry("mips", linear(.grouped)),
    Entry("cressie-read", .cressieRead),
  ]

  /// How estimators that a log is enough for are written, for help texts; C and λ may be left out with the colon.
  package static let forms = catalog.filter {
    !OffPolicyEstimator(name: $0.word, form: $0.make($0.constant)).needsGroups
  }
  .map(\.form)

  /// Every estimator with its default constant.
  package static let all: [OffPolicyEstimator] = catalog.map {
    OffPolicyEstimator(name: $0.word, form: $0.make($0.constant))
  }

  /// The model alone.
  package static let model = OffPolicyEstimator(name: "dm", form: linear(.absent, model: true))

  private init(name: String, form: Form) {
    self.name = name
    self.form = form
  }

  /// Whether what it estimates is off by what the model or the weighting gets wrong, however many rows there are.
  package var isBiased: Bool {
    switch form {
    case .linear(.plain, _, _), .cressieRead: false
    case .linear: true
    }
  }

  /// Whether it needs the logger's probabilities of all LLMs, which a log of picks does not hold.
  package var needsGroups: Bool {
    if case .linear(.grouped, _, _) = form { true } else { false }
  }

  /// What the rows say; nil where no row has weight to go by, or the rows lack what the estimator needs.
  ///
  /// Cost some passes over the rows.
  package func estimate(_ rows: TargetRows) -> Linearization? {
    switch form {
    case .linear(let weighting, let usesModel, let isSelfNormalized):
      Linearization(
        rows, weighting: weighting, usesModel: usesModel, isSelfNormalized: isSelfNormalized)
    case .cressieRead:
      // Its error is that of the self-normalized mean to first order.
      CressieRead(rows).point.flatMap { point in
        Linearization(rows, weighting: .plain, usesModel: false, isSelfNormalized: true)?.moved(to: point)
      }
    }
  }
}
