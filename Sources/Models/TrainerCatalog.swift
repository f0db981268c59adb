import Baselines
import Factorization
import Learning
import Regression
import TwoTower

/// The trainers there are, as `--model` names them.
///
/// A new one is a line here.
public enum TrainerCatalog {
  /// All of them; the first is the default.
  public static let all: [any Trainer.Type] = [
    LogisticMFTrainer.self, ItemResponseTrainer.self, ALSTrainer.self, BPRTrainer.self, SVDTrainer.self,
    TwoTowerTrainer.self,
    RidgeTrainer.self, KernelRidgeTrainer.self, NearestNeighbourTrainer.self,
    ClusterTrainer<CentroidClusters>.self, ClusterTrainer<MixtureClusters>.self,
    NetworkTrainer<LinearShape>.self, NetworkTrainer<PerceptronShape>.self,
  ]

  /// Their names.
  public static let names: [String] = all.map { $0.algorithm }

  /// The trainer of a name; nil for an unknown one.
  public static func type(named name: String) -> (any Trainer.Type)? { all.first { $0.algorithm == name } }
}
