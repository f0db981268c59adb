import CommandLineKit
import Foundation
import NumericKernels

/// `rs-data doctor`: what this machine offers and how fast it multiplies matrices.
enum DoctorCommand {
  private struct Report: Codable {
    var openblas: String
    var kernel: String
    var kernelReason: String
    var threads: Int
    var sgemmGigaflops: Double
    var lapack: Bool
    var memoryBytes: Int?
    var availableMemoryBytes: Int?
    var programs: [String: String?]
  }

  /// Programs that some jobs use where they exist.
  private static let optionalPrograms = ["gnuplot", "mpirun"]

  static let command = Command(
    name: "doctor", summary: "Show the BLAS kernel in use, its measured speed, memory and optional programs.",
    options: [CommonOptions.threads, CommonOptions.json], examples: ["rs-data doctor"]
  ) { arguments in
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let report = Report(
      openblas: OpenBLASKernel.configuration, kernel: OpenBLASKernel.current,
      kernelReason: OpenBLASKernel.reason, threads: Threads.count,
      sgemmGigaflops: Machine.measuredSGEMMRate(), lapack: Machine.hasWorkingLAPACK,
      memoryBytes: Machine.memory, availableMemoryBytes: Machine.availableMemory,
      programs: Dictionary(
        uniqueKeysWithValues: optionalPrograms.map { ($0, Machine.path(ofProgram: $0)) }))
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(report)
      return
    }
    let programs = optionalPrograms.map { name in
      (name, (report.programs[name] ?? nil) ?? "not found (optional)")
    }
    let lines: [(String, String)] =
      [
        ("OpenBLAS", report.openblas), ("kernel", "\(report.kernel) (\(report.kernelReason))"),
        ("threads", "\(report.threads)"),
        ("SGEMM", "\(NumberFormatting.fixed(report.sgemmGigaflops, 0)) GFLOP/s measured, 2048 × 2048"),
        ("LAPACK", report.lapack ? "present, a Cholesky factorization is right" : "gives a wrong answer"),
        (
          "memory",
          "\(NumberFormatting.bytes(report.memoryBytes)), "
            + "\(NumberFormatting.bytes(report.availableMemoryBytes)) available"
        ),
      ] + programs
    for (name, value) in lines {
      try StandardOutput.writeLine(name.padding(toLength: 10, withPad: " ", startingAt: 0) + value)
    }
  }
}
