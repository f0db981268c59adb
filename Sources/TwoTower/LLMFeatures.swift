import Foundation
import NumericKernels

/// The metadata of LLMs as numbers: categories one-hot, positive numbers as standardized logarithms.
///
/// Unknown values (empty text) are 0 everywhere, which is also the mean of a standardized logarithm.
package enum LLMFeatures {
  /// The features of m LLMs, m × f, and the names of the f columns, from one text for each field.
  ///
  /// A field is numeric where every known text is a positive number, perhaps with K, M, B or T behind it
  /// (`7B`), and two of them differ. Any other field has a column for each value that two LLMs or more
  /// share: one that a single LLM has says no more than its own vector.
  package static func matrix(
    fields: [String], metadata: [[String]]
  ) -> (values: Matrix, names: [String]) {
    var columns: [[Float]] = []
    var names: [String] = []
    for (index, field) in fields.enumerated() {
      let texts = metadata.map { $0[index].trimmingCharacters(in: .whitespaces) }
      if let column = standardizedLogarithms(texts) {
        columns.append(column)
        names.append("log(\(field))")
      } else {
        var counts: [String: Int] = [:]
        for text in texts where !text.isEmpty { counts[text, default: 0] += 1 }
        for value in counts.keys.sorted() where counts[value, default: 0] > 1 {
          columns.append(texts.map { $0 == value ? 1 : 0 })
          names.append("\(field)=\(value)")
        }
      }
    }
    let values = Matrix(
      rows: metadata.count, columns: columns.count,
      storage: metadata.indices.flatMap { llm in columns.map { $0[llm] } })
    return (values, names)
  }

  /// The logarithms with mean 0 and variance 1, 0 where unknown; nil for a field that isn't numeric.
  private static func standardizedLogarithms(_ texts: [String]) -> [Float]? {
    var logarithms: [Double?] = []
    for text in texts {
      guard !text.isEmpty else {
        logarithms.append(nil)
        continue
      }
      guard let number = positiveNumber(text) else { return nil }
      logarithms.append(log(number))
    }
    let known = logarithms.compactMap { $0 }
    guard let first = known.first, known.contains(where: { $0 != first }) else { return nil }
    let mean = known.reduce(0, +) / Double(known.count)
    let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
    return logarithms.map { $0.map { Float(($0 - mean) / variance.squareRoot()) } ?? 0 }
  }

  private static func positiveNumber(_ text: String) -> Double? {
    let scales: [Character: Double] = ["K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12]
    let scale = text.uppercased().last.flatMap { scales[$0] }
    guard let number = Double(scale == nil ? text : String(text.dropLast())), number > 0, number.isFinite
    else { return nil }
    return number * (scale ?? 1)
  }
}
