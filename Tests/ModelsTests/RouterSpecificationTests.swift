import Baselines
import Learning
import RoutingData
import TestSupport
import Testing

@testable import Models

@Suite struct RouterSpecificationTests {
  /// How a router is come by, in words.
  private func recipe(_ router: RouterSpecification) throws -> String {
    switch router.recipe {
    case .known(let make):
      let table = try TableBenchmark.checkerboard()
      let router = try make([table.benchmark], table.catalog)
      return "known \(type(of: router)) \(router.name)"
        + ((router as? MixRouter).map { " of \($0.oracleShare)" } ?? "")
    case .model(let path): return "model \(path)"
    case .scores(let path, let meaning): return "\(meaning) \(path)"
    case .trained(let trainer): return try trained(trainer)
    }
  }

  /// The algorithm and the settings that are not the defaults.
  private func trained<T: Trainer>(_ trainer: T) throws -> String {
    let usual = T().settingTexts
    let changed = trainer.settingTexts.filter { usual[$0.key] != $0.value }
    return ([T.algorithm] + changed.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
      .joined(separator: ", ")
  }

  @Test(arguments: [
    ("oracle", "known OracleRouter oracle"), ("random", "known RandomRouter random"),
    ("best-single", "known BestSingleRouter best-single"), ("mix:0", "known MixRouter mix:0 of 0.0"),
    ("mix:0.5", "known MixRouter mix:0.5 of 0.5"), ("mix:1", "known MixRouter mix:1 of 1.0"),
    ("knn", "knn"), ("knn:10", "knn, neighbours 10"), ("cluster", "cluster"),
    ("cluster:8", "cluster, clusters 8"), ("gmm:2", "gmm, clusters 2"), ("linear", "linear"),
    ("linear:paper", "linear, preset paper"), ("mlp:fast", "mlp"), ("model:a:b", "model a:b"),
    ("scores:x.npz", "scores x.npz"), ("mlc:/y.npy", "logits /y.npy"),
  ])
  func reads(_ text: String, _ expected: String) throws {
    let router = try RouterSpecification(text)
    #expect(try recipe(router) == expected && router.text == text)
  }

  @Test func defaultsArePublishedOnes() {
    #expect(NearestNeighbourTrainer().neighbours == 5)
    #expect(
      ClusterTrainer<CentroidClusters>().clusters == 3 && ClusterTrainer<MixtureClusters>().clusters == 3)
    #expect(NetworkTrainer<LinearShape>().preset == .fast)
  }

  @Test(arguments: [
    ("knnn", "unknown router 'knnn'; there are: oracle, random, "), ("", "unknown router ''"),
    ("oracle:1", "'oracle' takes nothing after a colon"), ("knn:0", "whole number from 1 to 100000, not '0'"),
    ("cluster:x", "not 'x'"), ("mix", "the oracle's share from 0 to 1"), ("mix:1.5", "from 0 to 1"),
    ("mix:nan", "from 0 to 1"), ("mlp:slow", "one of fast, paper, not 'slow'"),
    ("model", "needs a path"), ("scores:", "needs a path"), ("=knn", "no name before '=', as in 'name=knn'"),
    ("a=oracle", "'oracle' goes by its own name, not by 'a'"), ("a=", "unknown router ''"),
  ])
  func refuses(_ text: String, _ reason: String) {
    let error = #expect(throws: DataError.self) { try RouterSpecification(text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("'\(text == "a=" ? "" : text)'") == true)
  }

  @Test(arguments: [
    ("oracle", "oracle"), ("mix:0.5", "mix:0.5"), ("knn:10", "knn:10"), ("a=knn:10", "a"),
    ("model:/x/mf", "mf"), ("model:/x/mf/", "mf"), ("model:../y/./mf/../b=c", "b=c"),
    ("a b=model:/x/mf", "a b"),
    ("a=model:b=c", "a"), ("scores:x/y.z.npz", "y.z"), ("mlc:/y.npy", "mlc"), ("é=scores:x.npz", "é"),
  ])
  func names(_ text: String, _ name: String) throws {
    let router = try RouterSpecification(text)
    #expect(router.name == name && router.text == text)
  }

  @Test func everyRouterOfAListHasItsOwnName() throws {
    let names = try RouterSpecification.list([
      "a=model:x/m", "model:y/m", "mlp", "mine=mlp", "scores:z/s.npz",
    ])
    .map(\.name)
    #expect(names == ["a", "m", "mlp", "mine", "s"])
    // Names are bytes: these two are two.
    #expect(try RouterSpecification.list(["\u{2126}=knn", "\u{03A9}=knn"]).count == 2)
    for (texts, reason) in [
      (["knn", "knn"], "router 'knn' is named twice"),
      (
        ["model:x/m", "model:y/m/"],
        "routers 'model:x/m' and 'model:y/m/' are both named 'm'; name one of them, as in 'mine=model:y/m/'"
      ),
      (
        ["model:x/oracle", "oracle"],
        "routers 'model:x/oracle' and 'oracle' are both named 'oracle'; name one of them, as in "
          + "'mine=model:x/oracle'"
      ),
      (
        ["mlp", "mlp=model:x"],
        "routers 'mlp' and 'mlp=model:x' are both named 'mlp'; name one of them, as in 'mine=model:x'"
      ),
      (["scores:a/s.npz", "scores:b/s.csv"], "are both named 's'"),
      (["mlc:a.npy", "mlc:b.npy"], "are both named 'mlc'"),
    ] {
      let error = #expect(throws: DataError.self) { try RouterSpecification.list(texts) }
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
  }

  @Test func onlyRoutersThatLookAtQueriesNeedEmbeddings() throws {
    let needing = try ["oracle", "mix:0.5", "scores:a", "knn", "model:m", "mlp"].filter {
      try RouterSpecification($0).needsEmbeddings
    }
    #expect(needing == ["knn", "model:m", "mlp"])
  }
}
