import FileFormats

@testable import RoutingData

/// Logs of routed queries: the table of a dataset folder, and what people have.
extension Reader {
  static let logs = [
    Reader("log-table") { input, scratch in
      let path = try scratch.file("x.csv", input)
      let benchmark = try SmallDataset.binary()
      var builder = LogBuilder(
        benchmark, llms: [1, 0, 2], names: ["a", "b", "c", "d"],
        queries: .rows(count: benchmark.queries.count),
        path: path)
      try LogTable(CSVReader(path: path)).forEachRow { (row, line) throws(FileError) in
        try builder.add(row, line: line)
      }
      _ = try builder.log(named: "log").remarks
    },
    // Each format looks at every input, whatever its first line says.
    Reader("log-import") { input, scratch in
      let path = try scratch.file("x.log", input)
      let benchmark = try SmallDataset.binary()
      let dataset = try Dataset(catalog: LLMCatalog(names: ["a", "b", "c", "d"]), benchmarks: [benchmark])
      var refusal: (any Error)?
      var wasRead = false
      for format in LogFormat.allCases {
        do {
          let result = try LogImporter(path, format: format).load(
            named: "log", of: benchmark, in: dataset, llms: ["a", "d"])
          try use(result.dataset)
          wasRead = true
        } catch let error as FileError {
          refusal = error
        } catch let error as DataError {
          refusal = error
        }
      }
      if let refusal, !wasRead { throw refusal }
    },
  ]
}
