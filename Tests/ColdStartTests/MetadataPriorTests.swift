import ColdStart
import Foundation
import Learning
import NumericKernels
import RoutingData
import Testing

/// Priors of LLMs from metadata, on LLMs whose intercept is 0.8·log₂(size/7) + an effect of the family + noise.
@Suite struct MetadataPriorTests {
  private static let families = ["north", "east", "south", "west", "up", "down"]
  private static let effects: [Float] = [1.5, -1.5, 0.8, -0.8, 0.4, -0.4]
  private static let noise: Float = 0.3

  private struct Population {
    let metadata: [LLMMetadata]
    let intercepts: [Float]
  }

  private static func population(_ families: Range<Int>, each: Int, seed: UInt64) -> Population {
    var generator = SeededGenerator(seed: seed, stream: "metadata-test")
    var metadata: [LLMMetadata] = []
    var intercepts: [Float] = []
    for family in families {
      for _ in 0..<each {
        let size = exp2(Float(generator.below(6)))
        metadata.append(
          LLMMetadata(family: Self.families[family], size: Double(size), isInstruct: false))
        intercepts.append(truth(family: family, size: size) + noise * generator.normal())
      }
    }
    return Population(metadata: metadata, intercepts: intercepts)
  }

  private static func truth(family: Int?, size: Float) -> Float {
    0.8 * log2(size / 7) + (family.map { effects[$0] } ?? 0)
  }

  private static func prior(_ population: Population) throws -> MetadataPrior {
    let count = population.intercepts.count
    var generator = SeededGenerator(seed: 3, stream: "metadata-abilities")
    let model = try FactorModel(
      RouterIdentity(name: "test", encoder: nil, llms: (0..<count).map { "llm\($0)" }),
      llmFactors: Matrix(rows: count, columns: 1, storage: (0..<count).map { _ in generator.normal() }),
      llmBiases: population.intercepts,
      queryEncoder: EmbeddingMap(
        benchmarks: ["b"], weights: Matrix(rows: 2, columns: 1), residualCovariance: nil))
    return try MetadataPrior(model, metadata: population.metadata)
  }

  @Test func relativesAndSizeAreUsed() throws {
    let prior = try Self.prior(Self.population(0..<6, each: 12, seed: 1))
    for family in Self.families.indices {
      for size: Float in [2, 16] {
        let abilities = prior.abilities(
          of: LLMMetadata(family: Self.families[family], size: Double(size), isInstruct: false))
        #expect(abs(abilities.mean[1] - Double(Self.truth(family: family, size: size))) < 0.35)
      }
    }
  }

  @Test func anUnknownFamilyIsPlacedBySizeAndIsLessSure() throws {
    let prior = try Self.prior(Self.population(0..<6, each: 12, seed: 2))
    func abilities(_ family: String, _ size: Double) -> Abilities {
      prior.abilities(of: LLMMetadata(family: family, size: size, isInstruct: false))
    }
    let difference = abilities("strange", 32).mean[1] - abilities("strange", 1).mean[1]
    #expect(abs(difference - 4) < 0.6)
    #expect(abilities("strange", 8).variance(of: 1) > 3 * abilities("north", 8).variance(of: 1))
    #expect(abs(abilities("strange", 7).mean[1]) < 0.8)
  }

  @Test func intervalsHoldTheTruth() throws {
    let known = Self.population(0..<6, each: 20, seed: 4)
    let prior = try Self.prior(known)
    let new = Self.population(0..<6, each: 100, seed: 5)
    let inside = zip(new.metadata, new.intercepts).filter { metadata, truth in
      let abilities = prior.abilities(of: metadata)
      return abs(abilities.mean[1] - Double(truth)) < 1.96 * abilities.variance(of: 1).squareRoot()
    }
    let share = Double(inside.count) / Double(new.intercepts.count)
    #expect(share > 0.91 && share < 0.985)
  }

  @Test func aNameThatSaysNothingIsAnyLLM() throws {
    let population = Self.population(0..<6, each: 12, seed: 6)
    let prior = try Self.prior(population)
    let nothing = LLMMetadata(family: "strange", size: nil, isInstruct: nil)
    #expect(!prior.isInformed(by: nothing))
    let any = prior.abilities(of: nothing)
    let mean = population.intercepts.reduce(0, +) / Float(population.intercepts.count)
    #expect(abs(any.mean[1] - Double(mean)) < 1e-4)
    let known = prior.abilities(of: LLMMetadata(family: "north", size: 8, isInstruct: false))
    #expect(any.variance(of: 1) > 5 * known.variance(of: 1))
  }

  @Test func theOrderOfLLMsDoesNotMatter() throws {
    let population = Self.population(0..<4, each: 8, seed: 7)
    let reversed = Population(
      metadata: population.metadata.reversed(), intercepts: population.intercepts.reversed())
    // The other ability is drawn by place, so that only the intercept is compared.
    let wanted = LLMMetadata(family: "east", size: 4, isInstruct: false)
    let (first, second) = (try Self.prior(population), try Self.prior(reversed))
    #expect(abs(first.abilities(of: wanted).mean[1] - second.abilities(of: wanted).mean[1]) < 0.05)
  }
}

/// What names say of LLMs.
@Suite struct LLMMetadataTests {
  @Test(
    arguments: [
      ("Qwen2-7B-Instruct", "qwen", 7.0, true, "2"), ("Qwen2.5-72B", "qwen", 72.0, false, "2.5"),
      ("Meta-Llama-3.1-8B-Instruct", "llama", 8.0, true, "3.1"),
      ("Mixtral-8x7B-v0.1", "mistral", 56.0, false, nil),
      ("claude-3-5-sonnet-20240620", "claude", nil, nil, "3.5"),
      ("claude-3-opus-20240229", "claude", nil, nil, "3"), ("gemma-2-9b-it", "gemma", 9.0, true, "2"),
      ("org/foo-bar", nil, nil, nil, nil),
    ] as [(String, String?, Double?, Bool?, String?)])
  func aNameIsParsed(
    _ name: String, _ family: String?, _ size: Double?, _ isInstruct: Bool?, _ version: String?
  ) {
    #expect(
      LLMMetadata(name: name)
        == LLMMetadata(family: family, size: size, isInstruct: isInstruct, version: version))
  }
}
