import FileFormats
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct ReportFolderTests {
  func files(_ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      if let bytes = try? ByteRegion(mapping: "\(folder)/\(path)").array { files[path] = bytes }
    }
    return files
  }

  func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func withoutGnuplotTheTablesStillCome() throws {
    let sample = try SampleRun()
    let report = Report(sample.run)
    let place = try ReportFolder(sample.scratch["report"], replacing: false)
    let written = try place.write(report, gnuplot: nil)
    #expect(written.page == sample.scratch["report"] + "/report.html" && written.failures.isEmpty)
    let names = Set(try files(written.folder).keys)
    for table in report.tables {
      for ending in ["csv", "md", "tex"] { #expect(names.contains("tables/\(table.name).\(ending)")) }
    }
    for figure in report.figures {
      #expect(names.isSuperset(of: ["figures/\(figure.name).tsv", "figures/\(figure.name).gp"]))
    }
    #expect(!names.contains { $0.hasSuffix(".svg") || $0.hasSuffix(".png") })
    let page = try text(written.page)
    #expect(page.contains("install it (Debian: gnuplot-nox)") && !page.contains("<svg"))
    #expect(
      throws: FileError(
        sample.scratch["report"], "exists already: replace it with --overwrite, or choose another place")
    ) {
      try ReportFolder(sample.scratch["report"], replacing: false)
    }
  }

  @Test func aGnuplotThatFailsIsTold() throws {
    let sample = try SampleRun()
    try AtomicFile.write(
      "#!/bin/sh\necho half >${2%.gp}.svg\necho 'no terminal' >&2\nexit 1\n", to: sample.scratch["gp"])
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sample.scratch["gp"])
    let written = try ReportFolder(sample.scratch["page.html"], replacing: false).write(
      Report(sample.run), gnuplot: Gnuplot(path: sample.scratch["gp"]))
    #expect(written.failures.first == "gnuplot did not draw v_b_2: no terminal")
    #expect(written.page == sample.scratch["page.html"] && written.folder == sample.scratch["page_files"])
    #expect(try !files(written.folder).keys.contains("figures/v_b_2.svg"))
    #expect(try text(written.page).contains("gnuplot did not draw v_b_2: no terminal"))
  }

  @Test(.enabled(if: Gnuplot() != nil, "no gnuplot on the PATH"))
  func thePageNeedsNothingElseAndRepeats() throws {
    let name = "<i>O'Neil</i> \"$x\" `id` \\n & #1"
    let sample = try SampleRun(router: name)
    let report = Report(sample.run)
    let first = try ReportFolder(sample.scratch["a"], replacing: false).write(report, gnuplot: Gnuplot())
    let second = try ReportFolder(sample.scratch["b"], replacing: false).write(report, gnuplot: Gnuplot())
    #expect(first.failures.isEmpty)
    #expect(try files(first.folder) == files(second.folder))
    let page = try text(first.page)
    #expect(page.components(separatedBy: "<svg ").count - 1 == report.figures.count)
    for outside in ["<script", "<link", "@import", "src="] { #expect(!page.contains(outside)) }
    let addresses = page.components(separatedBy: "http").dropFirst().map { $0.prefix(20) }
    #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/") })
    #expect(!page.contains("<i>") && page.contains("&lt;i&gt;O&#39;Neil&lt;/i&gt; &quot;$x&quot;"))
    // Names inside a picture are its own.
    let ids = page.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count)
  }

  @Test func onlyAReportIsReplaced() throws {
    let sample = try SampleRun()
    #expect(throws: FileError.self) { try ReportFolder(sample.scratch["run"], replacing: true) }
    let place = try ReportFolder(sample.scratch["r"], replacing: true)
    _ = try place.write(Report(sample.run), gnuplot: nil)
    _ = try ReportFolder(sample.scratch["r"], replacing: true).write(Report(sample.run), gnuplot: nil)
  }

  @Test func inlinePictures() {
    let svg = """
      <?xml version="1.0"?>
      <svg width="5" height="6"
       viewBox="0 0 5 6">
      <title>Gnuplot</title><desc>by</desc>
      <defs><circle id='gpDot'/></defs><use xlink:href='#gpDot'/><g id="g" fill="url(#gpDot)"/>
      </svg>
      """
    let inline = InlinePicture.html(svg, name: "f 1", title: "A & B")
    #expect(inline?.contains("viewBox=\"0 0 5 6\"") == true && inline?.contains("Gnuplot") == false)
    #expect(inline?.contains("aria-label=\"A &amp; B\"") == true)
    #expect(inline?.contains("id='f-321-gpDot'") == true && inline?.contains("href='#f-321-gpDot'") == true)
    #expect(inline?.contains("url(#f-321-gpDot)") == true)
    #expect(InlinePicture.html("<html>", name: "x", title: "") == nil)
  }
}

@Suite struct PlotTextTests {
  @Test func stringsAndData() {
    #expect(PlotScript.quoted("a'b\n`c`") == "'a''b `c`'")
    var data = PlotData(columns: ["x", "y"])
    #expect(data.add([PlotData.Row(numbers: [1, nil], words: ["a\tb"])]) == 0)
    #expect(data.add([PlotData.Row(numbers: [2, 0.5], words: ["#"])]) == 1)
    #expect(data.text == "# x\ty\n1.0\tNaN\ta b\n\n\n2.0\t0.5\t#\n")
  }

  @Test func labelsOfSizesDoNotTouch() {
    #expect(PlotRange.logarithmicTics([1, 10, 100], length: 200) == "('1' 1, '10' 10, '100' 100)")
    #expect(PlotRange.logarithmicTics([1, 2, 99, 100], length: 200) == "('1' 1, '2' 2, '' 99, '100' 100)")
    #expect(PlotRange.logarithmicTics([4], length: 200) == "('4' 4)")
  }

  @Test func rangesHoldTheirValues() {
    let range = PlotRange([0.42, 0.97], step: 0.1, limits: 0...1)
    #expect(range.text == "[0.400:1.000]" && range.tic == "0.10")
    #expect(PlotRange([0.5], step: 0.1, limits: 0...1).high > 0.5)
  }

  @Test func routersAreToldApart() {
    let routers = ["oracle", "mix:0.5", "random", "best-single"] + (0..<20).map { "r\($0)" }
    let looks = PlotStyle.looks(routers)
    #expect(Set(routers.compactMap { looks[Name($0)]?.line }).count == routers.count)
    #expect(RouterFamily("mix:0.5") == .mixture(share: 0.5) && RouterFamily("mix:x") == .other)
  }
}
