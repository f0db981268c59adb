/// RouterEval's twelve benchmarks, their sub-scenarios and their numbers of queries.
///
/// Names: the scenario lists of RouterEval's published code (arXiv 2503.10657); its `harness_truthfulqa_mc_0`
/// is called `truthfulqa` here. Numbers: the benchmarks' own publications.
enum RouterEvalBenchmarks {
  /// One sub-scenario.
  struct Subscenario {
    /// The name that score files use.
    let name: String
    /// The number of its queries.
    let queries: Int
  }

  /// One benchmark.
  struct Benchmark {
    let name: String
    let subscenarios: [Subscenario]

    /// The number of its queries.
    var queries: Int { subscenarios.reduce(0) { $0 + $1.queries } }

    init(_ name: String, _ subscenarios: [(String, Int)], prefix: String = "", suffix: String = "") {
      self.name = name
      self.subscenarios = subscenarios.map { Subscenario(name: prefix + $0.0 + suffix, queries: $0.1) }
    }
  }

  /// All benchmarks: first those of the older leaderboard, then those of the newer one and MMLU-Pro.
  static let all: [Benchmark] = [
    Benchmark("arc", [("harness_arc_challenge_25", 1172)]),
    Benchmark("hellaswag", [("harness_hellaswag_10", 10042)]),
    Benchmark("mmlu", mmluSubjects, prefix: "harness_hendrycksTest_", suffix: "_5"),
    Benchmark("truthfulqa", [("harness_truthfulqa_mc_0", 817)]),
    Benchmark("winogrande", [("harness_winogrande_5", 1267)]),
    Benchmark("gsm8k", [("harness_gsm8k_5", 1319)]),
    Benchmark("ifeval", [("ifeval", 541)]),
    Benchmark("bbh", bbhTasks, prefix: "bbh_"),
    Benchmark("gpqa", [("diamond", 198), ("extended", 546), ("main", 448)], prefix: "gpqa_"),
    Benchmark("math", mathSubjects, prefix: "math_", suffix: "_hard"),
    Benchmark(
      "musr", [("murder_mysteries", 250), ("object_placements", 256), ("team_allocation", 250)],
      prefix: "musr_"),
    Benchmark("mmlu_pro", [("mmlu_pro", 12032)]),
  ]

  private static let mathSubjects = [
    ("algebra", 307), ("counting_and_prob", 123), ("geometry", 132), ("intermediate_algebra", 280),
    ("num_theory", 154), ("prealgebra", 193), ("precalculus", 135),
  ]

  private static let bbhTasks = [
    ("boolean_expressions", 250), ("causal_judgement", 187), ("date_understanding", 250),
    ("disambiguation_qa", 250), ("formal_fallacies", 250), ("geometric_shapes", 250), ("hyperbaton", 250),
    ("logical_deduction_five_objects", 250), ("logical_deduction_seven_objects", 250),
    ("logical_deduction_three_objects", 250), ("movie_recommendation", 250), ("navigate", 250),
    ("object_counting", 250), ("penguins_in_a_table", 146), ("reasoning_about_colored_objects", 250),
    ("ruin_names", 250), ("salient_translation_error_detection", 250), ("snarks", 178),
    ("sports_understanding", 250), ("temporal_sequences", 250),
    ("tracking_shuffled_objects_five_objects", 250), ("tracking_shuffled_objects_seven_objects", 250),
    ("tracking_shuffled_objects_three_objects", 250), ("web_of_lies", 250),
  ]

  private static let mmluSubjects = [
    ("abstract_algebra", 100), ("anatomy", 135), ("astronomy", 152), ("business_ethics", 100),
    ("clinical_knowledge", 265), ("college_biology", 144), ("college_chemistry", 100),
    ("college_computer_science", 100), ("college_mathematics", 100), ("college_medicine", 173),
    ("college_physics", 102), ("computer_security", 100), ("conceptual_physics", 235),
    ("econometrics", 114), ("electrical_engineering", 145), ("elementary_mathematics", 378),
    ("formal_logic", 126), ("global_facts", 100), ("high_school_biology", 310),
    ("high_school_chemistry", 203), ("high_school_computer_science", 100),
    ("high_school_european_history", 165), ("high_school_geography", 198),
    ("high_school_government_and_politics", 193), ("high_school_macroeconomics", 390),
    ("high_school_mathematics", 270), ("high_school_microeconomics", 238), ("high_school_physics", 151),
    ("high_school_psychology", 545), ("high_school_statistics", 216), ("high_school_us_history", 204),
    ("high_school_world_history", 237), ("human_aging", 223), ("human_sexuality", 131),
    ("international_law", 121), ("jurisprudence", 108), ("logical_fallacies", 163),
    ("machine_learning", 112), ("management", 103), ("marketing", 234), ("medical_genetics", 100),
    ("miscellaneous", 783), ("moral_disputes", 346), ("moral_scenarios", 895), ("nutrition", 306),
    ("philosophy", 311), ("prehistory", 324), ("professional_accounting", 282), ("professional_law", 1534),
    ("professional_medicine", 272), ("professional_psychology", 612), ("public_relations", 110),
    ("security_studies", 245), ("sociology", 201), ("us_foreign_policy", 100), ("virology", 166),
    ("world_religions", 171),
  ]
}
