/// The options that mean the same in every command.
///
///     Command(name: "rs-train", …, options: [data, factors] + CommonOptions.all, …)
public enum CommonOptions {
  /// `--seed`: where all random numbers of a run start.
  public static let seed = Option.integer(
    "seed", placeholder: "N", default: 0, help: "seed of the random numbers")

  /// `--threads`: how many threads to compute with; `nil` is one for each processor.
  public static let threads = Option.integer(
    "threads", placeholder: "N", in: 1...1024, help: "number of threads; results don't depend on it"
  ).optional(meaning: "one for each processor")

  /// `--quiet`: no progress and no notes; ``CommandRunner`` obeys it by itself.
  public static let quiet = Option.flag("quiet", help: "print no progress and no notes")

  /// `--json`: results for machines on standard output.
  public static let json = Option.flag("json", help: "print machine-readable results on standard output")

  /// All of them, in the order of the help text.
  public static let all: [any OptionDeclaration] = [seed, threads, json, quiet]
}
