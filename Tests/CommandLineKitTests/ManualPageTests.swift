import CommandLineKit
import Testing

@Suite struct ManualPageTests {
  private let page = Sample.run(Sample.tree(), "--print-manual").output

  @Test func namesEverySubcommandAndOption() {
    #expect(page.hasPrefix(".TH RS\\-DATA 1 \"\" \"rs\\-data 1.2\"\n.SH NAME\n"))
    #expect(page.contains("\nrs\\-data \\- Make and inspect datasets\n"))
    #expect(page.contains("\n\\fBrs\\-data import routereval\\fR \\fB\\-\\-data\\fR \\fIDIR\\fR [options] "))
    #expect(
      page.contains("\n.SH \"RS\\-DATA INFO\"\nDescribe a dataset folder.\n.TP\n\\fB\\-\\-data\\fR \\fIDIR"))
    #expect(page.contains("\nrs\\-data import routereval \\-\\-data out/ in/\n"))
  }

  @Test func aTextNeverBecomesARequest() {
    let command = Command(
      name: "x", summary: "Does it.",
      options: [Option.flag("all", help: ".TH isn't a request here; nor is \\fB")], run: { _ in })
    let page = Sample.run(command, "--print-manual").output
    #expect(page.contains("\n\\&.TH isn't a request here; nor is \\efB\n"))
  }

  @Test func optionsOfAFamilyStandOnceByWhatChoosesThem() {
    let page = Sample.run(Sample.member(of: []), "--print-manual").output
    #expect(page.components(separatedBy: "\\fB\\-\\-data\\fR \\fIDIR\\fR\n").count == 2)
    #expect(
      page.contains(
        ".SH \"OPTIONS WITH \\-\\-model als\"\n.TP\n\\fB\\-\\-l2\\fR \\fIL\\fR\npenalty [default: 1]\n"))
    #expect(
      page.contains(
        ".SH \"OPTIONS WITH \\-\\-model svd\"\n.TP\n\\fB\\-\\-rank\\fR \\fIR\\fR\nrank [default: 2]\n"))
  }
}
