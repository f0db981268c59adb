@testable import FileFormats
import NumericKernels

@testable import RoutingData

/// Tables and archives of graded answers.
extension Reader {
  static let tables = [
    Reader("csv-import") { input, scratch in
      try use(CSVImporter.load(scratch.file("x.csv", input)).dataset)
    },
    Reader("wide-import") { input, scratch in
      for rows in WideRows.allCases {
        var options = ImportOptions(duplicates: .mean)
        options.wide = rows
        if rows == .queries, input.contains(UInt8(ascii: "|")) { options.columns.costSuffix = "|c" }
        try use(CSVImporter.load(scratch.file("x.csv", input), options: options).dataset)
      }
    },
    Reader("lines-import") { input, scratch in
      let options = ImportOptions(duplicates: .first, scale: 100)
      try use(CSVImporter.load(scratch.file("x.jsonl", input), options: options).dataset)
    },
    Reader("harness-import") { input, scratch in
      try use(HarnessImporter.load([scratch.file("samples_arc.jsonl", input)]).dataset)
    },
    Reader("llm-table") { input, scratch in
      let answers = try CSVImporter.load(scratch.file("x.csv", Array("query,llm,score\nq,a,1\n".utf8)))
      try use(ImportAdditions(llms: scratch.file("llms.csv", input)).applied(to: answers).dataset)
    },
    Reader("csv-columns") { input, _ in try columns(input) },
    Reader("npz-import") { input, scratch in
      try use(NPZImporter.load(scratch.file("x.npz", input)).dataset)
    },
  ]

  /// Columns read in small blocks are what the rows say.
  private static func columns(_ input: [UInt8]) throws {
    let reader = try CSVReader(region: ByteRegion(input), path: "x.csv")
    let all = Array(reader.header.indices)
    let reading = NumberReading(word: { Float($0) ?? .nan }, refusal: { _ in "" })
    let (texts, groups) = try reader.columns(
      named: all, numbers: [NumberColumns(all, as: reading)], blockSize: 8)
    let numbers = groups[0]
    var row = 0
    var isSame = true
    try reader.forEachRow { fields, _ in
      for (column, field) in fields.enumerated() {
        let number = numbers[row * all.count + column]
        let expected = Float(field) ?? .nan
        isSame =
          isSame && Name(texts[column][row]) == Name(field)
          && (number == expected || number.isNaN && expected.isNaN)
      }
      row += 1
    }
    try Violation.unless(isSame, "a row is read as another one")
    try Violation.unless(numbers.count == row * all.count, "another number of rows")
  }

  /// Uses an imported dataset as a command would: writes it, and reads back the same contents.
  static func use(_ dataset: Dataset) throws {
    let scratch = try Scratch()
    let folder = "\(scratch.path)/dataset"
    do {
      try DatasetFolder.write(dataset, to: folder)
    } catch let error as DataError {
      // A name that can't be part of a path is refused here, not before.
      throw error
    }
    let again = try DatasetFolder.open(folder)
    try Violation.unless(again.benchmarks.count == dataset.benchmarks.count, "another number of benchmarks")
    for (first, second) in zip(dataset.benchmarks, again.benchmarks) {
      func areEqual(_ left: Matrix?, _ right: Matrix?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.storage.elementsEqual(right.storage) { $0 == $1 || $0.isNaN && $1.isNaN }
      }
      let holds =
        areEqual(first.responses.dense(), second.responses.dense()) && areEqual(first.costs, second.costs)
        && first.split == second.split && dataset.llmNames(of: first) == again.llmNames(of: second)
      try Violation.unless(holds, "benchmark '\(first.name)' is read back differently")
      try Violation.unless(
        try first.loadPrompts() == second.loadPrompts(), "prompts are read back differently")
    }
  }
}
