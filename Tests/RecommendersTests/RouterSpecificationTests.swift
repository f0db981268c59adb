import Recommenders
import RoutingData
import Testing

@Suite struct RouterSpecificationTests {
  @Test(arguments: [
    ("oracle", RouterSpecification.Kind.oracle), ("random", .random), ("best-single", .bestSingle),
    ("mix:0", .mix(oracleShare: 0)), ("mix:0.5", .mix(oracleShare: 0.5)), ("mix:1", .mix(oracleShare: 1)),
    ("knn", .knn(neighbours: 5)), ("knn:10", .knn(neighbours: 10)), ("cluster", .cluster(count: 3)),
    ("cluster:8", .cluster(count: 8)), ("gmm:2", .gmm(count: 2)), ("linear", .linear(.fast)),
    ("linear:paper", .linear(.paper)), ("mlp:fast", .mlp(.fast)), ("model:a:b", .model(path: "a:b")),
    ("scores:x.npz", .scores(path: "x.npz")), ("mlc:/y.npy", .mlc(path: "/y.npy")),
  ])
  func reads(_ text: String, _ kind: RouterSpecification.Kind) throws {
    let router = try RouterSpecification(text)
    #expect(router.kind == kind && router.text == text)
  }

  @Test(arguments: [
    ("knnn", "unknown router 'knnn'; there are: oracle, random, "), ("", "unknown router ''"),
    ("oracle:1", "'oracle' takes nothing after a colon"), ("knn:0", "whole number from 1 to 100000, not '0'"),
    ("cluster:x", "not 'x'"), ("mix", "the oracle's share from 0 to 1"), ("mix:1.5", "from 0 to 1"),
    ("mix:nan", "from 0 to 1"), ("mlp:slow", "presets fast and paper, not 'slow'"),
    ("model", "needs a path"), ("scores:", "needs a path"),
  ])
  func refuses(_ text: String, _ reason: String) {
    let error = #expect(throws: DataError.self) { try RouterSpecification(text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func onlyRoutersThatLookAtQueriesNeedEmbeddings() throws {
    let needing = try ["oracle", "mix:0.5", "scores:a", "knn", "model:m", "mlp"].filter {
      try RouterSpecification($0).needsEmbeddings
    }
    #expect(needing == ["knn", "model:m", "mlp"])
  }
}
