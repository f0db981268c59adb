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

/// One thin executable for each command; each may use every library.
let libraries: [Target.Dependency] = [
  "CommandLineKit", "Reporting", "Evaluation", "Recommenders", "RoutingData", "FileFormats", "NumericKernels",
]
let executables = ["rs-data", "rs-train", "rs-eval", "rs-export", "rs-bench"]

/// The readers under fuzz, over every library: `scripts/fuzz` asks for the fuzzer, otherwise their corpus is replayed.
let fuzzed: Target =
  Context.environment["ROUTEREC_FUZZ"] != nil
  ? .executableTarget(
    name: "Fuzzer", dependencies: libraries, path: "Fuzz", exclude: ["Corpus", "Replay"],
    sources: ["Readers", "Driver"],
    swiftSettings: unsafeSettings + [.unsafeFlags(["-parse-as-library"])],
    linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
  : .testTarget(
    name: "FuzzCorpusTests", dependencies: libraries, path: "Fuzz", exclude: ["Driver"],
    sources: ["Readers", "Replay"], resources: [.copy("Corpus")], swiftSettings: unsafeSettings)

let package = Package(
  name: "RouteRec",
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CVectorKernels"),
    .target(
      name: "NumericKernels", dependencies: ["COpenBLAS", "CLAPACKE", "CVectorKernels"],
      swiftSettings: unsafeSettings),
    .target(
      name: "FileFormats", dependencies: ["NumericKernels", "CZlib", "CCrypto"],
      swiftSettings: unsafeSettings),
    .target(
      name: "RoutingData", dependencies: ["FileFormats", "NumericKernels"], swiftSettings: safeSettings),
    .target(
      name: "Recommenders", dependencies: ["RoutingData", "FileFormats", "NumericKernels"],
      swiftSettings: safeSettings),
    .target(
      name: "Evaluation", dependencies: ["Recommenders", "RoutingData", "FileFormats", "NumericKernels"],
      swiftSettings: safeSettings),
    .target(
      name: "Reporting", dependencies: ["Evaluation", "RoutingData", "FileFormats", "NumericKernels"],
      swiftSettings: safeSettings),
    .target(name: "CommandLineKit", swiftSettings: safeSettings),
  ]
    + executables.map {
      .executableTarget(name: $0, dependencies: libraries, swiftSettings: safeSettings)
    } + [
      .target(
        name: "TestSupport",
        dependencies: ["Evaluation", "Recommenders", "RoutingData", "FileFormats", "NumericKernels"],
        path: "Tests/TestSupport", swiftSettings: safeSettings),
      .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: unsafeSettings),
      .testTarget(
        name: "NumericKernelsTests", dependencies: ["NumericKernels", "CVectorKernels"],
        swiftSettings: unsafeSettings),
      .testTarget(
        name: "FileFormatsTests", dependencies: ["FileFormats", "LoopbackServer"],
        swiftSettings: unsafeSettings),
      .testTarget(
        name: "RoutingDataTests",
        dependencies: ["RoutingData", "FileFormats", "NumericKernels", "TestSupport", "LoopbackServer"],
        swiftSettings: safeSettings),
      .testTarget(
        name: "RecommendersTests",
        dependencies: ["Recommenders", "RoutingData", "FileFormats", "NumericKernels", "TestSupport"],
        swiftSettings: safeSettings),
      .testTarget(
        name: "EvaluationTests",
        dependencies: [
          "Evaluation", "Recommenders", "RoutingData", "FileFormats", "NumericKernels", "TestSupport",
        ],
        swiftSettings: safeSettings),
      .testTarget(
        name: "ReportingTests",
        dependencies: [
          "Reporting", "Evaluation", "Recommenders", "RoutingData", "FileFormats", "NumericKernels",
          "TestSupport",
        ],
        swiftSettings: safeSettings),
      .testTarget(
        name: "CommandLineKitTests", dependencies: ["CommandLineKit"], swiftSettings: safeSettings),
      .testTarget(
        name: "EndToEndTests",
        dependencies: executables.map { .target(name: $0) } + ["LoopbackServer"],
        resources: [.copy("Help")], swiftSettings: safeSettings),
      fuzzed,
    ],
  swiftLanguageModes: [.v6]
)
