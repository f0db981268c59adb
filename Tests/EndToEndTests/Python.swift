import Foundation
import Testing

/// A Python with numpy and safetensors, named by `ROUTEREC_TEST_PYTHON`.
enum Python {
  static let path = ProcessInfo.processInfo.environment["ROUTEREC_TEST_PYTHON"]
  static let isThere = path != nil
  static let reason: Comment = "ROUTEREC_TEST_PYTHON names no Python with numpy and safetensors"

  /// Runs a program whose assertions must hold; `arguments` are its `sys.argv[1:]`.
  static func check(
    _ program: String, _ arguments: String..., at location: SourceLocation = #_sourceLocation
  ) throws {
    let imports = "import csv, json, os, sys\nimport numpy as np\nfrom safetensors import safe_open\n"
    let run = try Tool(try #require(path), ["-c", imports + program] + arguments)
    #expect(run.status == 0, "\(run.errors)", sourceLocation: location)
  }
}
