import COpenBLAS
import Foundation

/// Which of its processor kernels OpenBLAS runs, and the remedy where it chose too low.
///
/// OpenBLAS 0.3.21 (Debian 12) does not know processors newer than itself and falls back to kernels
/// of 2004, eight times slower for a matrix product. The choice is read from `OPENBLAS_CORETYPE`
/// once, when the library loads, so the remedy is to set it and start the program anew.
public enum OpenBLASKernel {
  static let choiceVariable = "OPENBLAS_CORETYPE"
  static let firstChoiceVariable = "ROUTEREC_OPENBLAS_FIRST_CHOICE"

  /// The kernel in use, such as `SkylakeX`.
  public static var current: String { String(cString: openblas_get_corename()) }

  /// OpenBLAS's own description of its build.
  public static var configuration: String {
    String(cString: openblas_get_config()).trimmingCharacters(in: .whitespaces)
  }

  /// The kernel for a processor with these feature flags, or nil where OpenBLAS's choice should stand.
  static func suitable(flags: Set<String>) -> String? {
    if flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]) {
      return "SkylakeX"
    }
    if flags.isSuperset(of: ["avx2", "fma"]) { return "Haswell" }
    return nil
  }

  /// How wide the vectors of a kernel are: 0 below AVX2, 1 AVX2, 2 AVX-512.
  static func tier(of kernel: String) -> Int {
    switch kernel.lowercased() {
    case "skylakex", "cooperlake", "sapphirerapids": return 2
    case "haswell", "zen", "excavator": return 1
    default: return 0
    }
  }

  /// The kernel to run instead, or nil where the one in use is good or the user chose it.
  static func remedy(current: String, flags: Set<String>, environment: [String: String]) -> String? {
    guard environment[choiceVariable] == nil, let wanted = suitable(flags: flags) else { return nil }
    return tier(of: current) < tier(of: wanted) ? wanted : nil
  }

  static func processorFlags() -> Set<String> {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") }),
      let colon = line.firstIndex(of: ":")
    else { return [] }
    return Set(line[line.index(after: colon)...].split(separator: " ").map(String.init))
  }

  /// Starts the program again with a better kernel where OpenBLAS chose too low; call it first thing.
  ///
  /// Arguments, environment, process number and so the exit status stay. It happens at most once:
  /// the variable it sets counts as chosen the second time. Where it can't be done, the program goes on.
  public static func restartIfBetter() {
    let environment = ProcessInfo.processInfo.environment
    let first = current
    guard let wanted = remedy(current: first, flags: processorFlags(), environment: environment) else {
      return
    }
    setenv(choiceVariable, wanted, 1)
    setenv(firstChoiceVariable, first, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    unsetenv(choiceVariable)
    unsetenv(firstChoiceVariable)
  }

  /// Why the kernel in use is in use, as a clause.
  public static var reason: String {
    let environment = ProcessInfo.processInfo.environment
    let chosen = environment[choiceVariable]
    if let chosen, let first = environment[firstChoiceVariable] {
      return "set to \(chosen) for this processor; OpenBLAS itself chose \(first)"
    }
    if let chosen { return "\(choiceVariable)=\(chosen) in the environment" }
    return "chosen by OpenBLAS"
  }
}
