import FileFormats
import Foundation
import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Learning

@Suite struct HyperparameterSearchTests {
  let data: TrainingData
  let folder: TemporaryFolder

  init() throws {
    data = try TrainingData(TrainingSample.dataset(.checkerboard()))
    folder = try TemporaryFolder()
  }

  private func search(
    _ trainer: ScriptedTrainer = ScriptedTrainer(), trials: Int, fixed: Set<String> = [],
    resumes: Bool = true,
    name: String = "s"
  ) -> HyperparameterSearch<ScriptedTrainer> {
    HyperparameterSearch(
      trainer, fixed: fixed, trials: trials, patience: 2, path: folder[name], resumes: resumes)
  }

  @Test func theTrialWithTheLeastLossWins() throws {
    let model = try search(trials: 6).train(on: data) { _ in }
    let trials = try #require(model.record.search)
    #expect(trials.map(\.number) == [1, 2, 3, 4, 5, 6] && trials[0].settings == ["shift": "0.01"])
    #expect(Set(trials.dropFirst().compactMap { $0.settings["shift"] }).count == 5)
    for trial in trials.dropFirst() {
      let shift = try #require(trial.settings["shift"].flatMap(Double.init))
      #expect(shift >= 0.01 && shift <= 1 && trial.settings.count == 1)
    }
    let least = try #require(trials.compactMap(\.validation?.logLoss).min())
    #expect(model.record.validation?.logLoss == least)
    #expect(trials.best(by: .logLoss)?.validation?.logLoss == least)
  }

  private struct Killed: Error {}

  @Test func anInterruptedSearchGoesOnToTheSameModel() throws {
    let whole = try search(trials: 5, name: "whole").train(on: data) { _ in }
    for limit in [1, 4] {
      let name = "killed\(limit)"
      #expect(throws: Killed.self) {
        try search(trials: 5, name: name).train(on: data) { if $0.fit > limit { throw Killed() } }
      }
      var tried: [Int] = []
      let model = try search(trials: 5, name: name).train(on: data) { tried.append($0.fit) }
      #expect(tried.first == limit + 1, "finished trials are not done again")
      #expect(model.router.contents == whole.router.contents && model.record == whole.record)
    }
  }

  @Test func aFailedTrialIsNotedAndPassedOver() throws {
    var trainer = ScriptedTrainer()
    trainer.objectives = [.nan]
    #expect { try search(trainer, trials: 2, name: "all").train(on: data) { _ in } } throws: {
      "\($0)".contains("every trial failed") && "\($0)".contains("diverged in epoch 1")
    }
    #expect(!FileManager.default.fileExists(atPath: folder["all"]))
  }

  @Test func whatCannotBeSearchedIsRefused() throws {
    #expect(throws: DataError("scripted has no setting left to search")) {
      try search(trials: 2, fixed: ["shift"]).train(on: data) { _ in }
    }
    let untried = try TableBenchmark([[1, 0], [0, 1]], parts: [.train, .train])
    let blind = try TrainingData(TrainingSample.dataset(untried))
    #expect(throws: DataError("there are no validation responses to search on")) {
      try search(trials: 2).train(on: blind) { _ in }
    }
  }

  @Test func trialsOfAnotherSearchAreRefused() throws {
    _ = try search(trials: 2).train(on: data) { _ in }
    var other = ScriptedTrainer()
    other.rate = 3
    #expect { try search(other, trials: 2).train(on: data) { _ in } } throws: {
      "\($0)".contains("another search: its --rate is 1, now it is 3")
    }
    #expect(throws: FileError.self) { try search(trials: 2, resumes: false).check() }
    try AtomicFile.write("{", to: folder["s"])
    #expect(throws: FileError.self) { try search(trials: 2).train(on: data) { _ in } }
  }
}
