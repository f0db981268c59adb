import Foundation
import Testing

/// `experiments/real_pools/run` on a small file of RouterEval's own `leaderboard_old` layout.
@Suite(.enabled(if: Python.isThere, Python.reason))
struct RealPoolsTests {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL.path

  @Test func leaderboardOldIsRoutedByTheSameCommand() throws {
    let scratch = try Scratch()
    try Python.check(
      """
      import pickle
      rng = np.random.default_rng(0)
      sizes = {'harness_arc_challenge_25': 90, 'harness_hellaswag_10': 70, 'harness_truthfulqa_mc_0': 60,
               'harness_winogrande_5': 80, 'harness_gsm8k_5': 100}
      data, embed = {}, {}
      for name, size in sizes.items():
          ability = rng.uniform(.2, .8, 24)
          data[name] = {'correctness': (rng.random((size, 24)) < ability).astype(np.float64)}
          embed[name] = rng.normal(size=(size, 8)).astype(np.float32)
      folder = sys.argv[1]
      os.makedirs(folder + '/leaderboard_score')
      os.makedirs(folder + '/leaderboard_embed/leaderboard_old_embed')
      with open(folder + '/leaderboard_score/leaderboard_old.pkl', 'wb') as file:
          pickle.dump({'data': data, 'model': [f'org/m{i}' for i in range(24)]}, file)
      with open(folder + '/leaderboard_embed/leaderboard_old_embed/sentence_bert_result.pkl', 'wb') as file:
          pickle.dump(embed, file)
      """, scratch["data"])
    let words = [
      "ROUTEREC_DATA=\(scratch["data"])", "BINARIES=\(Tool.folder)", "SEEDS=0 1", "POOLS=3,10",
      "MODELS=ridge", "ROUTERS=oracle,best-single,random", "RESAMPLES=50",
      "PYTHON=\(Python.path ?? "python3")",
      "\(root)/experiments/real_pools/run", scratch["out"],
    ]
    let run = try Tool("/usr/bin/env", words)
    #expect(run.status == 0, "\(run.errors)")
    try Python.check(
      """
      rows = list(csv.DictReader(open(sys.argv[1] + '/summary.csv')))
      places = {(r['kind'], r['m'], r['router']): r for r in rows}
      assert len(rows) == 2 * 2 * 4, len(rows)
      for kind in ('mix', 'six'):
          for m in ('3', '10'):
              own = {router: places[kind, m, router] for router in ('oracle', 'best-single', 'random', 'ridge')}
              assert all(r['seeds'] == '2' for r in own.values())
              assert float(own['best-single']['vb_train']) == 1, own
              assert float(own['best-single']['vb']) <= 1 < float(own['oracle']['vb'])
              assert all(float(r['vb_low']) < float(r['vb']) < float(r['vb_high']) for r in own.values())
              assert (int(own['ridge']['thin']) > 0) == (kind == 'six')
      """, scratch["out"])
    // Started again it has nothing to do, and says the same.
    let again = try Tool("/usr/bin/env", words)
    #expect(again.status == 0 && again.output == run.output, "\(again.errors)")
    let none = try Tool("/usr/bin/env", ["ROUTEREC_DATA=\(scratch["none"])"] + words.dropFirst())
    #expect(none.status == 1 && none.errors.contains("set ROUTEREC_DATA"))
  }
}
