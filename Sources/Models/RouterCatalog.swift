import Baselines
import Learning
import RoutingData

/// The kinds of routers there are, as `--routers` names them.
///
/// A new one is a line here; a trainer of routers of one pool needs only its line in `TrainerCatalog`.
public enum RouterCatalog {
  static let all: [RouterKind] =
    [
      .plain("oracle", needsAnswers: true) { OracleRouter($0, catalog: $1) },
      .plain("random") { _, _ in RandomRouter() },
      .plain("best-single") { BestSingleRouter($0, catalog: $1) },
      RouterKind(word: "mix", form: "mix:P", needsEmbeddings: false, needsAnswers: true) {
        argument, text throws(DataError) in
        guard let argument, let share = Double(argument), (0...1).contains(share) else {
          throw DataError("router '\(text)': 'mix' needs the oracle's share from 0 to 1, as in 'mix:0.5'")
        }
        return .known { try MixRouter(oracleShare: share, name: text, $0, catalog: $1) }
      },
    ] + TrainerCatalog.all.filter { $0.scope == .pool }.map(trained) + [
      .path("model", "DIR", needsEmbeddings: true) { .model(path: $0) },
      .path("scores", "FILE", needsEmbeddings: false) { .scores(path: $0, .scores) },
      .path("mlc", "FILE", needsEmbeddings: false) { .scores(path: $0, .logits) },
    ]

  private static func trained(_ type: any Trainer.Type) -> RouterKind {
    func kind<T: Trainer>(_ type: T.Type) -> RouterKind { .trained(type) }
    return kind(type)
  }

  /// How routers are written, for help texts.
  public static let forms: [String] = all.map(\.form)
}
