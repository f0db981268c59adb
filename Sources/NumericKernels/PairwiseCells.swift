#if canImport(Glibc)
  import Glibc
#endif

/// The elementwise step of a pairwise logistic loss: a run of cells of a row against another run of it.
struct PairwiseCells {
  typealias Lanes = VectorMath.Lanes

  /// Groups of eight pairs between two logarithms: so many factors 1 + e⁻ᵃ ≤ 2 stay inside a Float's range.
  private static let groups = 64

  let z: UnsafeMutablePointer<Float>
  /// NaN where missing.
  let grades: UnsafeMutablePointer<Float>
  let residuals: UnsafeMutablePointer<Float>
  /// The cells' weights, of which a pair has the product; nil where all are 1.
  let weights: UnsafePointer<Float>?
  let margin: Float

  /// Adds the residuals and the losses of the pairs (first + t, second + t), t below `count`.
  @inline(__always)
  func compare(_ first: Int, with second: Int, count: Int, _ loss: inout PairwiseResiduals.Loss) {
    if let weights {
      compare(first, with: second, count: count, weights: weights, &loss)
    } else {
      compare(first, with: second, count: count, weights: nil, &loss)
    }
  }

  /// Compiled twice, so that pairs without weights pay nothing for those with.
  @inline(__always)
  private func compare(
    _ first: Int, with second: Int, count: Int, weights: UnsafePointer<Float>?,
    _ loss: inout PairwiseResiduals.Loss
  ) {
    var linear = Lanes(repeating: 0)
    var product = Lanes(repeating: 1)
    var pairs = Lanes(repeating: 0)
    var group = 0
    for start in stride(from: 0, to: count, by: 8) {
      let rest = min(count - start, 8)
      let difference = load(grades + first + start, rest) - load(grades + second + start, rest)
      let apart = load(z + first + start, rest) - load(z + second + start, rest)
      let worse = difference .<= -margin
      // Neither comparison holds for a missing grade.
      var used = (difference .>= margin) .| worse
      var weight = Lanes(repeating: 1)
      if let weights {
        weight =
          VectorMath.load(weights + first + start, count: rest, padding: 0)
          * VectorMath.load(weights + second + start, count: rest, padding: 0)
        used = used .& (weight .> 0)
      }
      let lead = apart.replacing(with: -apart, where: worse)
      let magnitude = lead.replacing(with: -lead, where: lead .< 0)
      let small = VectorMath.expNegative(magnitude)
      let larger = 1 / (1 + small)
      let ahead = lead .>= 0
      var pull = larger.replacing(with: small * larger, where: ahead)
      pull.replace(with: -pull, where: worse)
      if weights != nil { pull *= weight }
      // Lanes past the end have a grade of 0 on both sides and are no pair either.
      pull = Lanes(repeating: 0).replacing(with: pull, where: used)
      if weights != nil {
        // A weight of 1 leaves its factor to the product, and so changes no bit.
        let plain = weight .== 1
        linear -= Lanes(repeating: 0).replacing(with: weight * lead, where: used .& .!ahead)
        linear += Lanes(repeating: 0)
          .replacing(with: weight * VectorMath.logOnePlus(small), where: used .& .!plain)
        product *= Lanes(repeating: 1).replacing(with: 1 + small, where: used .& plain)
      } else {
        linear -= Lanes(repeating: 0).replacing(with: lead, where: used .& .!ahead)
        product *= Lanes(repeating: 1).replacing(with: 1 + small, where: used)
      }
      pairs += Lanes(repeating: 0).replacing(with: 1, where: used)
      // The two runs may overlap, so one is stored before the other is read.
      store(load(residuals + first + start, rest) + pull, residuals + first + start, rest)
      store(load(residuals + second + start, rest) - pull, residuals + second + start, rest)
      group += 1
      if group == Self.groups {
        loss.sum += logarithm(product)
        product = Lanes(repeating: 1)
        group = 0
      }
    }
    loss.sum += Double(linear.sum()) + logarithm(product)
    loss.pairs += Int(pairs.sum())
  }

  private func logarithm(_ product: Lanes) -> Double {
    var all = 1.0
    for lane in 0..<8 { all *= Double(product[lane]) }
    return log(all)
  }

  @inline(__always)
  private func load(_ source: UnsafeMutablePointer<Float>, _ count: Int) -> Lanes {
    if count == 8 { return UnsafeRawPointer(source).loadUnaligned(as: Lanes.self) }
    var lanes = Lanes(repeating: 0)
    for lane in 0..<count { lanes[lane] = source[lane] }
    return lanes
  }

  @inline(__always)
  private func store(_ lanes: Lanes, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
    if count == 8 {
      UnsafeMutableRawPointer(target).storeBytes(of: lanes, as: Lanes.self)
    } else {
      for lane in 0..<count { target[lane] = lanes[lane] }
    }
  }
}
