import CommandLineKit
import Testing

@Suite struct CommandFamilyTests {
  private func run(_ words: String...) -> Sample.Result {
    var arguments = words
    let command = Sample.member(of: &arguments)
    let (output, errors) = (Capture(), Capture())
    let status = CommandRunner.run(
      command, version: "1.2", arguments: arguments, stdout: output.output(),
      stderr: StandardError(errors.output()))
    return Sample.Result(status: status, output: output.text, errors: errors.text)
  }

  @Test(arguments: [["--model", "als"], ["--model=als"], []])
  func anOptionChoosesTheMember(words: [String]) {
    var arguments = words + ["--data", "d", "--l2", "2"]
    let errors = Capture()
    let status = CommandRunner.run(
      Sample.member(of: &arguments), version: "1", arguments: arguments, stdout: Capture().output(),
      stderr: StandardError(errors.output()))
    #expect(status == 0, "\(errors.text)")
  }

  @Test func anOptionOfAnotherMemberIsNamedAsThat() {
    #expect(
      run("--data", "d", "--model", "svd", "--l2", "2").errors
        == "rs-train: svd has no '--l2'; als has\nTry 'rs-train --help' for more information.\n")
    #expect(run("--model", "als", "--rank=2").errors.hasPrefix("rs-train: als has no '--rank'; svd has\n"))
    #expect(
      run("--model", "svd", "--l3", "2").errors.hasPrefix("rs-train: unknown option '--l3'\n"),
      "an option that nobody has is a slip")
  }

  @Test func oneDashForTwoIsASlipOfTheMemberItself() {
    #expect(run("--model", "als", "-l2", "4").errors.contains("unknown option '-l2'; did you mean '--l2'?"))
  }

  @Test func helpOfAnUnknownMemberNamesTheMistake() {
    let result = run("--model", "sdv", "--help")
    #expect(result.status == 2)
    #expect(result.errors.contains("'--model' needs one of als, svd, not 'sdv'"))
  }

  @Test func whatStandsAfterTheOptionsChoosesNothing() {
    #expect(run("--data", "d", "--", "--model", "svd").errors.hasPrefix("rs-train: unexpected argument"))
  }
}
