import CommandLineKit
import Foundation
import Synchronization

/// An output that keeps what was written.
final class Capture: Sendable {
  private let kept = Mutex("")
  var text: String { kept.withLock { $0 } }

  func output(isTerminal: Bool = false) -> TextOutput {
    TextOutput(isTerminal: isTerminal, buffered: true) { text in self.kept.withLock { $0 += text } }
  }
}

/// A command tree with an option of every kind.
enum Sample {
  enum Ties: String, CaseIterable { case mean, first }
  struct Refused: Error, CustomStringConvertible { let description: String }

  static let data = Option.string("data", placeholder: "DIR", help: "dataset folder")
  static let factors = Option.integer(
    "factors", placeholder: "K", default: 32, in: 1...4096,
    help: "number of factors of each query and each LLM, without the two biases")
  static let rate = Option.double(
    "learning-rate", placeholder: "R", default: 0.05, in: .leastNonzeroMagnitude...1, help: "step size")
  static let ties = Option.choice(
    "ties", placeholder: "RULE", of: Ties.self, default: .mean, help: "how ties break")
  static let router = Option.choice(
    "router", placeholder: "NAME", of: ["knn", "mlp"], help: "which router"
  ).optional()
  static let benchmarks = Option.list("benchmarks", placeholder: "NAMES", help: "only these benchmarks")
    .optional(meaning: "all of them")
  static let pools = Option.integers(
    "pools", placeholder: "M", default: [3, 5], in: 1...1000, help: "pool sizes")
  static let queries = Positional.many("QUERY", help: "a query to route")
  static let output = Positional.one("OUTPUT", help: "file to write")
  static let source = Positional.optional("SOURCE", help: "file to read")

  static func train(run: @escaping @Sendable (Arguments) throws -> Void = { _ in }) -> Command {
    Command(
      name: "rs-train", summary: "Train a router on a dataset folder.",
      options: [data, factors, rate, ties, router, benchmarks, pools] + CommonOptions.all,
      positional: [output, queries],
      examples: ["rs-train --data mmlu_pro/ --factors 16 model/ q1 q2", "rs-train --data arc/ model/ q1"],
      run: run)
  }

  static func tree(run: @escaping @Sendable (Arguments) throws -> Void = { _ in }) -> Command {
    let routereval = Command(
      name: "routereval", summary: "Read the published pickle files.", options: [data, CommonOptions.quiet],
      positional: [source], examples: ["rs-data import routereval --data out/ in/"], run: run)
    let info = Command(name: "info", summary: "Describe a dataset folder.", options: [data], run: run)
    let imports = Command(name: "import", summary: "Read other formats.", subcommands: [routereval])
    return Command(name: "rs-data", summary: "Make and inspect datasets.", subcommands: [imports, info])
  }

  /// A command that runs by itself and has a subcommand too.
  static func both(run: @escaping @Sendable (Arguments) throws -> Void = { _ in }) -> Command {
    Command(
      name: "rs-eval", summary: "Measure routers.", options: [data, factors],
      subcommands: [Command(name: "grid", summary: "Measure many.", options: [data], run: run)], run: run)
  }

  /// The member of a family of two that a line chooses.
  static func member(of arguments: inout [String]) -> Command {
    let model = Option.choice(
      "model", placeholder: "NAME", of: ["als", "svd"], default: "als", help: "what to train")
    let own = [
      "als": Option.integer("l2", placeholder: "L", default: 1, help: "penalty"),
      "svd": Option.integer("rank", placeholder: "R", default: 2, help: "rank"),
    ]
    return CommandFamily(
      chosenBy: "model",
      members: ["als", "svd"].map { word in
        (
          word,
          Command(
            name: "rs-train", summary: "Train.", options: [data, model] + [own[word]].compactMap { $0 },
            run: { _ in })
        )
      }
    ).member(of: &arguments)
  }

  /// The member of a line that doesn't change.
  static func member(of line: [String]) -> Command {
    var arguments = line
    return member(of: &arguments)
  }

  /// What running a command leaves behind.
  struct Result: Equatable {
    var status: Int32
    var output: String
    var errors: String
  }

  static func run(_ command: Command, _ arguments: String..., terminal: Bool = false) -> Result {
    let (output, errors) = (Capture(), Capture())
    let status = CommandRunner.run(
      command, version: "1.2", arguments: arguments, stdout: output.output(),
      stderr: StandardError(errors.output(isTerminal: terminal)))
    return Result(status: status, output: output.text, errors: errors.text)
  }
}
