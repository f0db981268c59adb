// swift-tools-version: 6.2
import PackageDescription

/// Numeric and file code may hold unsafe pointers; everything else fails to build if it does.
let unsafeSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error)
]
let safeSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A library of the house: what it may import stands before it in `libraries`.
struct Library {
  let name: String
  let imports: [String]
  /// What its tests import beside it and what it imports.
  let testImports: [String]
  let settings: [SwiftSetting]

  init(
    _ name: String, _ imports: [String], tests: [String] = [], settings: [SwiftSetting] = safeSettings
  ) {
    self.name = name
    self.imports = imports
    testImports = tests
    self.settings = settings
  }
}

let routing = ["RoutingData", "FileFormats", "NumericKernels"]
let learning = ["Learning", "Metrics", "Routing"] + routing

/// The house from top to bottom (CONTRIBUTING.md).
let libraries: [Library] = [
  Library(
    "NumericKernels", ["COpenBLAS", "CLAPACKE", "CVectorKernels"], settings: unsafeSettings),
  Library(
    "FileFormats", ["NumericKernels", "CZlib", "CCrypto"], tests: ["LoopbackServer"],
    settings: unsafeSettings),
  Library("RoutingData", ["FileFormats", "NumericKernels"], tests: ["TestSupport", "LoopbackServer"]),
  Library("TextFeatures", routing, tests: ["TestSupport"]),
  Library("Routing", routing, tests: ["TestSupport"]),
  Library("Metrics", ["Routing"] + routing, tests: ["TestSupport", "Evaluation", "Baselines"]),
  Library(
    "Learning", ["Metrics", "Routing"] + routing, tests: ["TestSupport", "Factorization", "TwoTower"]),
  Library("Factorization", learning, tests: ["TestSupport"]),
  Library("TwoTower", ["Factorization"] + learning, tests: ["TestSupport", "Models"]),
  Library("Regression", learning, tests: ["TestSupport"]),
  Library("Baselines", learning, tests: ["TestSupport"]),
  Library(
    "Models", ["Factorization", "TwoTower", "Regression", "Baselines", "TextFeatures"] + learning,
    tests: ["TestSupport"]),
  Library(
    "Evaluation", ["Metrics", "Routing"] + routing, tests: ["TestSupport", "Baselines", "Learning"]),
  Library(
    "ColdStart", ["Evaluation", "Models", "Factorization", "Regression", "Baselines"] + learning,
    tests: ["TestSupport"]),
  Library(
    "Debiasing", ["Evaluation", "Models", "Factorization", "TwoTower", "Regression", "Baselines"] + learning,
    tests: ["TestSupport"]),
  Library(
    "Prediction", ["Debiasing", "Models"] + learning, tests: ["TestSupport", "Factorization", "Regression"]),
  Library(
    "Reporting", ["Debiasing", "ColdStart", "Evaluation", "Metrics", "Routing"] + routing,
    tests: ["TestSupport", "Baselines"]),
  Library("CommandLineKit", []),
]

/// One thin executable for each command; each may use every library.
let executables = [
  "rs-data", "rs-train", "rs-eval", "rs-coldstart", "rs-predict", "rs-debias", "rs-export", "rs-bench",
]

func dependencies(_ names: [String]) -> [Target.Dependency] { names.map { .target(name: $0) } }

/// The readers under fuzz, over every library: `scripts/fuzz` asks for the fuzzer, otherwise their corpus is replayed.
let fuzzed: Target =
  Context.environment["ROUTEREC_FUZZ"] != nil
  ? .executableTarget(
    name: "Fuzzer", dependencies: dependencies(libraries.map(\.name)), path: "Fuzz",
    exclude: ["Corpus", "Replay"],
    sources: ["Readers", "Driver"],
    swiftSettings: unsafeSettings + [.unsafeFlags(["-parse-as-library"])],
    linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
  : .testTarget(
    name: "FuzzCorpusTests", dependencies: dependencies(libraries.map(\.name)), path: "Fuzz",
    exclude: ["Driver"],
    sources: ["Readers", "Replay"], resources: [.copy("Corpus")], swiftSettings: unsafeSettings)

let package = Package(
  name: "RouteRec",
  products: [
    // What a Swift program needs to train, route and evaluate; see docs/example.
    .library(name: "RouteRec", targets: ["RoutingData", "Routing", "Learning", "Models", "Evaluation"])
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CVectorKernels"),
  ]
    + libraries.map {
      .target(name: $0.name, dependencies: dependencies($0.imports), swiftSettings: $0.settings)
    }
    + libraries.map { library in
      .testTarget(
        name: "\(library.name)Tests",
        dependencies: dependencies(
          [library.name]
            + library.imports.filter { !["COpenBLAS", "CLAPACKE", "CZlib", "CCrypto"].contains($0) }
            + library.testImports),
        swiftSettings: library.settings)
    }
    + executables.map {
      .executableTarget(
        name: $0, dependencies: dependencies(libraries.map(\.name)), swiftSettings: safeSettings)
    } + [
      .target(
        name: "TestSupport",
        dependencies: dependencies(["Evaluation", "Baselines", "Factorization", "Regression"] + learning),
        path: "Tests/TestSupport", swiftSettings: safeSettings),
      // Without access to what is `package`, as a program outside would be.
      .executableTarget(
        name: "library-example",
        dependencies: dependencies([
          "Evaluation", "Models", "Learning", "Metrics", "Routing", "RoutingData", "NumericKernels",
        ]),
        path: "docs/example", packageAccess: false, swiftSettings: safeSettings),
      .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: unsafeSettings),
      .testTarget(
        name: "EndToEndTests",
        dependencies: dependencies(executables + ["library-example", "LoopbackServer"]),
        resources: [.copy("Help")], swiftSettings: safeSettings),
      fuzzed,
    ],
  swiftLanguageModes: [.v6]
)
