import FileFormats
import NumericKernels

@testable import RoutingData

/// Tables and archives of graded answers.
extension Reader {
  static let tables = [
    Reader("csv-import") { input, scratch in
      try use(CSVImporter.load(scratch.file("x.csv", input)).dataset)
    },
    Reader("npz-import") { input, scratch in
      try use(NPZImporter.load(scratch.file("x.npz", input)).dataset)
    },
  ]

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
      let holds =
        first.responses.dense().storage.elementsEqual(second.responses.dense().storage) {
          $0 == $1 || $0.isNaN && $1.isNaN
        } && first.split == second.split && dataset.llmNames(of: first) == again.llmNames(of: second)
      try Violation.unless(holds, "benchmark '\(first.name)' is read back differently")
      try Violation.unless(
        try first.loadPrompts() == second.loadPrompts(), "prompts are read back differently")
    }
  }
}
