import CommandLineKit
import Testing

@Suite struct TextTableTests {
  @Test func alignsByCharactersNotBytes() {
    var table = TextTable([.left("router"), .right("μ"), .right("V_R"), .left("note")])
    table.append(["kNN", "0.5123", "0.9", ""])
    table.append(["Müller–Lyer", "–", "1.25", "a\nb"])
    #expect(
      table.render() == """
        router            μ   V_R  note
        -----------  ------  ----  ----
        kNN          0.5123   0.9
        Müller–Lyer       –  1.25  a b

        """)
  }

  @Test func withoutRowsThereIsAHeader() {
    #expect(TextTable([.left("a"), .right("bc")]).render() == "a  bc\n-  --\n")
  }
}
