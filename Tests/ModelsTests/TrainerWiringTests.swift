import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Learning
@testable import Models

/// What every trainer of the catalogue learns from, and what makes its run another one.
@Suite(.serialized) struct TrainerWiringTests {
  /// Nothing of the test part, answers or embeddings, reaches a model, its choices or its validation.
  @Test(arguments: TrainerConformanceTests.cases)
  func theTestPartChangesNothing(_ one: TrainerConformanceTests.Case) throws {
    let usual = try TrainerConformanceTests.train(one.trainer, RouterSuiteTests.dataset())
    let other = try TrainerConformanceTests.train(
      one.trainer, RouterSuiteTests.dataset(answers: [.test], embeddings: [.test]))
    #expect(other.router.contents == usual.router.contents && other.record == usual.record)
    #expect(other.router.identity == usual.router.identity)
  }

  /// The answers to train and to validation queries both count.
  @Test(arguments: TrainerConformanceTests.cases)
  func theOtherPartsDoNot(_ one: TrainerConformanceTests.Case) throws {
    let usual = try TrainerConformanceTests.train(one.trainer, RouterSuiteTests.dataset())
    let train = try TrainerConformanceTests.train(one.trainer, RouterSuiteTests.dataset(answers: [.train]))
    #expect(train.router.contents != usual.router.contents)
    let validation = try TrainerConformanceTests.train(
      one.trainer, RouterSuiteTests.dataset(answers: [.validation]))
    #expect(validation.record.validation != usual.record.validation)
  }

  /// A checkpoint of other settings is one of another run, whichever setting it is.
  @Test(arguments: TrainerCatalog.names) func everySettingMakesAnotherRun(_ name: String) throws {
    func check<T: Trainer>(_ type: T.Type) throws {
      let data = try TrainingData(RouterSuiteTests.dataset())
      func record(_ trainer: T) -> TrainingRecord {
        TrainingRecord(trainer, on: data, patience: 3, criterion: .logLoss)
      }
      let usual = T()
      for setting in T.settings {
        var other = usual
        let texts = [
          "7", "0.25", "3", "yes", "no", "none", "paper", "relu", "cosine", "softmax", "add", "random",
        ]
        for text in texts where setting.text(of: other) == setting.text(of: usual) {
          try? setting.set(text, in: &other)
        }
        #expect(setting.text(of: other) != setting.text(of: usual), "no other value of \(setting.name)")
        let difference = record(usual).firstDifference(from: record(other))
        #expect(difference?.contains("its --\(setting.name) is ") == true, "\(setting.name)")
      }
      var seeded = usual
      seeded.seed = 77
      #expect(record(usual).firstDifference(from: record(seeded))?.contains("its seed is ") == true)
    }
    for type in TrainerCatalog.all where type.algorithm == name { try check(type) }
  }
}
