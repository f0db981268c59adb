import Dispatch
import Foundation

/// Facts of the machine that explain how fast training runs here.
public enum Machine {
  /// The rate of single-precision matrix products on all threads in GFLOP/s: the fastest of several
  /// products of two square matrices.
  public static func measuredSGEMMRate(size: Int = 2048, repetitions: Int = 5) -> Double {
    var generator = SeededGenerator(seed: 1)
    let a = Matrix(
      rows: size, columns: size, storage: (0..<size * size).map { _ in generator.uniform() - 0.5 })
    var result = Matrix(rows: size, columns: size)
    var best = Double.infinity
    for _ in 0..<repetitions {
      let start = DispatchTime.now().uptimeNanoseconds
      BLAS.add(a, .asStored, a, .asStored, to: &result)
      best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
    }
    return 2 * Double(size) * Double(size) * Double(size) / best / 1e9
  }

  /// Whether LAPACK is there and right: a 2 × 2 Cholesky factorization with a known answer.
  public static var hasWorkingLAPACK: Bool {
    // [[4, 2], [2, 5]] = L·Lᵀ with L = [[2, 0], [1, 2]].
    (try? Cholesky(Matrix([[4, 2], [2, 5]])))?.lower == Matrix([[2, 0], [1, 2]])
  }

  /// The processor's model name; nil where the system does not tell.
  public static var processor: String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") })
    else { return nil }
    return line.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
  }

  /// The machine's memory in bytes; nil where the system does not tell.
  public static var memory: Int? { kilobytes("MemTotal", in: "/proc/meminfo").map { $0 * 1024 } }

  /// The memory available to new work in bytes; nil where the system does not tell.
  public static var availableMemory: Int? { kilobytes("MemAvailable", in: "/proc/meminfo").map { $0 * 1024 } }

  /// The most memory this process ever held, in bytes; nil where the system does not tell.
  public static var peakMemory: Int? { kilobytes("VmHWM", in: "/proc/self/status").map { $0 * 1024 } }

  /// The path of a program, or nil where `PATH` has none of that name.
  public static func path(ofProgram name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func kilobytes(_ key: String, in path: String) -> Int? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(key):") })
    else { return nil }
    return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }
}
