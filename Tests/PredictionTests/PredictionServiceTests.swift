import FileFormats
import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import Prediction

@Suite struct PredictionServiceTests {
  private struct Answer: Decodable {
    var id: String?
    var pick: String?
    var propensity: Double?
    var cost: Double?
    var probabilities: [String: Float]?
    var error: String?
  }

  private func service(rule: PickRule = PickRule(), log: PickLog? = nil) throws -> PredictionService {
    let model = try SmallModel.make()
    return try PredictionService(
      model, rule: rule, encoding: QueryEncoding(nil, of: model), log: log, seed: 3, clock: { 12.5 })
  }

  private func answer(_ service: PredictionService, _ line: String) throws -> Answer {
    let text = try service.answer(to: line)
    return try JSONDecoder().decode(Answer.self, from: Data(try #require(text).utf8))
  }

  @Test func aLineIsAnswered() throws {
    let answer = try answer(service(), #"{"id": 7, "embedding": [2, 0]}"#)
    #expect(answer.id == "7" && answer.pick == "small" && answer.propensity == 1 && answer.error == nil)
    #expect(answer.probabilities?.count == 3)
    let top = try self.answer(
      service(), #"{"id": "q", "embedding": [2, 0], "llms": ["bad", "big"], "top": 1}"#)
    #expect(top.pick == "big" && Array((top.probabilities ?? [:]).keys) == ["big"])
  }

  @Test(arguments: [
    ("{", "is not JSON"), ("[1]", "is no JSON object"), (#"{"embedding": [1, 2]}"#, #""id" is missing"#),
    (#"{"id": "a"}"#, #""text" or "embedding" is missing"#),
    (#"{"id": "a", "embedding": [1, 2], "text": "x"}"#, "two ways"),
    (#"{"id": "a", "embedding": [1]}"#, "embeddings of 1 dimensions"),
    (#"{"id": "a", "embedding": []}"#, "finite numbers"),
    (#"{"id": "a", "embedding": [1e39, 1]}"#, "finite numbers"),
    (#"{"id": "a", "embedding": "x"}"#, #""embedding" has another type"#),
    (#"{"id": "a", "text": "x"}"#, "nothing turns texts into embeddings"),
    (#"{"id": "a", "embedding": [1, 2], "llm": ["big"]}"#, #"unknown key "llm""#),
    (#"{"id": "a", "embedding": [1, 2], "llms": ["gpt"]}"#, "LLM 'gpt' is none of the 3"),
    (#"{"id": "a", "embedding": [1, 2], "llms": []}"#, "no LLM"),
    (#"{"id": "a", "embedding": [1, 2], "policy": "best"}"#, "policy 'best'"),
    (#"{"id": "a", "embedding": [1, 2], "price": -1}"#, #""price" must be"#),
    (#"{"id": "a", "embedding": [1, 2], "price": 1}"#, "needs costs"),
    (#"{"id": "a", "embedding": [1, 2], "top": 0}"#, #""top" must be"#),
  ])
  func aWrongLineIsAnsweredWithItsErrorAndTheNextOneIsRead(line: String, reason: String) throws {
    let service = try service()
    let wrong = try answer(service, line)
    #expect(wrong.error?.contains(reason) == true, "\(wrong.error ?? "none")")
    #expect(wrong.pick == nil && wrong.propensity == nil)
    #expect(try answer(service, #"{"id": "b", "embedding": [0, 2]}"#).pick == "big")
  }

  @Test func blankLinesAreNoQueries() throws {
    let service = try service()
    #expect(try service.answer(to: "") == nil)
    #expect(try service.answer(to: "  \t\r") == nil)
  }

  @Test func picksByChanceAreThoseOfTheSeed() throws {
    func picks() throws -> [String?] {
      let service = try service(rule: PickRule(.epsilon(share: 1)))
      return try (0..<30).map { try answer(service, #"{"id": \#($0), "embedding": [2, 0]}"#).pick }
    }
    let first = try picks()
    #expect(try picks() == first)
    #expect(Set(first).count == 3)
  }

  @Test func everyPickIsLoggedWithItsPropensityAndNoErrorIs() throws {
    let folder = try TemporaryFolder()
    let path = folder["log.csv"]
    for _ in 0..<2 {
      let service = try service(rule: PickRule(.epsilon(share: 0.3)), log: PickLog(path: path))
      _ = try answer(service, #"{"id": "q,1", "embedding": [2, 0]}"#)
      _ = try answer(service, #"{"id": "wrong"}"#)
      _ = try answer(
        service, #"{"id": "q2", "embedding": [0, 2], "llms": ["bad", "big"], "policy": "argmax"}"#)
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.count == 5 && lines[0] == "query,llm,response,propensity,candidates,policy,time,cost")
    #expect(lines[1].hasPrefix(#""q,1","#) && lines[1].contains(",epsilon:0.3,12.5,"))
    #expect(lines[2] == "q2,big,,1.0,bad|big,argmax,12.5,")
  }

  @Test func aFileThatIsNoLogIsKept() throws {
    let folder = try TemporaryFolder()
    let path = folder["log.csv"]
    try AtomicFile.write("a,b\n1,2\n", to: path)
    #expect(throws: FileError.self) { try PickLog(path: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a,b\n1,2\n")
    try AtomicFile.write("query,llm,response,propensity,candidates,policy,time,cost\nq,b", to: folder["cut"])
    #expect(throws: FileError.self) { try PickLog(path: folder["cut"]) }
  }
}
