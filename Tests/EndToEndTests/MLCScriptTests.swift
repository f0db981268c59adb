import Foundation
import Testing

/// `experiments/mlc/finetune.py`, as far as it goes without torch.
@Suite(.enabled(if: Python.isThere, Python.reason))
struct MLCScriptTests {
  private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../experiments/mlc").standardizedFileURL.path

  @Test func helpNeedsNoPackages() throws {
    let run = try Tool("/usr/bin/env", "python3", "-S", "\(folder)/finetune.py", "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("--encoder"))
  }

  @Test func missingPackagesAreNamedInOneLine() throws {
    let scratch = try Scratch()
    let run = try Tool(
      "/usr/bin/env", "python3", "-S", "\(folder)/finetune.py", "--data", scratch["data"], "--results",
      scratch["pools.json"], "--encoder", scratch["encoder"], "--output", scratch["scores.npz"])
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("finetune.py: error: the Python package '"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  /// Its reading of a dataset folder: continuous responses, missing ones, columns in a pool's order.
  @Test func labelsAreTheSelectionVectorsOfThePool() throws {
    let scratch = try Scratch()
    // Just inside and outside 95% of the best, a missing one, all wrong.
    var answers = "query,llm,score\n"
    for query in 0..<20 {
      let scores = [
        ["1.0", "0.96", "0.94"], ["0.50", "0.47", "0.48"], ["0.40", "", "0.39"], ["0", "0", "0"],
      ]
      for (llm, score) in zip(["a", "b", "c"], scores[query % 4]) where !score.isEmpty {
        answers += "question \(query),\(llm),\(score)\n"
      }
    }
    try answers.write(toFile: scratch["own.csv"], atomically: true, encoding: .utf8)
    let run = try Tool("rs-data", "import", "csv", scratch["own.csv"], "--output", scratch["data"])
    #expect(run.status == 0)
    try Python.check(
      """
      sys.path.insert(0, sys.argv[1])
      sys.dont_write_bytecode = True
      import finetune
      # The importer keeps ids, no prompts: they are refused first, then put in.
      texts = f'{sys.argv[2]}/prompts/own.jsonl'
      lines = [json.loads(line) for line in open(texts)]
      cells = [{'benchmark': 'own', 'm': 3, 'group': 'all_weak', 'llms': ['c', 'a', 'b']}]
      json.dump({'cells': cells}, open(sys.argv[3], 'w'))
      class Options: data, results = sys.argv[2], sys.argv[3]
      try:
          finetune.read_input(Options)
          assert False
      except finetune.InputError as error:
          assert str(error) == f'{texts}: has no prompts, only ids', error
      with open(texts, 'w') as file:
          for line in lines:
              file.write(json.dumps(line | {'prompt': line['id']}) + '\\n')
      benchmarks, pools = finetune.read_input(Options)
      assert pools == [('own/3/all_weak', 'own', ['c', 'a', 'b'])]
      own = benchmarks['own']
      assert own.prompts == [f'question {i}' for i in range(20)]
      split = np.load(f'{sys.argv[2]}/splits/own.npy')
      assert (split[own.train] == 0).all() and len(own.train) == 16
      assert (split[own.test] == 2).all() and len(own.test) == 2 and (np.diff(own.test) > 0).all()
      nan = np.nan
      expected = np.tile([[0, 1, 1], [1, 1, 0], [1, 1, nan], [0, 0, 0]], (5, 1))
      np.testing.assert_array_equal(own.labels(['c', 'a', 'b']), expected)
      """, folder, scratch["data"], scratch["pools.json"])
  }
}
