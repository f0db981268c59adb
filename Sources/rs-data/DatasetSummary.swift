import CommandLineKit
import RoutingData

/// One line that says what a dataset folder holds now.
enum DatasetSummary {
  static func line(_ dataset: Dataset, folder: String) -> String {
    let queries = dataset.benchmarks.reduce(0) { $0 + $1.queries.count }
    let responses = dataset.benchmarks.reduce(0) { $0 + $1.responses.observedCount }
    return "\(NumberFormatting.count(dataset.benchmarks.count)) benchmark(s), "
      + "\(NumberFormatting.count(dataset.catalog.count)) LLMs, \(NumberFormatting.count(queries)) queries, "
      + "\(NumberFormatting.count(responses)) responses; wrote \(folder)"
  }
}
