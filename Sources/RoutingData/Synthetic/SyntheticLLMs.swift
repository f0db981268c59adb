import FileFormats
import LinearAlgebra

/// The LLMs of a synthetic dataset: families with specialities, sizes, base and instruct models.
struct SyntheticLLMs {
  static let fields = ["family", "parameters_b", "kind"]
  private static let families = [
    "alder", "birch", "cedar", "elder", "fir", "hazel", "juniper", "larch", "maple", "oak", "pine", "rowan",
  ]
  private static let sizes: [Float] = [0.5, 1, 2, 3, 7, 8, 13, 14, 32, 70, 110, 405]

  let names: [String]
  let metadata: [[String]]
  /// The traits of each LLM, m × F; the first is general ability.
  let abilities: Matrix

  /// Draws the LLMs; one stream for each, so the first LLMs of a larger set are those of a smaller one.
  init(count: Int, traits: Int, seed: UInt64) {
    var names: [String] = []
    var metadata: [[String]] = []
    var abilities = Matrix(rows: count, columns: traits)
    let specialities = (0..<Self.families.count).map { family -> [Float] in
      var generator = SeededGenerator(seed: seed, stream: "synthetic/family", family)
      return (0..<traits).map { _ in generator.normal() }
    }
    for llm in 0..<count {
      var generator = SeededGenerator(seed: seed, stream: "synthetic/llm", llm)
      let family = generator.below(Self.families.count)
      let size = generator.below(Self.sizes.count)
      let isInstruct = generator.uniform() < 0.7
      let scale = Float(size) / Float(Self.sizes.count - 1) - 0.5
      abilities[llm, 0] =
        1.6 * scale + (isInstruct ? 0.25 : -0.25) + 0.3 * specialities[family][0] + 0.5 * generator.normal()
      for trait in 1..<max(traits, 1) {
        abilities[llm, trait] = 0.5 * specialities[family][trait] + 0.5 * generator.normal()
      }
      let parameters = Self.sizes[size]
      let billions = parameters == parameters.rounded() ? "\(Int(parameters))" : "\(parameters)"
      let kind = isInstruct ? "instruct" : "base"
      names.append("\(Self.families[family])-\(billions)b-\(kind)-\(llm)")
      metadata.append([Self.families[family], billions, kind])
    }
    self.names = names
    self.metadata = metadata
    self.abilities = abilities
  }
}
