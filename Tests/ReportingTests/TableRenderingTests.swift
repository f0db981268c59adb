import FileFormats
import Testing

@testable import Reporting

@Suite struct TableRenderingTests {
  let table = ReportTable(
    name: "a_b", title: "50% of V_B & more",
    columns: [.text("router"), .number("μ", in: "x_1", interval: true), .number("E_p", in: "x_1")],
    rows: [
      ReportTable.Row(
        ["<a|b_c>, \"d\" & \\e", ReportTable.Cell("0.5", low: "0.4", high: "0.6"), "–"], startsSection: true),
      ReportTable.Row(["*p*", "0.25", "1"], isQuoted: true, startsSection: true),
    ], notes: ["A note on V_B."])

  @Test func csv() {
    #expect(
      table.csv == """
        router,x_1 μ,x_1 μ low,x_1 μ high,x_1 E_p
        "<a|b_c>, ""d"" & \\e",0.5,0.4,0.6,
        *p*,0.25,,,1

        """)
  }

  @Test func markdown() {
    let lines = table.markdown.split(separator: "\n").map(String.init)
    #expect(lines.first == "**50% of V_B & more**" && lines.last == "A note on V_B.")
    #expect(lines[1] == "| router                |          x_1 μ | x_1 E_p |")
    #expect(lines[2] == "| --------------------- | -------------: | ------: |")
    #expect(lines[3] == #"| \<a\|b_c\>, "d" & \\e | 0.5 [0.4, 0.6] |       – |"#)
    #expect(lines[4] == #"| *\*p\**               |         *0.25* |     *1* |"#)
    #expect(ReportTable.markdown("_x_ a_b") == #"\_x\_ a_b"#)
  }

  @Test func latex() {
    let lines = table.latex.split(separator: "\n").map(String.init)
    #expect(lines.contains(#"\caption{50\% of $V_B$ \& more}"#))
    #expect(lines.contains(#"\begin{tabular}{@{}lrr@{}}"#))
    #expect(lines.contains(#" & \multicolumn{2}{c}{x\_1} \\"#))
    #expect(lines.contains(#"\cmidrule(lr){2-3}"#))
    #expect(lines.contains(#"router & $\mu$ & $E_p$ \\"#))
    #expect(
      lines.contains(#"$<$a$|$b\_c$>$, "d" \& \textbackslash{}e & 0.5 {[}0.4, 0.6{]} & -- \\"#))
    #expect(lines.contains(#"\textit{*p*} & \textit{0.25} & \textit{1} \\"#))
    #expect(lines.filter { $0 == #"\midrule"# }.count == 2)
  }

  @Test func html() {
    let html = table.html()
    #expect(html.contains("<h3 id=\"a_b-title\">50% of V<sub>B</sub> &amp; more</h3>"))
    #expect(html.contains("<td>&lt;a|b_c&gt;, &quot;d&quot; &amp; \\e</td>"))
    #expect(html.contains("<td class=\"number first\">0.5 <span class=\"interval\">[0.4, 0.6]</span></td>"))
    #expect(html.contains("<th colspan=\"2\" scope=\"colgroup\" class=\"group\">x_1</th>"))
    #expect(html.contains("<tr class=\"quoted section\"><td>*p*</td>"))
    #expect(HTML.fragment("a b") != HTML.fragment("a-b") && !HTML.fragment("\"é<").contains("\""))
  }
}
