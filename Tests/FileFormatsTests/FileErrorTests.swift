import FileFormats
import Testing

@Suite struct FileErrorTests {
  @Test func namesFilePlaceAndReason() {
    #expect("\(FileError("a.npy", "is empty"))" == "a.npy: is empty")
    #expect(
      "\(FileError("a.pkl", at: .byte(12), "opcode 'i' is refused"))"
        == "a.pkl: byte 12: opcode 'i' is refused")
    #expect(
      "\(FileError("a.csv", at: .line(3), "2 fields, expected 3"))" == "a.csv: line 3: 2 fields, expected 3")
    #expect("\(FileError("a.npz", at: .key("scores"), "missing"))" == "a.npz: scores: missing")
  }
}
