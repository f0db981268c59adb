import FileFormats
import Foundation
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Prediction

@Suite struct PredictionArraysTests {
  private static let known = Predictions(
    scores: Scores(Matrix([[1, 2], [3, 4]]), probabilities: Matrix([[0.25, 0.1], [0.3, 1]])),
    errors: Matrix([[0.01, 0.02], [0.03, 0.04]]), propensities: Matrix([[0.2, 0.8], [0.7, 0.3]]),
    worths: Matrix([[1, 2], [3, 4]]))
  private static let ranked = Predictions(
    scores: Scores(Matrix([[1, 2], [3, 4]])), errors: nil, propensities: Matrix([[0, 1], [1, 0]]),
    worths: Matrix([[1, 2], [3, 4]]))

  /// The arrays of two queries.
  private func filled(_ predictions: Predictions) throws -> PredictionArrays {
    let arrays = PredictionArrays(candidates: Candidates(["big", "small\0"], costs: [2, 0.5]))
    for row in 0..<2 { try arrays.add(predictions, row: row, query: "q\(row)", pick: 1 - row) }
    return arrays
  }

  private func entries(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
  }

  @Test func anArchiveHoldsAllThatIsSaid() throws {
    let folder = try TemporaryFolder()
    let arrays = try filled(Self.known)
    let notes = try arrays.write(.npz, to: folder["p.npz"])
    #expect(notes.count == 1, "a zero byte that numpy would lose")
    let archive = try NPZ.open(folder["p.npz"])
    #expect(
      archive.names == [
        "queries", "llms", "probabilities", "standard_errors", "picks", "propensities", "costs",
      ])
    #expect(try archive.array(named: "queries").strings() == ["q0", "q1"])
    #expect(try archive.array(named: "llms").strings() == ["big", "small_"])
    #expect(try archive.array(named: "probabilities").matrix() == Self.known.scores.probabilities)
    #expect(try archive.array(named: "standard_errors").matrix() == Self.known.errors)
    #expect(try archive.array(named: "picks").integers() == [1, 0])
    #expect(try archive.array(named: "propensities").floats() == [0.8, 0.7])
    #expect(try archive.array(named: "costs").doubles() == [2, 0.5])
  }

  @Test func anArrayHoldsThePredictedResponses() throws {
    let folder = try TemporaryFolder()
    let arrays = try filled(Self.known)
    #expect(try arrays.write(.npy, to: folder["p.npy"]).isEmpty)
    #expect(try NPY.read(folder["p.npy"]).matrix() == Self.known.scores.probabilities)
  }

  @Test func whatAModelDoesNotSayIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let arrays = try filled(Self.ranked)
    _ = try arrays.write(.npz, to: folder["p.npz"])
    #expect(
      try NPZ.open(folder["p.npz"]).names == ["queries", "llms", "picks", "propensities", "costs"])
    #expect(throws: FileError.self) { try arrays.write(.npy, to: folder["p.npy"]) }
    #expect(try entries(folder) == ["p.npz"])
  }

  @Test func tooManyAreRefusedBeforeTheyAreTaken() throws {
    let arrays = PredictionArrays(candidates: Candidates(["a", "b"]), limit: 3)
    try arrays.add(Self.known, row: 0, query: "q0", pick: 0)
    #expect(throws: DataError.self) { try arrays.add(Self.known, row: 1, query: "q1", pick: 0) }
  }

  @Test(
    arguments: [
      ("p.npz", .npz), ("a.csv/p.npy", .npy), ("p.jsonl", .jsonl), ("p.csv", .csv), ("p.txt", nil),
    ] as [(String, PredictionFormat?)])
  func anEndingNamesTheFormat(path: String, format: PredictionFormat?) {
    #expect(PredictionFormat(endingOf: path) == format)
  }

  @Test func rowsOfAFileAreThereAsAWholeOrNotAtAll() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    let table = PredictionTable(.pick, isCSV: true, candidates: Candidates(["a", "b"]))
    #expect(throws: Stop.self) {
      try PredictionLines.write(table, to: folder["p.csv"]) { lines in
        try lines.add(Self.known, row: 0, query: "q", pick: 0)
        throw Stop()
      }
    }
    #expect(try entries(folder).isEmpty)
    try PredictionLines.write(table, to: folder["p.csv"]) { lines in
      for row in 0..<2 { try lines.add(Self.known, row: row, query: "q\(row)", pick: row) }
    }
    let text = try String(contentsOfFile: folder["p.csv"], encoding: .utf8)
    #expect(
      text == """
        query,llm,picked,probability,standard_error,propensity,cost
        q0,a,1,0.25,0.01,0.2,
        q1,b,1,1.0,0.04,0.3,

        """)
  }
}
