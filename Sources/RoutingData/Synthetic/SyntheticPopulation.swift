import Foundation
import NumericKernels

/// Made-up LLMs: families of related models of several sizes, base and instruction-tuned.
///
/// Factor 0 is general ability, which grows with the logarithm of the size; the others are specialities, shared
/// in part by a family. Instruction tuning raises factor 1.
struct SyntheticPopulation {
  private static let sizes: [Float] = [0.5, 1.5, 3, 7, 8, 13, 14, 32, 34, 70, 110]

  /// Names and metadata: family, parameters in billions, kind.
  let catalog: LLMCatalog
  /// The abilities, LLMs × factors.
  let abilities: Matrix

  init(_ options: SyntheticOptions) throws(DataError) {
    let familyCount = min(40, max(4, options.llms / 12))
    var families: [(quality: Float, specialities: [Float])] = []
    for family in 0..<familyCount {
      var generator = SeededGenerator(seed: options.seed, stream: "synthetic/family", family)
      let quality = 0.4 * generator.normal()
      families.append((quality, (1..<options.factors).map { _ in 0.7 * generator.normal() }))
    }
    var names: [String] = []
    var metadata: [[String]] = []
    var abilities = Matrix(rows: options.llms, columns: options.factors)
    for llm in 0..<options.llms {
      var generator = SeededGenerator(seed: options.seed, stream: "synthetic/llm", llm)
      let family = generator.below(familyCount)
      let size = Self.sizes[generator.below(Self.sizes.count)]
      let isInstruct = generator.uniform() < 0.7
      abilities[llm, 0] = 0.5 * log(size / 10) + families[family].quality + 0.3 * generator.normal()
      for (index, shared) in families[family].specialities.enumerated() {
        abilities[llm, index + 1] = shared + 0.7 * generator.normal()
      }
      if isInstruct { abilities[llm, 1] += 0.8 }
      let kind = isInstruct ? "instruct" : "base"
      let sizeText = size == size.rounded() ? "\(Int(size))" : "\(size)"
      names.append("synthetic-\(family)-\(sizeText)b-\(kind)-\(llm)")
      metadata.append(["synthetic-\(family)", sizeText, kind])
    }
    catalog = try LLMCatalog(
      names: names, fields: ["family", "parameters_billion", "kind"], metadata: metadata)
    self.abilities = abilities
  }
}
