import Recommenders
import RoutingData
import Testing

@Suite struct RouterSpecificationTests {
  @Test(arguments: [
    ("oracle", RouterSpecification.Kind.oracle), ("random", .random), ("best-single", .bestSingle),
    ("model:a:b", .model(path: "a:b")),
  ])
  func reads(_ text: String, _ kind: RouterSpecification.Kind) throws {
    let router = try RouterSpecification(text)
    #expect(router.kind == kind && router.text == text)
  }

  @Test(arguments: [
    ("knnn", "unknown router 'knnn'; there are: oracle, random, "), ("", "unknown router ''"),
    ("oracle:1", "'oracle' takes nothing after a colon"),
    ("model", "needs a path"), ("model:", "needs a path"),
  ])
  func refuses(_ text: String, _ reason: String) {
    let error = #expect(throws: DataError.self) { try RouterSpecification(text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func onlyRoutersThatLookAtQueriesNeedEmbeddings() throws {
    let needing = try ["oracle", "best-single", "model:m"].filter {
      try RouterSpecification($0).needsEmbeddings
    }
    #expect(needing == ["model:m"])
  }
}
