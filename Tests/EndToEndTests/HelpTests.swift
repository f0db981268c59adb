import Foundation
import Testing

/// The whole help texts, as a user sees them.
@Suite struct HelpTests {
  /// Each command's words; its golden is `Help/<words joined by ->.txt`.
  static let commands = [
    "rs-data", "rs-data import", "rs-data import routereval", "rs-data import npz", "rs-data import csv",
    "rs-data import harness",
    "rs-data synth", "rs-data info", "rs-data verify", "rs-data embed", "rs-data fetch", "rs-data audit",
    "rs-data doctor",
    "rs-train", "rs-train --model mirt", "rs-train --model als", "rs-train --model bpr",
    "rs-train --model svd",
    "rs-train --model two-tower", "rs-train --model ridge", "rs-train --model kernel-ridge",
    "rs-train --model knn", "rs-train --model cluster", "rs-train --model gmm", "rs-train --model linear",
    "rs-train --model mlp", "rs-eval", "rs-eval benchmark", "rs-eval compare", "rs-eval report",
    "rs-coldstart",
    "rs-coldstart plan", "rs-coldstart ask", "rs-coldstart place", "rs-coldstart label",
    "rs-coldstart evaluate",
    "rs-coldstart report", "rs-debias", "rs-debias simulate", "rs-debias import", "rs-debias check",
    "rs-debias evaluate", "rs-debias report", "rs-debias spread", "rs-predict", "rs-export", "rs-bench",
  ]

  @Test(arguments: commands)
  func isExactly(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let name = words.joined(separator: "-")
    let golden = try #require(
      Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Help"))
    let expected = try String(contentsOf: golden, encoding: .utf8)
    for option in ["--help", "-h"] {
      let help = try Tool(words[0], Array(words.dropFirst()) + [option])
      #expect(help.status == 0)
      #expect(help.errors.isEmpty)
      #expect(help.output == expected, "\(command) \(option)")
    }
  }

  @Test func everyLineFitsATerminal() throws {
    for command in Self.commands {
      let words = command.split(separator: " ").map(String.init)
      let help = try Tool(words[0], Array(words.dropFirst()) + ["--help"])
      let examples = help.output.range(of: "Example")?.lowerBound ?? help.output.endIndex
      for line in help.output[..<examples].split(separator: "\n") {
        #expect(line.count <= 100, "\(command): \(line)")
      }
    }
  }
}
