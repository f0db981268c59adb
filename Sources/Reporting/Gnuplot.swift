import FileFormats
import Foundation
import NumericKernels

/// Draws figures with the program gnuplot.
public struct Gnuplot: Sendable {
  private let path: String

  /// The gnuplot of `PATH`; nil where it has none.
  public init?() {
    guard let path = Machine.path(ofProgram: "gnuplot") else { return nil }
    self.path = path
  }

  /// The gnuplot, or a program in its place, at a path.
  init(path: String) { self.path = path }

  /// How to get pictures where there is no gnuplot.
  public static let remedy =
    "no pictures, because there is no gnuplot on the PATH: install it (Debian: gnuplot-nox) and run this again"

  /// Runs the script of a figure in the folder that holds it, its data and its style.
  ///
  /// - Returns: why gnuplot drew nothing, on one line; nil where both pictures are there.
  func draw(_ figure: Figure, in folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    // The user's own settings must not change the picture.
    process.arguments = ["-d", "\(figure.name).gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do {
      try process.run()
    } catch {
      return "it can't be started: \(error.localizedDescription)"
    }
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let files = ["svg", "png"].map { "\(folder)/\(figure.name).\($0)" }
    if process.terminationReason == .exit, process.terminationStatus == 0, files.allSatisfy(Self.isFilled) {
      return nil
    }
    // A half-drawn picture is none.
    for file in files { try? FileManager.default.removeItem(atPath: file) }
    let line = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy { " ^\t".contains($0) } }
    return line.map { $0.trimmingCharacters(in: .whitespaces) }
      ?? "it ended with status \(process.terminationStatus)"
  }

  private static func isFilled(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? Int ?? 0) > 0
  }
}
