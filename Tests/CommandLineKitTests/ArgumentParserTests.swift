import CommandLineKit
import Synchronization
import Testing

@Suite struct ArgumentParserTests {
  /// The arguments that the sample command sees, or a failed test.
  func arguments(_ words: String...) throws -> Arguments {
    let seen = Mutex<Arguments?>(nil)
    let errors = Capture()
    let status = CommandRunner.run(
      Sample.train { arguments in seen.withLock { $0 = arguments } }, version: "1.2", arguments: words,
      stdout: Capture().output(), stderr: StandardError(errors.output()))
    #expect(status == 0, "\(errors.text)")
    return try #require(seen.withLock { $0 })
  }

  @Test func defaults() throws {
    let seen = try arguments("--data", "arc", "model", "q1")
    #expect(seen[Sample.data] == "arc")
    #expect(seen[Sample.factors] == 32)
    #expect(seen[Sample.rate] == 0.05)
    #expect(seen[Sample.ties] == .mean)
    #expect(seen[Sample.router] == nil)
    #expect(seen[Sample.benchmarks] == nil)
    #expect(seen[Sample.pools] == [3, 5])
    #expect(seen[CommonOptions.seed] == 0)
    #expect(seen[CommonOptions.threads] == nil)
    #expect(!seen[CommonOptions.json])
    #expect(!seen.isGiven(Sample.factors))
    #expect(seen.commandPath == "rs-train")
  }

  @Test func everyKindBothWaysOfWriting() throws {
    let seen = try arguments(
      "--data=a=b", "--factors", "4096", "--learning-rate=1e-3", "model", "--ties", "first", "--router=mlp",
      "--benchmarks", "arc,gpqa", "--pools=10,1000", "--threads=2", "--json", "--json", "q1")
    #expect(seen[Sample.data] == "a=b")
    #expect(seen[Sample.factors] == 4096)
    #expect(seen[Sample.rate] == 0.001)
    #expect(seen[Sample.ties] == .first)
    #expect(seen[Sample.router] == "mlp")
    #expect(seen[Sample.benchmarks] == ["arc", "gpqa"])
    #expect(seen[Sample.pools] == [10, 1000])
    #expect(seen[CommonOptions.threads] == 2)
    #expect(seen[CommonOptions.json])
    #expect(seen.isGiven(Sample.factors))
    #expect(seen[Sample.output] == "model")
    #expect(seen[Sample.queries] == ["q1"])
  }

  @Test func twoDashesEndTheOptions() throws {
    let seen = try arguments("--data", "arc", "model", "--", "--json", "-h", "--", "-")
    #expect(seen[Sample.queries] == ["--json", "-h", "--", "-"])
    #expect(!seen[CommonOptions.json])
    #expect(try arguments("--data=--", "-", "q")[Sample.output] == "-")
    #expect(try arguments("--data", "-1", "-", "q")[Sample.data] == "-1")
  }

  @Test(arguments: [
    (["--fator", "3"], "unknown option '--fator'; did you mean '--factors'?"),
    (["--bench=arc"], "unknown option '--bench'; did you mean '--benchmarks'?"),
    (["-factors", "3"], "unknown option '-factors'; did you mean '--factors'?"),
    (["--hlep"], "unknown option '--hlep'; did you mean '--help'?"),
    (["--nonsense"], "unknown option '--nonsense'"),
    (["--=3"], "unknown option '--'"),
    (["--factors"], "option '--factors' needs a value"),
    (["--data", "--json"], "option '--data' needs a value"),
    (["--data="], "option '--data' needs a value, not ''"),
    (["--factors", "4097"], "option '--factors' needs a whole number from 1 to 4096, not '4097'"),
    (["--factors", "3.5"], "option '--factors' needs a whole number from 1 to 4096, not '3.5'"),
    (["--seed", "-1"], "option '--seed' needs a whole number of at least 0, not '-1'"),
    (
      ["--seed", "99999999999999999999"],
      "option '--seed' needs a whole number of at least 0, not '99999999999999999999'"
    ),
    (
      ["--learning-rate", "0"],
      "option '--learning-rate' needs a finite number above 0 and at most 1, not '0'"
    ),
    (
      ["--learning-rate", "nan"],
      "option '--learning-rate' needs a finite number above 0 and at most 1, not 'nan'"
    ),
    (["--ties", "last"], "option '--ties' needs one of mean, first, not 'last'"),
    (["--router", "svm"], "option '--router' needs one of knn, mlp, not 'svm'"),
    (["--benchmarks", "arc,"], "option '--benchmarks' needs values separated by commas, not 'arc,'"),
    (
      ["--pools", "3,x"],
      "option '--pools' needs whole numbers from 1 to 1000, separated by commas, not '3,x'"
    ),
    (
      ["--pools", "3,1001"],
      "option '--pools' needs whole numbers from 1 to 1000, separated by commas, not '3,1001'"
    ),
    (["--json=yes"], "option '--json' takes no value"),
    (["--factors", "3", "--factors=4"], "option '--factors' is given twice"),
    (["model", "q1"], "missing option '--data'"),
    (["--data", "arc"], "missing argument OUTPUT"),
    (["--data", "arc", "model"], "missing argument QUERY"),
  ])
  func usageErrors(_ words: [String], _ message: String) {
    let errors = Capture()
    let status = CommandRunner.run(
      Sample.train { _ in Issue.record("ran") }, version: "1.2", arguments: words, stdout: Capture().output(),
      stderr: StandardError(errors.output()))
    #expect(status == 2)
    #expect(errors.text == "rs-train: \(message)\nTry 'rs-train --help' for more information.\n")
  }

