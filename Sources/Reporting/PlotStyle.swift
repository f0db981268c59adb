import FileFormats

/// The look that the figures share.
enum PlotStyle {
  /// The name of the file that each figure's script loads.
  static let fileName = "style.gp"

  /// The text of that file.
  static let script = """
    # The look of all figures in this folder; change it and draw a figure again: gnuplot NAME.gp
    font = "Helvetica"
    title_font = font.",15"
    svg_terminal = 'set terminal svg size width,height noenhanced font font.",13" background "#ffffff"'
    png_terminal = 'set terminal pngcairo size 2*width,2*height noenhanced font font.",13" \\
      fontscale 2 linewidth 2 pointscale 2 background "#ffffff"'
    set datafile separator "\\t"
    set datafile missing "NaN"
    set border 3 lc rgb "#555555"
    set tics nomirror textcolor rgb "#222222"
    set grid ytics lc rgb "#dddddd" lt 1 lw 1
    set bars 0.6
    unset key

    """

  /// The palette of Okabe and Ito (2008), which colour-blind readers can tell apart, without its yellow.
  private static let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
  private static let points = [7, 5, 9, 11, 13, 15]

  /// How a router looks in every figure of a run.
  struct Look {
    let color: String
    let point: Int
    let dash: Int

    /// The words for a line with points.
    var line: String { "lc rgb \"\(color)\" dt \(dash) lw 2 pt \(point) ps 0.7" }
    /// The words for a point.
    var dot: String { "lc rgb \"\(color)\" pt \(point) ps 0.8 lw 1.5" }
  }

  /// The look of each router of a run.
  static func looks(_ routers: [String]) -> [Name: Look] {
    var looks: [Name: Look] = [:]
    var next = 0
    for router in routers {
      switch RouterFamily(router) {
      case .mixture(let share): looks[Name(router)] = mixture(share)
      case .bestSingle: looks[Name(router)] = baseline
      case .other:
        looks[Name(router)] = look(ofSeries: next)
        next += 1
      }
    }
    return looks
  }

  /// The look of one of many series of the same kind.
  static func look(ofSeries index: Int) -> Look {
    Look(
      color: palette[index % palette.count], point: points[index % points.count],
      dash: index / palette.count % 5 + 1)
  }

  /// The look of what others are measured against.
  static let baseline = Look(color: "#666666", point: 3, dash: 2)

  /// The look of a group.
  static func look(ofGroup index: Int) -> Look {
    Look(color: palette[index % palette.count], point: points[index % points.count], dash: 1)
  }

  /// From a light to a dark grey blue as the share of the oracle grows.
  private static func mixture(_ share: Double) -> Look {
    let ends: [(Double, Double)] = [(0xAE, 0x10), (0xBF, 0x30), (0xD0, 0x5C)]
    let parts = ends.map { light, dark -> String in
      let text = String(Int((light + (dark - light) * share).rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return Look(color: "#" + parts.joined(), point: share == 0 ? 6 : share == 1 ? 7 : 4, dash: 1)
  }
}

/// What a router is by its name.
enum RouterFamily: Equatable {
  /// r_o(p): the oracle with probability p, else random (the paper, §4).
  case mixture(share: Double)
  /// The best single LLM.
  case bestSingle
  /// Something that learned.
  case other

  /// The family of a router's name, which for these routers is its specification.
  init(_ router: String) {
    switch router {
    case "oracle": self = .mixture(share: 1)
    case "random": self = .mixture(share: 0)
    case "best-single": self = .bestSingle
    default:
      if router.hasPrefix("mix:"), let share = Double(router.dropFirst(4)), (0...1).contains(share) {
        self = .mixture(share: share)
      } else {
        self = .other
      }
    }
  }

  /// p of r_o(p); nil for other routers.
  var mixtureShare: Double? {
    if case .mixture(let share) = self { return share }
    return nil
  }
}
