import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// Costs of answers in a dataset folder.
@Suite struct CostFolderTests {
  let scratch: ScratchFolder
  var folder: String { scratch.file("data") }

  init() throws {
    scratch = try ScratchFolder()
    try DatasetFolder.write(SmallDataset.whole(), to: scratch.file("data"))
  }

  @Test func costsAreWhatTheyWere() throws {
    let old = try #require(try SmallDataset.binary().costs)
    let opened = try DatasetFolder.open(folder)
    let costs = try #require(opened.benchmarks[0].costs)
    #expect(costs.storage.map(\.bitPattern) == old.storage.map(\.bitPattern))
    #expect(opened.benchmarks[0].knownCostCount == 14 && opened.benchmarks[1].knownCostCount == nil)
    #expect(try NPY.read(scratch.file("data/costs/alpha.npy")).elementType == .float32)
  }

  /// A folder without costs says nothing of them, so that its hash is that of folders from before there were any.
  @Test func withoutCostsNothingIsSaid() throws {
    let whole = try SmallDataset.whole()
    let bare = try whole.with(benchmarks: whole.benchmarks.map { try $0.with(costs: .some(nil)) })
    let path = scratch.file("bare")
    try DatasetFolder.write(bare, to: path)
    let text = String(decoding: try scratch.bytes("bare/dataset.json"), as: UTF8.self)
    #expect(!text.contains("cost"))
    #expect(try DatasetFolder.open(path).benchmarks.allSatisfy { $0.costs == nil })
  }

  @Test(arguments: [-0.5, Float.infinity, -Float.infinity])
  func costsOutOfRange(value: Float) throws {
    var costs = try #require(try SmallDataset.binary().costs)
    costs[3, 1] = value
    try DatasetDamageTests.replace("costs/alpha.npy", in: folder) {
      try NPY.write(NDArray(matrix: costs), to: $0)
    }
    let message =
      "\(folder)/costs/alpha.npy: row 3, column 1: cost \(value), expected a number from 0 on, or NaN where it is not "
      + "known: import the benchmark again"
    #expect(failure { _ = try DatasetFolder.open(folder) } == message)
    #expect(try DatasetFolder.verify(folder).problems.map(\.description) == [message])
  }

  @Test func costsOfAnotherShapeOrType() throws {
    func refused(_ array: NDArray) throws -> String? {
      try DatasetDamageTests.replace("costs/alpha.npy", in: folder) { try NPY.write(array, to: $0) }
      return failure { _ = try DatasetFolder.open(folder) }
    }
    let name = "\(folder)/costs/alpha.npy"
    #expect(
      try refused(NDArray(matrix: Matrix(rows: 3, columns: 5)))
        == "\(name): shape (3, 5), dataset.json says (5, 3)")
    #expect(
      try refused(NDArray(doubles: Array(repeating: 1, count: 15), shape: [5, 3]))
        == "\(name): expected type f4, found f8")
  }
}
