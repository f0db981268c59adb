import Evaluation
import Metrics

/// What the metrics of a report mean and how its intervals were made.
enum ReportGlossary {
  private typealias Term = (term: String, meaning: String)

  private static let terms: [Term] =
    pools + of(.quality) + comparisons + of(.spread) + tests + of(.loss) + of(.predictions) + routers

  private static func of(_ family: Metric.Family) -> [Term] {
    MetricCatalog.all.of(family).map { ($0.symbol, $0.meaning) }
  }

  private static let pools: [Term] = [
    ("m", "The number of candidate LLMs in a pool."),
    (
      "groups",
      "All strong: a complementary window of the strongest LLMs; all weak: of the weakest; strong to weak: one "
        + "from each level of accuracy."
    ),
  ]

  private static let comparisons: [Term] = [
    (
      "null V_B",
      "The mean V_B, over the resamples, of the best single LLM itself. It is below 1, because on each resample "
        + "V_B divides by the best of several means that vary by chance. A V_B below 1 but above it is no "
        + "evidence of a router worse than that LLM."
    ),
    ("Δμ", "μ less that of the LLM that was best on train, on the same queries."),
  ]

  private static let tests: [Term] = [
    (
      "p (Holm, by router)",
      "The two-sided p-value of Δμ, that of the bootstrap or of the sign-flip test of the queries' differences, whichever "
        + "is larger, adjusted by Holm's method over all pools of the run for each router."
    )
  ]

  private static let costs: [Term] = [
    (
      "AIQ",
      "RouterBench's average improvement in quality (arXiv 2403.12031): the mean, over the range of the pool's single "
        + "LLMs' costs, of the non-decreasing convex hull of what a router reaches at each price; a hull that ends early "
        + "goes on level."
    )
  ]

  private static let routers: [Term] = [
    ("oracle", "Picks an LLM that answers right wherever there is one: the upper bound, r_o(1)."),
    ("mix:p", "r_o(p): the oracle with probability p, else random."),
    ("random", "Every candidate alike, r_o(0)."),
    ("best-single", "The LLM that was best on train, for every query."),
  ]

  /// The definitions and a paragraph on intervals.
  static func html(_ run: FinishedRun) -> String {
    let bootstrap = run.configuration.bootstrap
    let own = run.cells.contains { $0.singleCosts != nil } ? costs : []
    let entries = (terms + own).map {
      "<dt>\(HTML.prose($0.term))</dt><dd>\(HTML.prose($0.meaning))</dd>"
    }
    let level = NumberText.fixed(100 * bootstrap.level, 0)
    return "<dl>\n\(entries.joined(separator: "\n"))\n</dl>\n"
      + "<p>Intervals are \(level)% percentile intervals of \(bootstrap.resamples) bootstrap resamples of the \(run.configuration.measured.rawValue) "
      + "queries, drawn within each sub-scenario and the same for all routers of a pool, with the best single LLM "
      + "chosen anew on each resample. From n queries of a sub-scenario n − 1 are drawn, each counting n / (n − 1), and "
      + "sub-scenarios with one query are one together, so that the spread is right for small ones too; percentiles "
      + "are taken as far out as Student's t asks for. Where fewer than seven queries differ from the usual value, an "
      + "interval is as wide as the exact (Clopper–Pearson) bounds of their number allow: 20 right of 20 is 0.83 to 1. "
      + "Where one router always picks the LLM that it is compared with, the comparison is exact. They tell how much other queries might change a value, not "
      + "what another training run, another draw of the pool or another split would.</p>\n"
      + "<p>Metrics, pools and splits follow RouterEval (arXiv 2503.10657). A response that is missing is never "
      + "counted as wrong: its query is left out of the pool.</p>\n"
  }
}
