import Foundation
import Testing

@testable import FileFormats

/// The real files, where they are: `ROUTEREC_DATA`, or `../shared/data` beside the working directory.
enum RouterEvalData {
  static let folder = ProcessInfo.processInfo.environment["ROUTEREC_DATA"] ?? "../shared/data"
  static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/router_dataset")

  static func root(_ name: String) throws -> PickleValue {
    try PickleDocument(path: "\(folder)/\(name)").root
  }
}

/// Expected values were read with Python 3.11.7 and numpy 2.4.6.
@Suite(.enabled(if: RouterEvalData.isPresent, "set ROUTEREC_DATA to the folder of RouterEval files"))
struct RouterEvalPickleTests {
  @Test(arguments: [
    ("gsm8k", "harness_gsm8k_5", 1319, 43, 49480.0), ("mmlu_pro", "mmlu_pro", 11954, 28, 132526.0),
  ])
  func scores(name: String, key: String, queries: Int, llms: Int, sum: Double) throws {
    let root = try RouterEvalData.root("leaderboard_score/leaderboard_\(name).pkl")
    let array = try root["data"][key]["correctness"].ndarray()
    #expect(array.shape == [queries, llms] && array.elementType == .float64)
    #expect(array.place == .key("data/\(key)/correctness"))
    let total = array.bytes.withUnsafeBytes { bytes in
      (0..<array.count).reduce(0.0) { $0 + bytes.loadUnaligned(fromByteOffset: 8 * $1, as: Double.self) }
    }
    #expect(total == sum)
    #expect(try root["model"].strings().count == llms)
    #expect(throws: FileError.self) { try root["data"]["arc"] }
  }

  @Test(arguments: [
    ("gsm8k", "harness_gsm8k_5", 1319, 316_390, "Janet’s ducks lay 16 eggs"),
    ("mmlu_pro", "mmlu_pro", 11954, 7_804_350, "Typical advertising regulatory bodies"),
  ])
  func prompts(name: String, key: String, queries: Int, length: Int, start: String) throws {
    let root = try RouterEvalData.root("leaderboard_prompt/leaderboard_\(name)_prompt.pkl")
    let prompts = try root[key].strings()
    #expect(prompts.count == queries && prompts[0].hasPrefix(start))
    #expect(prompts.reduce(0) { $0 + $1.unicodeScalars.count } == length)
  }

  @Test(arguments: [
    ("gsm8k", "harness_gsm8k_5", 1319, 0.10408763 as Float), ("mmlu_pro", "mmlu_pro", 11954, 0.06329674),
  ])
  func embeddings(name: String, key: String, queries: Int, first: Float) throws {
    let root = try RouterEvalData.root("leaderboard_embed/leaderboard_\(name)_embed/sentence_bert_result.pkl")
    let array = try root[key].ndarray()
    #expect(array.shape == [queries, 384] && array.elementType == .float32)
    let found = array.bytes.withUnsafeBytes { $0.loadUnaligned(as: Float.self) }
    #expect(abs(found - first) < 1e-7)
  }

  @Test func routerDatasetOfGSM8K() throws {
    let root = try RouterEvalData.root("router_dataset/gsm8k_router_dataset.pkl")
    #expect(try root["easy"].dictionary().map { try $0.key.integer() } == [3, 5])
    let group = try root["easy"][3]["all_strong"]
    #expect(try group["model"].strings()[0] == "Athene-70B")
    #expect(try group["data"]["train_score"].ndarray().shape == [1055, 3])
    #expect(try root["hard"][10]["strong_to_weak"]["data"]["test_score"].ndarray().shape == [132, 10])
    let indices = try root["split_index"]["train_indices"].ndarray()
    #expect(indices.elementType == .int64)
    #expect(indices.bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: Int64.self) } == 1046)
    #expect(try root["prompt"]["test_prompt"].strings()[0].hasPrefix("Out of the 200 Grade 5 students, 2/5"))
    do {
      _ = try root["hard"][100]
      Issue.record("100 candidates are not in this file")
    } catch {
      #expect(error.place == .key("hard") && error.reason == "no key 100; it has 10")
    }
  }

  @Test func routerDatasetOfMMLUPro() throws {
    let root = try RouterEvalData.root("router_dataset/mmlu_pro_router_dataset.pkl")
    let prompts = try root["prompt"]["train_prompt"].strings()
    #expect(prompts.count == 9563 && prompts[0].hasPrefix("A beam of monochromatic light"))
    #expect(try root["embedding"]["val_embed"].ndarray().shape == [1195, 384])
  }
}
