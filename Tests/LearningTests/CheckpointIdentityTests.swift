import FileFormats
import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Learning

/// Which run a checkpoint belongs to, and what it can't say.
@Suite struct CheckpointIdentityTests {
  private struct Killed: Error {}

  /// A record with a value for everything.
  private var record: TrainingRecord {
    var record = TrainingRecord()
    record.algorithm = "a"
    record.settings = ["l2": "1", "rate": "2"]
    record.chosen = ["l2": 1]
    record.factors = 3
    record.seed = 4
    record.patience = 5
    record.criterion = .logLoss
    record.datasetHash = "d"
    record.encoder = "e"
    record.benchmarks = ["one", "two"]
    let metrics = ValidationMetrics(logLoss: 0.5, auc: 0.5, bestSingleModelValue: 1)
    record.fits = [.init(chosen: [:], epochs: 1, bestEpoch: 1, end: .limit, validation: metrics)]
    record.history = [.init(epoch: 1, objective: 1, validation: metrics)]
    record.validation = metrics
    record.search = [SearchTrial(number: 1, settings: [:], epochs: 1, validation: metrics, failure: nil)]
    return record
  }

  /// What makes another run, by its key in the record.
  private static let known: [String: @Sendable (inout TrainingRecord) -> Void] = [
    "algorithm": { $0.algorithm = "b" },
    "settings": { $0.settings["rate"] = "3" },
    "seed": { $0.seed = 5 },
    "patience": { $0.patience = nil },
    "selected_by": { $0.criterion = .auc },
    "dataset_hash": { $0.datasetHash = nil },
    "encoder": { $0.encoder = "f" },
    "benchmarks": { $0.benchmarks = ["one"] },
  ]

  /// What a run finds out.
  private static let found: [String: @Sendable (inout TrainingRecord) -> Void] = [
    "chosen": { $0.chosen = [:] }, "factors": { $0.factors = nil }, "fits": { $0.fits = [] },
    "history": { $0.history = [] }, "validation": { $0.validation = nil }, "search": { $0.search = nil },
  ]

  /// A new entry of the record must be said to be one or the other.
  @Test func everyEntryOfARecordIsKnownBeforeTheRunOrFoundByIt() throws {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(record))
    let keys = try #require(object as? [String: Any]).keys
    #expect(Set(keys) == Set(Self.known.keys).union(Self.found.keys))
  }

  @Test(arguments: known.keys.sorted()) func whatIsKnownBeforeMakesAnotherRun(_ key: String) throws {
    var other = record
    let change = try #require(Self.known[key])
    change(&other)
    let difference = try #require(record.firstDifference(from: other))
    #expect(difference.hasPrefix("its ") && difference.contains(", now it is "))
    #expect(other.firstDifference(from: record) != nil)
    let words = [
      "settings": "--rate is 2, now it is 3", "selected_by": "criterion is log-loss, now it is auc",
    ]
    if let word = words[key] { #expect(difference.contains(word)) }
  }

  @Test(arguments: found.keys.sorted()) func whatIsFoundDoesNot(_ key: String) throws {
    var other = record
    let change = try #require(Self.found[key])
    change(&other)
    #expect(record != other && record.firstDifference(from: other) == nil)
  }

  @Test func aSettingThatIsNewOrGoneMakesAnotherRun() {
    var other = record
    other.settings["new"] = "1"
    #expect(record.firstDifference(from: other)?.contains("--new is unset, now it is 1") == true)
    #expect(other.firstDifference(from: record)?.contains("--new is 1, now it is unset") == true)
  }

  /// The state of a run that was killed in its second fit, with its header changed.
  private func resume(_ change: (inout [String: Any]) throws -> Void) throws {
    let data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    let folder = try TemporaryFolder()
    var trainer = ScriptedTrainer()
    trainer.shift = .auto
    trainer.script = [0, 1, 2]
    let plan = CheckpointPlan(path: folder["c"], interval: 1, resumes: true)
    let run = TrainingRun(trainer, checkpoints: plan)
    #expect(throws: Killed.self) {
      try run.train(on: data) { if $0.fit == 2, $0.epoch == 2 { throw Killed() } }
    }
    let file = try Safetensors.open(plan.path)
    var tensors: [String: NDArray] = [:]
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    let text = try #require(file.metadata[CheckpointHeader.key])
    var header = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    try change(&header)
    let changed = String(decoding: try JSONSerialization.data(withJSONObject: header), as: UTF8.self)
    try Safetensors.write(tensors, metadata: [CheckpointHeader.key: changed], to: plan.path)
    _ = try run.train(on: data) { _ in }
  }

  @Test func aStateThatIsAsItWasSavedGoesOn() throws { try resume { _ in } }

  @Test(arguments: ["candidate", "worse", "progress/bestEpoch", "chosen/candidate"])
  func aNegativeCountIsRefused(_ path: String) throws {
    let keys = path.split(separator: "/").map(String.init)
    #expect {
      try resume { header in
        guard keys.count > 1 else {
          try #require(header[path] as? Int != nil)
          header[path] = -1
          return
        }
        var inner = try #require(header[keys[0]] as? [String: Any])
        try #require(inner[keys[1]] as? Int != nil)
        inner[keys[1]] = -1
        header[keys[0]] = inner
      }
    } throws: {
      ($0 as? FileError)?.description.contains("is not a checkpoint that this program can read") == true
    }
  }

  /// No fit is left to make: what was chosen is all there is.
  @Test func aChosenCandidateThatThereIsNotIsRefused() throws {
    #expect {
      try resume { header in
        var chosen = try #require(header["chosen"] as? [String: Any])
        chosen["candidate"] = 99
        (header["chosen"], header["candidate"]) = (chosen, 99)
      }
    } throws: { "\($0)".contains("it chose a candidate that there is not") }
  }
}