  @Test func unboundedNumbersSayOnlyWhatTheyNeed() {
    let shift = Option.double("shift", placeholder: "X", help: "")
    let most = Option.double("most", placeholder: "X", in: -.infinity...2.5, help: "").optional()
    let any = Option.integer("any", placeholder: "N", in: .min ... .max, help: "").optional()
    let command = Command(name: "x", summary: "", options: [shift, most, any]) { arguments in
      try StandardOutput.write("\(arguments[shift])")
    }
    #expect(Sample.run(command, "--shift", "-1.5").output == "-1.5")
    #expect(
      Sample.run(command, "--shift", "inf").errors.hasPrefix("x: option '--shift' needs a finite number, not")
    )
    #expect(Sample.run(command, "--most", "3").errors.contains("a finite number of at most 2.5, not '3'"))
    #expect(Sample.run(command, "--any", "x").errors.contains("needs a whole number, not 'x'"))
  }

  @Test func aCommandRunsByItselfUnlessTheFirstWordIsASubcommand() {
    let paths = Mutex<[String]>([])
    let command = Sample.both { arguments in paths.withLock { $0.append(arguments.commandPath) } }
    #expect(Sample.run(command, "--data", "grid").status == 0)
    #expect(Sample.run(command, "grid", "--data", "arc").status == 0)
    #expect(paths.withLock { $0 } == ["rs-eval", "rs-eval grid"])
    let wrong = Sample.run(command, "gird", "--data", "arc")
    #expect(wrong.status == 2 && wrong.errors.contains("unknown subcommand 'gird'; did you mean 'grid'?"))
    #expect(Sample.run(command).errors.contains("missing option '--data'"))
  }

  @Test func subcommands() {
    let tree = Sample.tree { arguments in
      try StandardOutput.write(arguments.commandPath + " " + arguments[Sample.data])
    }
    #expect(Sample.run(tree, "import", "routereval", "--data", "x").output == "rs-data import routereval x")
    #expect(Sample.run(tree, "info", "--data=y").output == "rs-data info y")
    #expect(
      Sample.run(tree, "imprt").errors
        == "rs-data: unknown subcommand 'imprt'; did you mean 'import'?\n"
        + "Try 'rs-data --help' for more information.\n")
    #expect(
      Sample.run(tree, "import", "csv").errors
        == "rs-data: unknown subcommand 'csv'\nTry 'rs-data import --help' for more information.\n")
    #expect(Sample.run(tree).errors.hasPrefix("rs-data: missing subcommand; choose from import, info\n"))
    #expect(
      Sample.run(tree, "--vrsion").errors.hasPrefix(
        "rs-data: unknown option '--vrsion'; did you mean '--version'?"))
    let extra = Sample.run(tree, "import", "routereval", "--data", "x", "in", "more")
    #expect(
      extra.errors
        == "rs-data: unexpected argument 'more'\nTry 'rs-data import routereval --help' for more information.\n"
    )
    #expect(extra.status == 2)
  }
}
