import FileFormats
import NumericKernels
import TestSupport
import Testing

@testable import Models

@Suite struct LineNamesTests {
  /// Names out of few characters, so that many become alike.
  func names(_ seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed, stream: "line names")
    let characters = ["a", "b", "_", " ", "\t", "\n", "\u{1C}", "\u{1E}", "\u{85}", "\u{2028}", "~", "2"]
    var known = NameIndex()
    for _ in 0..<200 {
      let name = (0..<1 + generator.below(4)).map { _ in characters[generator.below(characters.count)] }
        .joined()
      _ = known.insert(name)
    }
    return known.names
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func differentNamesStayDifferent(seed: UInt64) {
    let originals = names(seed)
    for (isForbidden, stand) in [(LineNames.breaksLine, " "), (LineNames.breaksWord, "_")]
      as [((Unicode.Scalar) -> Bool, Unicode.Scalar)]
    {
      let result = LineNames(originals, replacing: isForbidden, by: stand)
      #expect(NameIndex.repeated(in: result.names) == nil)
      #expect(result.names.allSatisfy { !$0.unicodeScalars.contains(where: isForbidden) })
      for (original, name) in zip(originals, result.names)
      where !original.unicodeScalars.contains(where: isForbidden) {
        #expect(Name(original) == Name(name))
      }
      #expect(result.changed == originals.count { $0.unicodeScalars.contains(where: isForbidden) })
      #expect((result.note("it") == nil) == (result.changed == 0))
    }
  }

  @Test func everyFormatNamesEveryRow() throws {
    let folder = try TemporaryFolder()
    let originals = names(99)
    let table = EmbeddingTable(
      names: originals, vectors: Matrix(rows: originals.count, columns: 2),
      biases: originals.map { _ in 0 })
    for format in [EmbeddingFormat.npy, .word2vec, .projector] {
      let outcome = try format.write(table, to: folder["x-\(format.rawValue)"], replacing: false)
      #expect(outcome.notes.count == 1)
      let text = String(
        decoding: try ByteRegion(mapping: outcome.files[outcome.files.count - 1]).array, as: UTF8.self)
      let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
      let separator: Character = format == .word2vec ? " " : format == .projector ? "\t" : "\u{0}"
      let found = lines.dropFirst(format == .npy ? 0 : 1).map {
        String($0.split(separator: separator, omittingEmptySubsequences: false)[0])
      }
      #expect(found.count == originals.count && NameIndex.repeated(in: found) == nil)
    }
  }

  /// numpy takes zeros at the end of a text for padding.
  @Test func namesOfAnArchiveStayDifferentInNumpy() throws {
    let folder = try TemporaryFolder()
    let originals = ["a", "a\0", "a\0\0", "a_", "b"]
    let table = EmbeddingTable(
      names: originals, vectors: Matrix(rows: originals.count, columns: 2), biases: originals.map { _ in 0 })
    let outcome = try EmbeddingFormat.npz.write(table, to: folder["x.npz"], replacing: false)
    #expect(outcome.notes.count == 1)
    let found = try NPZ.open(folder["x.npz"]).array(named: "names").strings()
    #expect(NameIndex.repeated(in: found) == nil && found.count == originals.count)
  }
}
