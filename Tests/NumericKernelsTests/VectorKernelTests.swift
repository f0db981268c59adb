import CVectorKernels
import Foundation
import Testing

@testable import NumericKernels

/// Each cell function, compiled for each processor that this machine can stand in for, against its definition.
@Suite struct VectorKernelTests {
  static let processors = [ROUTEREC_ANY, ROUTEREC_AVX2, ROUTEREC_AVX512].filter {
    $0.rawValue <= routerec_this_processor().rawValue
  }.map(\.rawValue)

  /// The result and the loss of one cell.
  private func reference(
    _ function: routerec_cell_function, gain: Double, z: Double, y: Double, weight own: Double
  ) -> (result: Double, loss: Double) {
    let p = ReferenceKernels.sigmoid(z)
    let weight = own * (1 + gain * y)
    switch function {
    case ROUTEREC_LOGISTIC_RESIDUAL:
      let (residual, loss) = ReferenceKernels.residualAndLoss(y: y, z: z)
      return (own * residual, own * loss)
    case ROUTEREC_LOGISTIC_CURVATURE: return (own * p * (1 - p), 0)
    case ROUTEREC_SQUARED_RESIDUAL: return (weight * (y - z), weight * (y - z) * (y - z) / 2)
    default: return (weight * z, 0)
    }
  }

  @Test(arguments: processors, [1, 7, 8, 9, 15, 16, 17, 40, 500, 512] as [Int])
  func agreesWithTheDefinition(processor: UInt32, count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let bytes = (count + 7) / 8
    let bits = (0..<bytes).map { _ in UInt8(truncatingIfNeeded: generator.nextWord()) }
    let mask = (0..<bytes).map { _ in UInt8(truncatingIfNeeded: generator.nextWord()) }
    let grades = (0..<count).map { _ in generator.uniform() }
    let weights = (0..<count).map { $0 % 5 == 0 ? 0 : $0 % 3 == 0 ? 1 : 4 * generator.uniform() }
    let start = (0..<512).map { _ in 12 * generator.normal() }
    func bit(_ bytes: [UInt8], _ cell: Int) -> Bool { bytes[cell / 8] & (0x80 >> UInt8(cell % 8)) != 0 }
    for function in [
      ROUTEREC_LOGISTIC_RESIDUAL, ROUTEREC_LOGISTIC_CURVATURE, ROUTEREC_SQUARED_RESIDUAL, ROUTEREC_WEIGHTED,
    ] {
      for kind in 0..<8 {
        let (isGraded, isMasked, isWeighted) = (kind & 1 != 0, kind & 2 != 0, kind & 4 != 0)
        var z = start
        let loss = routerec_change_cells(
          routerec_processor(rawValue: processor), function, 1.5, &z, isGraded ? nil : bits,
          isGraded ? grades : nil, isMasked ? mask : nil,
          isWeighted ? weights : nil, Int32(count), 1)
        var expected = 0.0
        for cell in 0..<(count + 15) / 16 * 16 {
          guard cell < count, !isMasked || bit(mask, cell) else {
            #expect(z[cell] == 0)
            continue
          }
          let y = isGraded ? Double(grades[cell]) : bit(bits, cell) ? 1 : 0
          let one = reference(
            function, gain: 1.5, z: Double(start[cell]), y: y,
            weight: isWeighted ? Double(weights[cell]) : 1)
          #expect(abs(Double(z[cell]) - one.result) <= 1e-6 * max(1, abs(one.result)))
          expected += one.loss
        }
        #expect(abs(loss - expected) <= 1e-5 * max(1, expected))
        // What lies beyond the groups is not touched.
        #expect(z[((count + 15) / 16 * 16)...] == start[((count + 15) / 16 * 16)...])
        var quiet = start
        let none = routerec_change_cells(
          routerec_processor(rawValue: processor), function, 1.5, &quiet, isGraded ? nil : bits,
          isGraded ? grades : nil, isMasked ? mask : nil,
          isWeighted ? weights : nil, Int32(count), 0)
        #expect(none == 0 && quiet == z)
      }
    }
  }

  /// A weight of 1 multiplies exactly, and leaves the loss to the product of many factors.
  @Test(arguments: processors, [7, 16, 500] as [Int]) func weightsOfOneChangeNoBit(
    processor: UInt32, count: Int
  ) {
    var generator = SeededGenerator(seed: UInt64(count))
    let grades = (0..<count).map { _ in generator.uniform() }
    let start = (0..<512).map { _ in 12 * generator.normal() }
    for function in [
      ROUTEREC_LOGISTIC_RESIDUAL, ROUTEREC_LOGISTIC_CURVATURE, ROUTEREC_SQUARED_RESIDUAL, ROUTEREC_WEIGHTED,
    ] {
      func changed(_ weights: [Float]?) -> ([Float], Double) {
        var z = start
        let loss = routerec_change_cells(
          routerec_processor(rawValue: processor), function, 1.5, &z, nil, grades, nil, weights, Int32(count),
          1)
        return (z, loss)
      }
      #expect(changed(nil) == changed(Array(repeating: 1, count: count)))
    }
  }
}
