import FileFormats

@testable import CommandLineKit

/// Lines and words.
extension Reader {
  static let texts = [
    Reader("csv") { input, _ in try csv(input, separator: ",") },
    Reader("tsv") { input, _ in try csv(input, separator: "\t") },
    Reader("json-lines") { input, _ in
      try JSONLines.forEach([String: Int?].self, region: ByteRegion(input), path: "x.jsonl") { _, _ in }
    },
    Reader("arguments") { input, _ in try arguments(String(decoding: input, as: UTF8.self)) },
  ]

  /// Rows that were read are written and read again: they stay what they were.
  private static func csv(_ input: [UInt8], separator: Character) throws {
    let reader = try CSVReader(region: ByteRegion(input), path: "x.csv", separator: separator)
    var rows = [reader.header]
    try reader.forEachRow { fields, _ in rows.append(fields) }
    _ = try reader.column("score")
    let text = rows.map { CSVRow.text($0, separator: separator) }.joined()
    let again = try CSVReader(region: ByteRegion(Array(text.utf8)), path: "x.csv", separator: separator)
    var others = [again.header]
    try again.forEachRow { fields, _ in others.append(fields) }
    try Violation.unless(rows == others, "rows that were written and read again differ")
  }

  /// Words, one a line, for a command with an option of every kind.
  private static func arguments(_ text: String) throws {
    let words = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    switch ArgumentParser.parse(words, for: command) {
    case .run(let command, let arguments): try command.run(arguments)
    case .help, .version, .manual, .completion: break
    case .failure(let error, _): throw error
    }
  }

  private static let name = Option.string("data", placeholder: "DIR", help: "a folder").optional()
  private static let count = Option.integer(
    "count", placeholder: "K", default: 3, in: 1...64, help: "a number")
  private static let rate = Option.double(
    "rate", placeholder: "R", default: 0.5, in: .leastNonzeroMagnitude...1, help: "a share")
  private static let rule = Option.choice(
    "rule", placeholder: "RULE", of: ["mean", "first"], help: "a choice"
  )
  .optional()
  private static let names = Option.list("names", placeholder: "NAMES", help: "texts").optional()
  private static let sizes = Option.integers(
    "sizes", placeholder: "M", default: [3], in: 1...1000, help: "numbers")
  private static let quiet = Option.flag("quiet", help: "no progress")
  private static let output = Positional.one("OUTPUT", help: "a file")
  private static let more = Positional.many("MORE", help: "words")

  private static let command: Command = {
    let run = Command(
      name: "run", summary: "Run.", options: [name, count, rate, rule, names, sizes, quiet],
      positional: [output, more]
    ) { arguments in
      try Violation.unless((1...64).contains(arguments[count]), "a count outside its range")
      try Violation.unless(arguments[rate] > 0 && arguments[rate] <= 1, "a rate outside its range")
      try Violation.unless(
        arguments[sizes].allSatisfy { (1...1000).contains($0) }, "a size outside its range")
      try Violation.unless(arguments[names]?.contains("") != true, "an empty name")
      _ = (arguments[name], arguments[rule], arguments[quiet], arguments[output], arguments[more])
    }
    let list = Command(name: "list", summary: "List.", options: [quiet]) { _ in }
    return Command(name: "fuzz", summary: "Choose.", subcommands: [run, list])
  }()
}
