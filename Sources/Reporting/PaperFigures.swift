import FileFormats
import RoutingData

/// The figures that the RouterEval paper prints, read from files that carry them.
///
/// Source: Huang et al. 2025 (arXiv 2503.10657), Tables 1, 2 and 3.
public struct PaperFigures: Equatable, Sendable {
  /// μ, V_R, V_B and E_p, each the mean over the three groups.
  public struct Means: Equatable, Sendable {
    let mu: Double
    let referenceValue: Double
    let bestSingleModelValue: Double
    let classificationBias: Double
  }

  private struct Place: Hashable {
    let benchmark: String
    let size: Int
    let router: String
  }

  /// The benchmark of Table 3.
  static let biasBenchmark = "mmlu"
  static let meansName = "tables_1_2.csv"
  static let biasName = "table_3_ep_mmlu.csv"

  private let means: [Place: Means]
  private let biases: [Place: [CandidateGroup: Double]]

  /// Reads `tables_1_2.csv` and `table_3_ep_mmlu.csv` of a folder.
  ///
  /// - Throws: `FileError`, naming the line, for a file that is missing, lacks a column, holds something
  ///   else than numbers or has a row twice.
  public init(folder: String) throws(FileError) {
    means = try Self.read("\(folder)/\(Self.meansName)", keys: ["benchmark", "m", "router"]) {
      field throws(FileError) in
      Means(
        mu: try field("mu"), referenceValue: try field("vr"), bestSingleModelValue: try field("vb"),
        classificationBias: try field("ep"))
    }
    biases = try Self.read("\(folder)/\(Self.biasName)", keys: ["m", "router"]) { field throws(FileError) in
      var values: [CandidateGroup: Double] = [:]
      for group in CandidateGroup.allCases { values[group] = try field(group.rawValue) }
      return values
    }
  }

  /// The printed means of Tables 1 and 2; nil where they have none.
  func means(_ benchmark: String, size: Int, router: String) -> Means? {
    means[Place(benchmark: benchmark, size: size, router: router)]
  }

  /// The printed E_p of Table 3; nil where it has none.
  func bias(_ benchmark: String, size: Int, group: CandidateGroup, router: String) -> Double? {
    biases[Place(benchmark: benchmark, size: size, router: router)]?[group]
  }

  private static func read<Value>(
    _ path: String, keys: [String],
    _ value: (_ field: (_ column: String) throws(FileError) -> Double) throws(FileError) -> Value
  ) throws(FileError) -> [Place: Value] {
    let reader = try CSVReader(path: path)
    let places = try Dictionary(
      uniqueKeysWithValues: keys.map { key throws(FileError) in (key, try reader.column(key)) })
    var values: [Place: Value] = [:]
    try reader.forEachRow { (fields, line) throws(FileError) in
      func text(_ key: String) -> String? { places[key].map { fields[$0] } }
      guard let size = text("m").flatMap({ Int($0) }), size > 0 else {
        throw FileError(path, at: .line(line), "m is '\(text("m") ?? "")', expected a whole number above 0")
      }
      let place = Place(
        benchmark: text("benchmark") ?? biasBenchmark, size: size, router: text("router") ?? "")
      guard values[place] == nil else {
        throw FileError(path, at: .line(line), "\(place.router) with m = \(size) occurs twice")
      }
      values[place] = try value { (column: String) throws(FileError) -> Double in
        let field = fields[try reader.column(column)]
        guard let number = Double(field), number.isFinite else {
          throw FileError(path, at: .line(line), "\(column) is '\(field)', expected a number")
        }
        return number
      }
    }
    return values
  }
}
