import Testing

@testable import NumericKernels

@Suite struct OpenBLASKernelTests {
  static let wide: Set<String> = ["avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]

  @Test func newProcessorGetsTheWidestKernel() {
    #expect(OpenBLASKernel.remedy(current: "Prescott", flags: Self.wide, environment: [:]) == "SkylakeX")
    #expect(OpenBLASKernel.remedy(current: "Haswell", flags: Self.wide, environment: [:]) == "SkylakeX")
    #expect(
      OpenBLASKernel.remedy(current: "Prescott", flags: ["avx2", "fma"], environment: [:]) == "Haswell")
  }

  @Test func goodChoicesStand() {
    #expect(OpenBLASKernel.remedy(current: "Zen", flags: ["avx2", "fma"], environment: [:]) == nil)
    #expect(OpenBLASKernel.remedy(current: "SapphireRapids", flags: Self.wide, environment: [:]) == nil)
    #expect(OpenBLASKernel.remedy(current: "Prescott", flags: ["sse2"], environment: [:]) == nil)
  }

  @Test func theUsersChoiceStands() {
    let environment = ["OPENBLAS_CORETYPE": "Prescott"]
    #expect(OpenBLASKernel.remedy(current: "Prescott", flags: Self.wide, environment: environment) == nil)
  }
}
