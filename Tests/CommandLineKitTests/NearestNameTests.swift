import Testing

@testable import CommandLineKit

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("seed", "seed", 0), ("seed", "sed", 1),
    ("seed", "seeed", 1),
    ("seed", "sead", 1), ("seed", "sede", 1), ("ca", "abc", 3), ("kitten", "sitting", 3),
  ])
  func editDistances(_ first: String, _ second: String, _ distance: Int) {
    #expect(editDistance(first, second) == distance)
    #expect(editDistance(second, first) == distance)
  }

  @Test func nearest() {
    let names = ["data", "factors", "seed", "threads"]
    #expect(nearestName(to: "fator", among: names) == "factors")
    #expect(nearestName(to: "thr", among: names) == "threads")
    #expect(nearestName(to: "sede", among: names) == "seed")
    #expect(nearestName(to: "output", among: names) == nil)
    #expect(nearestName(to: "", among: names) == nil)
  }

  @Test func shortWordsNeedMoreThanTheirLength() {
    #expect(nearestName(to: "k", among: ["l"]) == nil)
    #expect(nearestName(to: "xy", among: ["ab", "xyz"]) == "xyz")
    #expect(nearestName(to: "l1", among: ["l2"]) == "l2")
  }

  @Test func fewerEditsWinThenTheFirst() {
    #expect(nearestName(to: "train", among: ["strain", "trains", "drains"]) == "strain")
    #expect(nearestName(to: "se", among: ["seeds", "set"]) == "set")
  }
}
