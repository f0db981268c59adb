import RoutingData

/// A fit of one epoch: what is learned is found at once.
public struct SinglePassFit<Model: StorableRouter>: TrainingFit {
  /// What the pass found.
  public struct Solution: Sendable {
    let fitted: FittedModel<Model>
    let objective: Double

    /// A model, what was chosen for it, and the objective that it reached; 0 where nothing is minimised.
    public init(_ router: Model, chosen: [String: Double] = [:], objective: Double) {
      fitted = FittedModel(router, chosen: chosen)
      self.objective = objective
    }
  }

  private let solve: @Sendable () throws -> Solution
  private let read: @Sendable (TensorBundle) throws(DataError) -> Model
  private var solution: Solution?

  /// A fit that is still to be made; `read` makes the model of what its `contents` were saved as.
  public init(
    solve: @escaping @Sendable () throws -> Solution,
    read: @escaping @Sendable (TensorBundle) throws(DataError) -> Model
  ) {
    self.solve = solve
    self.read = read
  }

  /// The whole fit.
  public mutating func advance() throws -> Double {
    let solution = try solve()
    self.solution = solution
    return solution.objective
  }

  /// Whether the fit was made.
  public var isFinished: Bool { solution != nil }

  /// One.
  public var expectedEpochs: Double? { 1 }

  /// The model; there is none before the only epoch.
  public func model(isFinal: Bool) throws -> FittedModel<Model> {
    guard let solution else { preconditionFailure("a model before the fit") }
    return solution.fitted
  }

  /// The model, what was chosen and the objective; nothing before the fit.
  public var state: TensorBundle {
    guard let solution else { return TensorBundle() }
    let chosen = solution.fitted.chosen.sorted { $0.key < $1.key }
    var bundle = TensorBundle(
      numbers: ["objective": [solution.objective], "chosen": chosen.map(\.value)],
      texts: ["chosen": chosen.map(\.key)])
    bundle.put(solution.fitted.router.contents, under: "model")
    return bundle
  }

  /// Takes up a saved state.
  public mutating func restore(_ state: TensorBundle) throws(DataError) {
    guard state != TensorBundle() else {
      solution = nil
      return
    }
    let names = try state.texts("chosen")
    let chosen = zip(names, try state.numbers("chosen", count: names.count))
    solution = Solution(
      try read(state.part("model")), chosen: Dictionary(chosen) { first, _ in first },
      objective: try state.number("objective"))
  }
}
