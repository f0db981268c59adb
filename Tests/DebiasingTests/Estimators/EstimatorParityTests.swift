import FileFormats
import Foundation
import TestSupport
import Testing

@testable import Debiasing

/// Agreement with Open Bandit Pipeline 0.5.7 and with Cressie–Read of vw-estimators 0.2.2.
@Suite("Parity of estimators") struct EstimatorParityTests {
  private static let rows = TargetRows(
    weights: [2.8, 0.65, 1.48, 0.39, 7.5, 0.29, 0.51, 0, 0.01, 1, 1.14, 1.26],
    responses: [1, 0, 1, 1, 0.75, 0.5, 0, 1, 1, 0, 1, 0.25],
    predictions: [0.9, 0.84, 0.39, 0.49, 0.68, 0.06, 0.56, 0.27, 0.88, 0.06, 0.68, 0.87],
    expected: [0.23, 0.9, 0.87, 0.02, 0.71, 0, 0.5, 0.44, 0.2, 0.32, 0.81, 0.32],
    groupWeights: [0.3, 1.4, 0.9, 1.6, 0.47, 0.64, 1.6, 1.01, 1.01, 0.47, 0.03, 1.87])

  /// Computed by numpy with formulas that give both packages' figures on 1,000 rows to 1e-15.
  @Test(arguments: [
    ("ips", 0.9920833333333333), ("ips-clip:5", 0.8358333333333333), ("snips", 0.6990604815032295),
    ("dm", 0.44333333333333336), ("dr", 0.5039583333333333), ("sndr", 0.4860520649833627),
    ("switch-dr:5", 0.4602083333333333), ("dros:5", 0.44092205863612116),
    ("sg-ips:0.1", 0.7673316629299639), ("sg-dr:0.1", 0.4799722087680926),
    ("dr-clip:5", 0.4893749999999999), ("mips", 0.4991666666666667), ("cressie-read", 0.671001982956728),
  ])
  func givesTheFigureOfTwelveRows(name: String, figure: Double) throws {
    let estimate = try #require(OffPolicyEstimator(name).estimate(Self.rows))
    #expect(abs(estimate.value - figure) < 1e-12, "\(name)")
  }

  /// The ends of vw-estimators' interval, from its formulas with Student's t for the root of its F quantile.
  @Test(arguments: [
    (1.0, 1.0, 0.6149748585795097, 0.2788110539529628, 0.8871497557876324),
    (1.0, 2.0, 0.6149748585795097, 0.33481108973137313, 0.877588056403348),
    (0.8, 2.0, 0.6165338914393734, 0.22130044173225616, 0.921724813667265),
  ])
  func givesTheCressieReadInterval(
    scale: Double, factor: Double, point: Double, low: Double, high: Double
  ) throws {
    let weights = [0.5, 1.2, 0.7, 1.4, 0.9, 1.6, 1.1, 0.6, 1.3, 0.8, 1.5, 1.0].map { $0 * scale }
    let rows = TargetRows(
      weights: weights, responses: Self.rows.responses, predictions: Self.rows.predictions,
      expected: Self.rows.expected)
    let likelihood = CressieRead(rows, largestWeight: factor * 1.6 * scale)
    let interval = likelihood.interval(level: 0.95)
    #expect(abs(try #require(likelihood.point) - point) < 1e-9)
    #expect(abs(interval.low - low) < 1e-9)
    #expect(abs(interval.high - high) < 1e-9)
  }

  private static let folder = RealData.folder + "/../debiasing"

  /// The figures themselves, on their 1,000 rows.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: folder + "/parity_log.csv")))
  func givesTheFiguresOfBothPackages() throws {
    let lines = try String(contentsOfFile: Self.folder + "/parity_log.csv", encoding: .utf8)
      .split(whereSeparator: \.isNewline).dropFirst()
    let groups = [0, 0, 1, 1, 2]
    var (weights, responses, predictions, expected, groupWeights):
      ([Double], [Double], [Double], [Double], [Double]) = ([], [], [], [], [])
    for line in lines {
      let fields = line.split(separator: ",").compactMap { Double($0) }
      let llm = Int(fields[1])
      let (target, model, logging) = (fields[4..<9], fields[9..<14], fields[14..<19])
      weights.append(target[4 + llm] / fields[3])
      responses.append(fields[2])
      predictions.append(model[9 + llm])
      expected.append(zip(target, model).reduce(0) { $0 + $1.0 * $1.1 })
      func mass(_ shares: ArraySlice<Double>) -> Double {
        zip(groups, shares).reduce(0) { $0 + ($1.0 == groups[llm] ? $1.1 : 0) }
      }
      groupWeights.append(mass(target) / mass(logging))
    }
    let rows = TargetRows(
      weights: weights, responses: responses, predictions: predictions, expected: expected,
      groupWeights: groupWeights)
    let reference = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: Self.folder + "/parity_reference.json")))
        as? [String: Any])
    let names = [
      "IPS": "ips", "IPS clip 5": "ips-clip:5", "SNIPS": "snips", "DM": "dm", "DR": "dr", "SNDR": "sndr",
      "Switch-DR 5": "switch-dr:5", "DRos 5": "dros:5", "SG-IPS .1": "sg-ips:0.1", "SG-DR .1": "sg-dr:0.1",
      "DR clip 5": "dr-clip:5", "MIPS clusters 0,0,1,1,2": "mips",
    ]
    for (key, name) in names {
      let figure = try #require(reference[key] as? Double)
      let estimate = try #require(OffPolicyEstimator(name).estimate(rows))
      #expect(abs(estimate.value - figure) < 1e-9, "\(key)")
    }
    let likelihood = CressieRead(rows, largestWeight: 2 * (weights.max() ?? 0))
    let interval = likelihood.interval(level: 0.95)
    let ends = try #require(reference["VW cressie-read 95%, wmax=2max(w)"] as? [Double])
    #expect(abs(interval.low - ends[0]) < 1e-9)
    #expect(abs(interval.high - ends[1]) < 1e-9)
    let point = try #require(reference["VW cressie-read point"] as? Double)
    #expect(abs(try #require(likelihood.point) - point) < 1e-9)
  }
}
