import CommandLineKit
import Testing

@Suite struct HelpTests {
  @Test func wholeTextOfACommand() {
    let expected = """
      Usage: rs-train --data DIR [options] OUTPUT QUERY...

      Train a router on a dataset folder.

      Arguments:
        OUTPUT                  file to write
        QUERY                   a query to route

      Options:
            --data DIR          dataset folder
            --factors K         number of factors of each query and each LLM, without
                                the two biases [default: 32]
            --learning-rate R   step size [default: 0.05]
            --ties RULE         how ties break; one of mean, first [default: mean]
            --router NAME       which router; one of knn, mlp
            --benchmarks NAMES  only these benchmarks [default: all of them]
            --pools M           pool sizes [default: 3,5]
            --seed N            seed of the random numbers [default: 0]
            --threads N         number of threads; results don't depend on it
                                [default: one for each processor]
            --json              print machine-readable results on standard output
            --quiet             print no progress and no notes
        -h, --help              show this help and exit
            --version           show the version and exit

      Examples:
        rs-train --data mmlu_pro/ --factors 16 model/ q1 q2
        rs-train --data arc/ model/ q1

      """
    #expect(Sample.run(Sample.train(), "--help") == Sample.Result(status: 0, output: expected, errors: ""))
  }

  @Test func wholeTextOfAGroup() {
    let expected = """
      Usage: rs-data <subcommand> ...

      Make and inspect datasets.

      Subcommands:
        import         Read other formats.
        info           Describe a dataset folder.

      Options:
        -h, --help     show this help and exit
            --version  show the version and exit

      """
    #expect(Sample.run(Sample.tree(), "-h").output == expected)
  }

  @Test func wholeTextOfANestedSubcommand() {
    let expected = """
      Usage: rs-data import routereval --data DIR [options] [SOURCE]

      Read the published pickle files.

      Arguments:
        SOURCE          file to read

      Options:
            --data DIR  dataset folder
            --quiet     print no progress and no notes
        -h, --help      show this help and exit
            --version   show the version and exit

      Example:
        rs-data import routereval --data out/ in/

      """
    #expect(Sample.run(Sample.tree(), "import", "routereval", "--help").output == expected)
  }

  @Test func wholeTextOfACommandThatRunsAndChooses() {
    #expect(
      Sample.run(Sample.both(), "--help").output == """
        Usage: rs-eval --data DIR [options]
           or: rs-eval <subcommand> ...

        Measure routers.

        Subcommands:
          grid             Measure many.

        Options:
              --data DIR   dataset folder
              --factors K  number of factors of each query and each LLM, without the two
                           biases [default: 32]
          -h, --help       show this help and exit
              --version    show the version and exit

        """)
  }

  @Test func helpAnywhereWinsOverErrors() {
    let expected = Sample.run(Sample.train(), "--help")
    #expect(Sample.run(Sample.train(), "--wrong", "--factors", "x", "-h") == expected)
    #expect(Sample.run(Sample.train(), "--data", "x", "out", "q", "--", "-h").output.isEmpty)
  }

  @Test func longTermsAndLongUsageWrap() {
    let options = (1...4).map {
      Option.string("very-long-option-name-\($0)", placeholder: "TEXT", help: "text \($0)")
    }
    let command = Command(name: "x", summary: "", options: options) { _ in }
    let expected = """
      Usage: x --very-long-option-name-1 TEXT --very-long-option-name-2 TEXT
               --very-long-option-name-3 TEXT --very-long-option-name-4 TEXT [options]
      """
    let output = Sample.run(command, "--help").output
    #expect(output.hasPrefix(expected))
    #expect(output.contains("\n      --very-long-option-name-1 TEXT\n                 text 1\n"))
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
