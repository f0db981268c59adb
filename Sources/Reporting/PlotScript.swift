/// A gnuplot script under construction: panels on one sheet, a title above and a legend at the right.
///
/// Lengths are pixels of the SVG, from the lower left corner.
struct PlotScript {
  /// A rectangle between the axes.
  struct Frame {
    let left: Double
    let right: Double
    let bottom: Double
    let top: Double
  }

  /// A line of the legend.
  struct Entry {
    let name: String
    /// How gnuplot draws it, such as `with lines lc rgb "#000000"`.
    let look: String
  }

  /// The width of the legend.
  static let legendWidth = 200.0
  private static let longestName = 20

  let name: String
  let title: String
  let width: Double
  let height: Double
  private var body: [String] = []

  /// A script without panels.
  init(name: String, title: String, width: Double, height: Double) {
    self.name = name
    self.title = title
    self.width = width
    self.height = height
  }

  /// Adds a panel: settings, then the parts of its plot command, at least one.
  mutating func panel(_ frame: Frame, settings: [String], plots: [String]) {
    precondition(!plots.isEmpty, "a panel of nothing")
    body += margins(frame) + settings
    body.append("plot " + plots.joined(separator: ", \\\n    "))
    // Every panel would draw the title of the sheet again.
    body.append("unset label")
  }

  /// Adds the legend at the right, below the title.
  mutating func legend(_ entries: [Entry]) {
    body += ["# legend"]
    body += margins(Frame(left: 1, right: width - 1, bottom: 1, top: height - 1))
    body += [
      "unset title; unset xlabel; unset ylabel; unset tics; unset grid; unset arrow; unset logscale",
      "set border 0; set xrange [0:1]; set yrange [0:1]",
      "set key at screen \(share(width - Self.legendWidth, width)), \(share(height - 44, height)) left top "
        + "Left reverse vertical maxcols 1 samplen 2 spacing 1.25",
    ]
    let keys = entries.map { entry in
      let short =
        entry.name.count <= Self.longestName
        ? entry.name : String(entry.name.prefix(Self.longestName - 1)) + "…"
      return "keyentry \(entry.look) title \(Self.quoted(short))"
    }
    body.append("plot " + (["NaN notitle"] + keys).joined(separator: ", \\\n    "))
  }

  /// The whole script.
  var text: String {
    let lines = [
      "# \(PlotData.plain(title))",
      "# Reads \(PlotData.plain(name)).tsv and style.gp in this folder, writes the .svg and the .png.",
      "name = \(Self.quoted(name))", "data = name.\".tsv\"", "width = \(Int(width))",
      "height = \(Int(height))", "load \"style.gp\"",
      "do for [kind in \"svg png\"] {",
      "  if (kind eq \"svg\") { eval svg_terminal } else { eval png_terminal }",
      "  set output name.\".\".kind", "  set multiplot",
      "  set label 1 \(Self.quoted(title)) at screen \(share(12, width)), \(share(height - 18, height)) left "
        + "font title_font",
    ]
    return
      (lines + body.map { "  " + $0 } + [
        "  unset multiplot", "  set output", "  reset", "  load \"style.gp\"", "}",
      ])
      .joined(separator: "\n") + "\n"
  }

  private func margins(_ frame: Frame) -> [String] {
    [
      "set lmargin at screen \(share(frame.left, width))",
      "set rmargin at screen \(share(frame.right, width))",
      "set bmargin at screen \(share(frame.bottom, height))",
      "set tmargin at screen \(share(frame.top, height))",
    ]
  }

  private func share(_ length: Double, _ whole: Double) -> String { NumberText.fixed(length / whole, 4) }

  /// A text as a gnuplot string; in single quotes nothing but the quote itself is special.
  static func quoted(_ text: String) -> String {
    "'" + PlotData.plain(text).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
      + "'"
  }
}
