import RoutingData
import Testing

@Suite struct LLMMetadataTests {
  @Test(arguments: [
    ("Qwen2-7B-Instruct", "qwen", 7.0, true), ("meta-llama/Meta-Llama-3.1-70B", "llama", 70, false),
    ("Mixtral-8x7B-v0.1", "mistral", 56, false), ("google/gemma-2-9b-it", "gemma", 9, true),
    ("EleutherAI/pythia-410m", "pythia", 0.41, false), ("TinyLlama-1.1B-Chat-v1.0", "llama", 1.1, true),
    ("Yi-6b-Chat", "yi", 6, true),
  ]) func namesSay(name: String, family: String, size: Double, isInstruct: Bool) throws {
    let metadata = LLMMetadata(name: name)
    #expect(metadata.family == family)
    #expect(abs(try #require(metadata.size) - size) < 1e-9)
    #expect(metadata.isInstruct == isInstruct)
  }

  @Test func namesThatSayNothing() {
    for name in ["model-17", "x", "0", "🙂", "baseline"] {
      #expect(LLMMetadata(name: name) == LLMMetadata(family: nil, size: nil, isInstruct: nil), "\(name)")
    }
    #expect(LLMMetadata(name: "gpt-4o-2024-05-13").family == "gpt")
    #expect(LLMMetadata(name: "o1-mini-2024-09-12").family == "gpt")
    #expect(LLMMetadata(name: "gpt-4o-2024-05-13").size == nil)
  }

  @Test func columnsGoBeforeNames() throws {
    let catalog = try LLMCatalog(
      names: ["a", "Qwen2-7B", "b"], fields: ["arch", "family", "nparams"],
      metadata: [["MistralForCausalLM", "", "7.24B"], ["", "Mine", "350M"], ["error", "", ""]])
    #expect(LLMMetadata(of: 0, in: catalog) == LLMMetadata(family: "mistral", size: 7.24, isInstruct: nil))
    #expect(LLMMetadata(of: 1, in: catalog).family == "mine")
    #expect(abs((LLMMetadata(of: 1, in: catalog).size ?? 0) - 0.35) < 1e-9)
    #expect(LLMMetadata(of: 2, in: catalog).family == nil)
  }

  @Test func foldsKeepGroupsTogether() {
    let groups = (0..<200).map { $0 % 17 }
    for seed in UInt64(0)..<5 {
      let folds = GroupFolds.dealt(groups, most: 5, seed: seed)
      for group in 0..<17 {
        let own = Set(zip(groups, folds).filter { $0.0 == group }.map { $0.1 })
        #expect(own.count == 1)
      }
      #expect(Set(folds) == Set(0..<5))
      let sizes = Dictionary(grouping: folds) { $0 }.values.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 12)
    }
    #expect(GroupFolds.dealt([4, 4, 4], most: 8, seed: 0) == [0, 0, 0])
  }
}
