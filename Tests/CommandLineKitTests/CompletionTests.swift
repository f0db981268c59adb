import CommandLineKit
import Foundation
import Testing

/// What bash and zsh are given, run by themselves.
@Suite struct CompletionTests {
  /// What bash offers for the last word of a line.
  private func offers(_ command: Command, _ words: String...) throws -> [String] {
    let script =
      Sample.run(command, "--print-completion", "bash").output + """

        compopt() { :; }
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _\(words[0].replacingOccurrences(of: "-", with: "_"))
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    return try Self.run("/bin/bash", ["-c", script, "bash"] + words).split(separator: "\n").map(String.init)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: output, as: UTF8.self)
  }

  @Test func bashOffersSubcommandsThenTheirOptions() throws {
    let tree = Sample.tree()
    #expect(try offers(tree, "rs-data", "") == ["import", "info"])
    #expect(try offers(tree, "rs-data", "im") == ["import"])
    #expect(try offers(tree, "rs-data", "import", "r") == ["routereval"])
    #expect(
      try offers(tree, "rs-data", "import", "routereval", "--") == [
        "--data", "--quiet", "--help", "--version",
      ])
    #expect(try offers(tree, "rs-data", "info", "--d") == ["--data"])
    #expect(try offers(Sample.both(), "rs-eval", "--f") == ["--factors"], "a command with subcommands too")
  }

  @Test func bashOffersTheWordsOfAChoice() throws {
    let command = Sample.train()
    #expect(try offers(command, "rs-train", "--ties", "") == ["mean", "first"])
    #expect(try offers(command, "rs-train", "--ties", "=", "f") == ["first"])
    #expect(try offers(command, "rs-train", "--ties", "=") == ["mean", "first"])
    #expect(try offers(command, "rs-train", "--router", "k") == ["knn"])
    #expect(try offers(command, "rs-train", "--factors", "").isEmpty, "a number has no words")
    #expect(try offers(command, "rs-train", "--data", "/us").contains("/usr"))
    #expect(
      try !offers(command, "rs-train", "--data", "/etc/host").contains("/etc/hosts"), "a file is no folder")
  }

  @Test func bashOffersTheOptionsOfTheChosenMember() throws {
    let command = Sample.member(of: [])
    #expect(try offers(command, "rs-train", "--model", "svd", "--r") == ["--rank"])
    #expect(try offers(command, "rs-train", "--model", "=", "svd", "--l").isEmpty)
    #expect(try offers(command, "rs-train", "--l") == ["--l2"], "the first member is the default")
    #expect(try offers(command, "rs-train", "--model", "") == ["als", "svd"])
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zsh"), "no zsh here"))
  func zshUnderstandsItsFunctions() throws {
    for command in [Sample.tree(), Sample.train(), Sample.both(), Sample.member(of: [])] {
      let script = Sample.run(command, "--print-completion", "zsh").output
      #expect(script.hasPrefix("#compdef rs-"))
      #expect(try Self.run("/usr/bin/zsh", ["-n", "-c", script]).isEmpty)
    }
  }

  @Test func anUnknownShellIsAnUnknownOption() {
    #expect(Sample.run(Sample.train(), "--print-completion", "fish").status == 2)
  }
}
