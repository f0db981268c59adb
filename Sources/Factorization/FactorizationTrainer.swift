import Learning

/// What all trainers of penalized factors by sweeps can be told.
package struct FactorizationOptions: Equatable, Sendable {
  /// The number of latent factors, k; at most as many as there are LLMs or train queries are used.
  package var factors = 32
  /// λ of the factors.
  package var l2 = Choice.auto
  /// λ of the biases.
  package var biasL2 = 0.1
  /// The ridge on the weights of the embedding map.
  package var ridge = Choice.auto
  /// The largest number of sweeps of a fit.
  package var maximumSweeps: Int
  /// A sweep that lowers the objective by less than this share of it is the last.
  package var tolerance = 1e-5
}

/// A trainer of penalized factors by sweeps, with a map from embeddings to query factors.
package protocol FactorizationTrainer: Trainer where Fit == FactorizationFit {
  /// The settings that all of them have.
  var options: FactorizationOptions { get set }

  /// The grid that `auto` chooses the penalty from, strongest first.
  static var l2Grid: [Double] { get }
}

extension FactorizationTrainer {
  /// The settings of the factors and penalties.
  static var factorSettings: [Setting<Self>] {
    [
      .integer(
        "factors", \.options.factors, placeholder: "K", in: 1...4096, help: "number of latent factors",
        search: .words(["4", "8", "16", "32", "64"])),
      .choice(
        "l2", \.options.l2, help: "penalty on the factors; auto chooses on the validation queries",
        search: .logUniform(0.3, 100)),
      .choice(
        "ridge", \.options.ridge,
        help:
          "ridge of the map from standardized embeddings, whose typical length is 1, to query factors; auto "
          + "chooses by validation log-loss"),
      .number(
        "bias-l2", \.options.biasL2, in: .positive, help: "penalty on the biases",
        search: .logUniform(0.01, 10)),
    ]
  }

  /// The settings of when to stop.
  static var sweepSettings: [Setting<Self>] {
    [
      .integer(
        "max-sweeps", \.options.maximumSweeps, in: 1...100_000, help: "sweeps of a fit at most"),
      .number(
        "tolerance", \.options.tolerance, in: .from(0, to: 1),
        help: "stop when a sweep lowers the objective by less than this share"),
    ]
  }

  /// It can: queries have factors of their own.
  package static var learnsWithoutEmbeddings: Bool { true }

  /// The largest number of sweeps.
  package var maximumEpochs: Int { options.maximumSweeps }

  /// A trainer for each penalty of the grid, where it is to be chosen.
  package var candidates: [Self] {
    guard options.l2 == .auto else { return [self] }
    return Self.l2Grid.map { value in
      var candidate = self
      candidate.options.l2 = .fixed(value)
      return candidate
    }
  }

  /// λ of the factors, which a fit needs as a number.
  var fixedL2: Float {
    guard let l2 = options.l2.fixed else { preconditionFailure("a penalty that is still to be chosen") }
    return Float(l2)
  }

  /// The sweeps of a solver.
  func sweeps(of solver: any FactorSolver) -> AcceleratedSweeps {
    AcceleratedSweeps(solver: solver, maximumSweeps: options.maximumSweeps, tolerance: options.tolerance)
  }
}
