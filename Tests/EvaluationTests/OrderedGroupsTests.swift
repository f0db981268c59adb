import Testing

@testable import Evaluation

@Suite struct OrderedGroupsTests {
  @Test func groupsAndElementsStayInTheirOrder() {
    let groups = [5, 2, 7, 4, 9, 2].groupedInOrder { $0 % 3 }
    #expect(groups.map(\.key) == [2, 1, 0])
    #expect(groups.map(\.elements) == [[5, 2, 2], [7, 4], [9]])
    #expect([Int]().groupedInOrder { $0 }.isEmpty)
  }
}
