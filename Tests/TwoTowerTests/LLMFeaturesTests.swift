import NumericKernels
import Testing

@testable import TwoTower

@Suite struct LLMFeaturesTests {
  @Test func categoriesAreOneHotAndNumbersStandardizedLogarithms() {
    let features = LLMFeatures.matrix(
      fields: ["family", "parameters", "kind"],
      metadata: [
        ["llama", "7B", "base"], ["llama", "70B", "instruct"], ["qwen", "", "instruct"], ["odd", "7e9", ""],
        ["qwen", "70B", "base"],
      ])
    #expect(
      features.names == ["family=llama", "family=qwen", "log(parameters)", "kind=base", "kind=instruct"])
    let rounded = features.values.storage.map { ($0 * 1000).rounded() / 1000 }
    #expect(
      rounded == [
        1, 0, -1, 1, 0,
        1, 0, 1, 0, 1,
        0, 1, 0, 0, 1,
        0, 0, -1, 0, 0,
        0, 1, 1, 1, 0,
      ])
  }

  @Test func fieldsThatTellNothingHaveNoColumn() {
    let features = LLMFeatures.matrix(
      fields: ["id", "empty", "same"], metadata: [["a", "", "7"], ["b", "", "7"], ["c", "", ""]])
    #expect(features.names == ["same=7"])
    #expect(features.values == Matrix([[1], [1], [0]]))
    #expect(LLMFeatures.matrix(fields: [], metadata: [[], []]).values == Matrix(rows: 2, columns: 0))
  }
}
