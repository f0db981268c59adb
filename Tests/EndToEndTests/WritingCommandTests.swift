import Foundation
import Testing

/// What holds for every command that writes: one process at a time, whole outputs or none, no litter.
@Suite(.serialized) struct WritingCommandTests {
  /// The server is on this machine, whatever proxy the user has.
  private static let environment: [String: String?] = ["no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"]

  /// The moments, in seconds after the start, at which runs are ended.
  private static let moments = [0.0, 0.03, 0.08, 0.2]

  /// What may stay of a run that did not end, so that the next one goes on from it.
  private static let resumable = [
    "data.pkl.part", "model.checkpoint", "model.search", "new.jsonl", "out", "run",
  ]

  private func run(
    _ command: WritingCommand, _ place: WritingCommand.Place, through wrapper: [String] = [],
    onStart: (Process) throws -> Void = { _ in }
  ) throws -> Tool {
    let words = wrapper + ["\(Tool.folder)/\(command.program)"] + command.words(in: place)
    return try Tool(words[0], Array(words.dropFirst()), environment: Self.environment, onStart: onStart)
  }

  private func expectOneLine(_ run: Tool, _ command: WritingCommand, _ parts: String...) {
    #expect(run.status == 1 && !run.wasKilled, "status \(run.status)")
    // Notes may stand before it.
    let lines = run.errors.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
    #expect(lines.count == 1 && lines[0].hasPrefix("\(command.program): error: "), "\(run.errors)")
    for part in parts { #expect(run.errors.contains(part), "\(run.errors)") }
  }

  /// Every entry below a folder, hidden ones too.
  private func all(_ scratch: Scratch) -> [String] {
    (FileManager.default.subpaths(atPath: scratch.path) ?? []).sorted()
  }

  /// What the files below a folder hold.
  private func contents(_ scratch: Scratch) throws -> [String: Data] {
    var result: [String: Data] = [:]
    for path in all(scratch) { result[path] = FileManager.default.contents(atPath: scratch[path]) }
    return result
  }

  /// Nothing half-written and no lock, anywhere below the folder.
  ///
  /// A report's folder that still waits for its page says so itself, and the next run replaces it.
  private func expectNoLitter(_ scratch: Scratch, mayWait: Bool = false) {
    let litter = all(scratch).filter { path in
      ([".tmp-", ".lock"] + (mayWait ? [] : [".unfinished"])).contains { path.contains($0) }
        && !path.hasSuffix("downloads.lock.json")
    }
    #expect(litter.isEmpty, "\(litter)")
  }

  /// The second of two processes with one output says so at once.
  @Test(arguments: WritingCommand.all) func oneProcessAtATime(_ command: WritingCommand) throws {
    let place = try command.place()
    let scratch = place.scratch
    if command.isFilledInPlace {
      try FileManager.default.createDirectory(
        atPath: scratch[command.output], withIntermediateDirectories: true)
    }
    let lock = command.lock(in: scratch)
    try #require(FileManager.default.createFile(atPath: lock, contents: nil))
    let handle = try #require(FileHandle(forUpdatingAtPath: lock))
    try #require(flock(handle.fileDescriptor, LOCK_EX) == 0)
    let before = all(scratch)
    expectOneLine(
      try run(command, place), command, "\(scratch[command.output]): is being written by another process")
    #expect(all(scratch) == before)
    // The lock file alone, as a killed process leaves it, keeps nobody out.
    try handle.close()
    let next = try run(command, place)
    #expect(next.status == 0, "\(next.errors)")
    #expect(scratch.entries == command.leaves)
    expectNoLitter(scratch)
  }

  /// Folders around an output are made.
  @Test(arguments: WritingCommand.all.filter { $0.begins == nil }) func missingParentsAreMade(
    _ command: WritingCommand
  ) throws {
    let place = try command.place(inside: "not/there yet")
    let end = try run(command, place)
    #expect(end.status == 0, "\(end.errors)")
    #expect(place.scratch.entries == command.leaves)
  }

  /// What is there stays as it is, and the message says how to replace it; or the run goes on from it.
  @Test(arguments: WritingCommand.all) func nothingIsReplacedSilently(_ command: WritingCommand) throws {
    let place = try command.place()
    let first = try run(command, place)
    #expect(first.status == 0, "\(first.errors)")
    let before = try contents(place.scratch)
    let second = try run(command, place)
    if command.isFilledInPlace || command.goesOn {
      #expect(second.status == 0, "\(second.errors)")
    } else {
      expectOneLine(second, command, "exists already: replace it with --overwrite")
    }
    #expect(try contents(place.scratch) == before)
  }

  /// Of two processes that start together one writes the output, and the other says why it doesn't.
  @Test(arguments: WritingCommand.all) func twoAtOnce(_ command: WritingCommand) throws {
    let place = try command.place()
    var second: Tool?
    let first = try run(command, place) { _ in second = try run(command, place) }
    let runs = [first, try #require(second)]
    #expect(runs.contains { $0.status == 0 })
    for loser in runs where loser.status != 0 {
      expectOneLine(loser, command, place.scratch.path)
      #expect(
        ["is being written by another process", "exists already"].contains { loser.errors.contains($0) },
        "\(loser.errors)")
    }
    #expect(place.scratch.entries == command.leaves)
    expectNoLitter(place.scratch)
  }

  /// What dead processes left is cleared away, also where their numbers belong to others now; what a living one
  /// is writing stays.
  @Test(arguments: WritingCommand.all) func onlyAbandonedTemporariesAreCleared(_ command: WritingCommand)
    throws
  {
    guard !command.isFilledInPlace else { return }
    let place = try command.place()
    let scratch = place.scratch
    // Process 1 is always there.
    for name in command.leaves {
      _ = try scratch.write(".\(name).tmp-1-1", "half")
      try FileManager.default.createDirectory(
        atPath: scratch[".\(name).tmp-999999999-2/sub"], withIntermediateDirectories: true)
    }
    let living = try scratch.write(".\(command.output).tmp-1-3", "half")
    let handle = try #require(FileHandle(forUpdatingAtPath: living))
    try #require(flock(handle.fileDescriptor, LOCK_EX) == 0)
    let other = try scratch.write(".\(command.output)2.tmp-1-1", "of another output")
    let end = try run(command, place)
    #expect(end.status == 0, "\(end.errors)")
    let names = [living, other].map { ($0 as NSString).lastPathComponent }
    #expect(scratch.entries == (names + command.leaves).sorted())
    try handle.close()
  }

  /// Killed at any moment, a run can be repeated, and nothing of the first stays.
  @Test(arguments: WritingCommand.all) func killedAndRepeated(_ command: WritingCommand) throws {
    for moment in Self.moments {
      let place = try command.place()
      let scratch = place.scratch
      let killed = try run(command, place) { process in
        let deadline = Date(timeIntervalSinceNow: 30)
        while process.isRunning,
          !all(scratch).contains(where: { $0.contains(".tmp-") || $0.contains(".part") })
        {
          try #require(Date() < deadline, "it never started to write")
          Thread.sleep(forTimeInterval: 0.001)
        }
        Thread.sleep(forTimeInterval: moment / 10)
        kill(process.processIdentifier, SIGKILL)
      }
      let next = try run(command, place)
      // Killed after the output was there, a run has ended but for its cleaning up.
      let isWhole = next.errors.contains("exists already")
      #expect(next.status == 0 || isWhole && !command.isFilledInPlace, "\(next.errors)")
      expectNoLitter(scratch)
      let left = scratch.entries.filter { !(isWhole && Self.resumable.contains($0)) }
      #expect(left == command.leaves, "\(scratch.entries)")
      #expect(killed.wasKilled || killed.status == 0, "\(killed.errors)")
    }
  }

  /// A signal that asks a run to end ends it by that signal, at any moment, and leaves nothing half-written.
  @Test(arguments: WritingCommand.all, [SIGTERM, SIGINT, SIGHUP])
  func diesOfTheSignal(_ command: WritingCommand, number: Int32) throws {
    for moment in Self.moments {
      let place = try command.place()
      // A test run in the background would pass on that SIGINT is ignored.
      let end = try run(command, place, through: ["/usr/bin/env", "--default-signal=INT,HUP"]) { process in
        Thread.sleep(forTimeInterval: moment)
        kill(process.processIdentifier, number)
        // As `timeout` and terminals do, which send it to the group too.
        kill(process.processIdentifier, number)
      }
      if end.wasKilled {
        #expect(end.status == number, "\(moment): \(end.errors)")
        let message = "\(command.program): interrupted"
        // Before the program has begun, or at its very end, there is nobody to say it; notes may stand before it.
        let said = end.errors.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
        #expect(said.count <= 1 && said.allSatisfy { $0.hasPrefix(message) }, "\(end.errors)")
      } else {
        #expect(end.status == 0, "\(moment): status \(end.status), \(end.errors)")
      }
      expectNoLitter(place.scratch, mayWait: true)
      for name in place.scratch.entries {
        #expect((command.leaves + Self.resumable).contains(name), "\(name)")
      }
    }
  }

  /// A file that may not grow, like a full disk, is one line and leaves nothing half-written.
  @Test(arguments: WritingCommand.all, [1, 8]) func aFullDiskIsOneLine(
    _ command: WritingCommand, blocks: Int
  ) throws {
    let place = try command.place()
    let script = "ulimit -f \(blocks); exec \"$@\""
    let end = try run(command, place, through: ["/bin/bash", "-c", script, "bash"])
    guard end.status != 0 else { return }
    expectOneLine(end, command, "File too large")
    expectNoLitter(place.scratch)
    let allowed = Self.resumable + (command.begins == nil ? [] : command.leaves)
    for name in place.scratch.entries { #expect(allowed.contains(name), "\(name)") }
    let next = try run(command, place)
    #expect(next.status == 0, "\(next.errors)")
    #expect(place.scratch.entries == command.leaves)
  }
}
