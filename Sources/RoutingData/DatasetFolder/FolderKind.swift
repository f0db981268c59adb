import Foundation

/// What a folder holds, by the files that mark it: so that a wrong one can be called what it is.
public enum FolderKind: CaseIterable, Sendable {
  /// A dataset.
  case dataset
  /// A model.
  case model
  /// The results of a run.
  case results
  /// A report with its tables.
  case report

  /// The files that a folder of this kind has.
  private var markers: [String] {
    switch self {
    case .dataset: ["dataset.json"]
    case .model: ["config.json", "model.safetensors"]
    case .results: ["run.json"]
    case .report: ["tables/summary.csv"]
    }
  }

  /// What it is called in messages.
  public var name: String {
    switch self {
    case .dataset: "a dataset folder"
    case .model: "a model folder"
    case .results: "a results folder"
    case .report: "the folder of a report"
    }
  }

  /// The kind of a folder; nil for one of none of these kinds, a file, or nothing.
  public init?(of folder: String) {
    let files = FileManager.default
    let kind = Self.allCases.first { kind in
      kind.markers.allSatisfy { files.fileExists(atPath: "\(folder)/\($0)") }
    }
    guard let kind else { return nil }
    self = kind
  }

  /// Why a path is no folder of a kind, and what to do; the path itself stands before it.
  ///
  /// - Parameters:
  ///   - marker: the file that is missed.
  ///   - remedy: how such a folder is made.
  public static func absence(of kind: FolderKind, at path: String, marker: String, remedy: String) -> String {
    let start = "is not \(kind.name)"
    guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else {
      return "\(start): there is nothing of this name"
    }
    guard facts[.type] as? FileAttributeType != .typeRegular else { return "\(start) but a file; \(remedy)" }
    if let other = FolderKind(of: path), other != kind { return "\(start) but \(other.name); \(remedy)" }
    return "\(start): it holds no \(marker); \(remedy)"
  }
}
