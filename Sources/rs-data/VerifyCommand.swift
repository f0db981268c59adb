import CommandLineKit
import RoutingData

/// `rs-data verify`: hashes every file of a dataset folder again and checks what it holds.
enum VerifyCommand {
  static let folder = Positional.one("DIR", help: "dataset folder")

  static let command = Command(
    name: "verify", summary: "Check every file of a dataset folder against its hash and its meaning.",
    positional: [folder], examples: ["rs-data verify mmlu_pro/"]
  ) { arguments in
    let result = try DatasetFolder.verify(arguments[folder])
    guard let first = result.problems.first else {
      try StandardOutput.writeLine(
        "\(arguments[folder]): \(NumberFormatting.count(result.fileCount)) files, "
          + "\(NumberFormatting.bytes(result.byteCount)), all sound; hash \(result.hash)")
      return
    }
    for problem in result.problems.dropFirst() { try StandardOutput.writeLine("\(problem)") }
    throw first
  }
}
