import Foundation

/// libFuzzer's own loop, from `libclang_rt.fuzzer`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ argumentCount: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The reader under test, set once before the loop starts.
nonisolated(unsafe) private var underTest: (reader: Reader, scratch: Scratch)?

/// The program: the first argument names the reader, the others are libFuzzer's; `--list` prints all readers.
@_cdecl("Fuzzer_main")
public func fuzzerMain(
  _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  let word = count > 1 ? arguments[1].map { String(cString: $0) } : nil
  if word == "--list" {
    for reader in Reader.all { print(reader.name) }
    return 0
  }
  guard let reader = Reader.all.first(where: { $0.name == word }), let scratch = try? Scratch() else {
    print("usage: Fuzzer --list | READER [LIBFUZZER-OPTION...] [CORPUS...]")
    return 2
  }
  underTest = (reader, scratch)
  // libFuzzer keeps the program's name and never sees the reader's.
  arguments[1] = arguments[0]
  var rest = count - 1
  var shifted: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments + 1
  let status = runDriver(&rest, &shifted) { bytes, count in
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let (reader, scratch) = underTest else { return -1 }
    if case .fault(let reason) = reader.outcome(of: input, in: scratch) {
      FileHandle.standardError.write(Data("\(reader.name): fault: \(reason)\n".utf8))
      // libFuzzer keeps the input of what aborts.
      abort()
    }
    return 0
  }
  underTest = nil
  return status
}
