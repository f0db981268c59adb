import Foundation
import Testing

/// `rs-data import` as a user sees it: what is used, what a note names, what is refused before it costs memory.
@Suite struct ImportTests {
  private static let answers = """
    query,llm,score,split,cost,colour
    "5 \u{2126}",a,1,train,3,red
    "5 \u{2126}",b,,train,3,red
    "5 \u{3A9}",a,0,val,3,red
    "5 \u{3A9}",b,1,val,3,red
    plain,a,NA,test,3,red
    plain,b,1,test,,red

    """

  @Test func aTableWithASplitGapsAndTwinNames() throws {
    let scratch = try Scratch()
    let table = try scratch.write("mine.csv", Self.answers)
    let vectors = try scratch.write(
      "e.csv", "id,x,y\nplain,3,3\n5 \u{3A9},2,2\n5 \u{2126},1,1\nstranger,9,9\n")
    let run = try Tool(
      "rs-data", "import", "csv", table, "--embeddings", vectors, "--output", scratch["data"])
    #expect(run.status == 0)
    #expect(run.errors.contains("note: \(table): not used: columns colour; used are query, llm, score"))
    #expect(run.errors.contains("note: \(vectors): not used: embeddings of 1 queries without an answer"))
    let info = try #require(
      (try Tool("rs-data", "info", "--json", scratch["data"]).json()["benchmarks"] as? [[String: Any]])?.first
    )
    #expect(info["queries"] as? Int == 3 && info["missing"] as? Int == 2 && info["costs"] as? Int == 5)
    let shown = try Tool("rs-data", "info", scratch["data"]).output
    #expect(shown.contains("pools  costs  embeddings") && shown.contains("    5  e (2)"))
    #expect(info["train"] as? Int == 1 && info["validation"] as? Int == 1 && info["test"] as? Int == 1)
    let board = try Tool("rs-data", "info", "--llms", "--csv", scratch["data"]).output.split(separator: "\n")
    #expect(board.first?.hasSuffix(",cost,mine cost") == true && board.last?.hasSuffix(",3.0,3.0") == true)
    let quiet = try Tool("rs-data", "import", "csv", table, "--output", scratch["other"], "--quiet")
    #expect(quiet.status == 0 && quiet.errors.isEmpty)
    #expect(try Tool("rs-data", "verify", scratch["data"]).status == 0)
  }

  @Test func anArrayOfEmbeddingsNeedsIDsOrAnOrder() throws {
    let scratch = try Scratch()
    let table = try scratch.write("mine.csv", Self.answers)
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }"
    let text = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let array = try scratch.write(
      "e.npy",
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(text.utf8) + [UInt8](repeating: 0, count: 12))
    let ids = try scratch.write("ids.txt", "plain\n5 \u{3A9}\n5 \u{2126}\n")
    let words = ["import", "csv", table, "--output", scratch["data"]]
    try Refusal.expect(
      "rs-data", words + ["--embeddings", array],
      names: ["\(array): ", "--embedding-ids", "--embeddings-order file"], in: scratch)
    for wrong in [
      ["--embedding-ids", ids], ["--embeddings-order", "file"],
      ["--embeddings", array, "--embedding-ids", ids, "--embeddings-order", "file"],
      ["--embeddings", array, "--embeddings-order", "sorted"],
    ] {
      #expect(try Tool("rs-data", words + wrong).status == 2)
    }
    for right in [["--embedding-ids", ids], ["--embeddings-order", "file"]] {
      #expect(try Tool("rs-data", words + ["--embeddings", array, "--overwrite"] + right).status == 0)
    }
  }

  /// Commands that would take gigabytes are refused even where a gigabyte of address space is all there is.
  @Test func nothingOutOfProportionIsAllocated() throws {
    let scratch = try Scratch()
    let sparse = try scratch.write(
      "sparse.csv", "query,llm,score\n" + (0..<20_000).map { "q\($0),m\($0),0.5\n" }.joined())
    for (words, remedy) in [
      (["import", "csv", sparse], "--memory-limit 2"),
      (["synth", "--llms", "1000000", "--queries", "10000000"], "--memory-limit 4199"),
    ] {
      let command = "ulimit -v 1500000; exec \"$0\" \"$@\""
      let run = try Tool(
        "/bin/sh", ["-c", command, "\(Tool.folder)/rs-data"] + words + ["--output", scratch["data"]])
      #expect(run.status == 1 && !run.wasKilled && run.errors.contains(remedy), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
    }
    #expect(scratch.entries == ["sparse.csv"])
  }

  @Test func whatIsNoDatasetIsCalledThat() throws {
    let scratch = try Scratch()
    let file = try scratch.write("file", "x")
    for (path, reason) in [
      (scratch["nothing"], "there is nothing of this name"), (scratch.path, "it holds no dataset.json"),
      (file, "but a file"),
    ] {
      for command in ["info", "verify", "audit"] {
        try Refusal.expect(
          "rs-data", [command, path], names: ["error: \(path): is not a dataset folder", reason], in: scratch)
      }
    }
  }

  @Test func auditNamesAnEmbeddingThatStandsOut() throws {
    let scratch = try Scratch()
    let ids = (0..<40).map { "q\($0)" }
    let table = try scratch.write("mine.csv", "query,llm,score\n" + ids.map { "\($0),a,1\n" }.joined())
    let rows = ids.enumerated().map { "\($1),\($0 == 17 ? 4000 : 40 + $0 % 3),\($0)\n" }
    let vectors = try scratch.write("e.csv", "query,x,y\n" + rows.joined())
    let data = scratch["data"]
    #expect(
      try Tool("rs-data", "import", "csv", table, "--embeddings", vectors, "--output", data).status == 0)
    let finding = try #require(
      (try Tool("rs-data", "audit", "--json", data).json()["norms"] as? [[String: Any]])?.first)
    let row = try #require((finding["top"] as? [[String: Any]])?.first)
    let query = try #require(row["query"] as? [String: Any])
    #expect(finding["outlying"] as? Int == 1 && query["id"] as? String == "q17")
    #expect(query["benchmark"] as? String == "mine" && query["split"] is String && row["norm"] is Double)
    let text = try Tool("rs-data", "audit", "--strict", data)
    #expect(
      text.status == 1 && text.output.contains("Embeddings of outlying length") && text.output.contains("q17")
    )
  }
}
