import Testing

@Suite struct UsageTests {
  @Test(arguments: ["rs-data", "rs-train", "rs-eval", "rs-export", "rs-bench"])
  func versionAndHelp(name: String) throws {
    let version = try Tool(name, "--version")
    #expect(version.status == 0)
    #expect(version.output == "\(name) 0.1.0\n")
    let help = try Tool(name, "--help")
    #expect(help.status == 0)
    #expect(help.output.hasPrefix("Usage: \(name)"))
    #expect(help.errors.isEmpty)
  }
}
