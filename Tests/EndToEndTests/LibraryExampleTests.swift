import Testing

/// The program of docs/example, which sees of the package what a program outside sees.
@Suite struct LibraryExampleTests {
  @Test func trainsRoutesAndEvaluates() throws {
    let run = try Tool("library-example", try Sample.shared().data)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("query ") && $0.contains(": ") }.count == 3)
    for router in ["ridge", "knn"] {
      let line = try #require(lines.first { $0.contains(" \(router): μ ") })
      let mu = try #require(
        line.split(separator: "μ ").last?.split(separator: ",").first.flatMap { Double($0) })
      #expect((0...1).contains(mu))
    }
  }
}
