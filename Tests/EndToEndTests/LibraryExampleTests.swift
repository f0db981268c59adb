import Testing

/// The program of docs/example, which sees of the package what a program outside sees.
@Suite struct LibraryExampleTests {
  @Test func trainsRoutesAndEvaluates() throws {
    let run = try Tool("library-example", try Sample.shared().data)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("query ") && $0.contains(": ") }.count == 3)
    #expect(lines.contains { $0.contains(" ridge: μ 0.") } && lines.contains { $0.contains(" knn: μ 0.") })
  }
}
