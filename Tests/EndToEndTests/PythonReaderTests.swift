import Foundation
import Testing

/// numpy and safetensors read what the executables write, and find the same numbers.
@Suite(.enabled(if: Python.isThere, Python.reason))
struct PythonReaderTests {
  /// A benchmark made by numpy comes back out of the dataset folder, bit by bit.
  @Test func numpyReadsADatasetFolder() throws {
    let scratch = try Scratch()
    try Python.check(
      """
      r = np.random.default_rng(0)
      np.savez(sys.argv[1], scores=(r.random((13, 90)) < 0.6).astype(np.uint8),
               models=np.array([f'model-{i}, "é"' for i in range(13)]),
               prompts=np.array([f'question {i}\\nsecond line' for i in range(90)]),
               subscenario=np.array(['a', 'b', 'c'] * 30), embed=r.random((90, 5)).astype(np.float16))
      """, scratch["own.npz"])
    let run = try Tool("rs-data", "import", "npz", scratch["own.npz"], "--output", scratch["data"])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    try Python.check(
      """
      own, data = np.load(sys.argv[1]), sys.argv[2]
      packed = np.load(f'{data}/responses/own.npy', mmap_mode='r')
      assert packed.dtype == np.uint8 and packed.shape == (90, 2)
      assert (packed == np.packbits(own['scores'].T, axis=1)).all()
      assert (np.unpackbits(packed, axis=1, count=13) == own['scores'].T).all()
      embeddings = np.load(f'{data}/embeddings/embed/own.npy')
      assert (embeddings == own['embed']).all()
      manifest = json.load(open(f'{data}/dataset.json'))
      names = manifest['benchmarks'][0]['subscenarios']
      assert [names[i] for i in np.load(f'{data}/subscenarios/own.npy')] == list(own['subscenario'])
      split = np.load(f'{data}/splits/own.npy')
      assert sorted(np.unique(split, return_counts=True)[1]) == [9, 9, 72]
      lines = [json.loads(line) for line in open(f'{data}/prompts/own.jsonl')]
      assert [line['prompt'] for line in lines] == list(own['prompts'])
      rows = list(csv.DictReader(open(f'{data}/llms.csv', newline='')))
      assert [row['name'] for row in rows] == list(own['models'])
      """, scratch["own.npz"], scratch["data"])
  }

  /// Missing pairs of a long CSV are missing, and continuous grades keep their values.
  @Test func numpyReadsTheMaskOfALongCSV() throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      "long.csv", "query,llm,score\nq1,a,0.25\nq1,b,1\nq2,b,0.5\nq3,a,0\nq3,c,0.125\n")
    let run = try Tool("rs-data", "import", "csv", file, "--output", scratch["data"])
    #expect(run.status == 0)
    try Python.check(
      """
      data = sys.argv[1]
      observed = np.unpackbits(np.load(f'{data}/responses/long.observed.npy'), axis=1, count=3)
      assert observed.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 1]]
      scores = np.load(f'{data}/responses/long.npy')
      assert scores.dtype == np.float32
      assert scores[observed == 1].tolist() == [0.25, 1, 0.5, 0, 0.125]
      """, scratch["data"])
  }

  @Test func thePackageReadsAModel() throws {
    let sample = try Sample.shared()
    try Python.check(
      """
      model, llms, factors = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
      config = json.load(open(f'{model}/config.json'))
      assert len(config['llms']) == len(set(config['llms'])) == llms
      with safe_open(f'{model}/model.safetensors', 'np') as f:
        assert f.metadata() == {'algorithm': 'logistic-mf'}
        tensors = {name: f.get_tensor(name) for name in f.keys()}
      queries = sum(config['numbers']['query_counts'])
      assert tensors['llm_factors'].shape == (llms, factors)
      assert tensors['llm_biases'].shape == (llms,)
      assert tensors['query_factors'].shape == (queries, factors)
      assert tensors['query_biases'].shape == tensors['query_rows'].shape == (queries,)
      for name, tensor in tensors.items():
        assert np.isfinite(tensor).all(), name
        assert tensor.dtype == (np.int64 if name in ('query_rows', 'features/columns') else np.float32), name
      assert np.abs(tensors['llm_factors']).max() > 0.01
      """, sample.model, "\(Sample.llms)", "\(Sample.factors)")
  }

  @Test(arguments: ["llms", "queries"])
  func everyExportHoldsTheSameNumbers(what: String) throws {
    let sample = try Sample.shared()
    let scratch = try Scratch()
    for format in ["npy", "npz", "safetensors", "csv", "word2vec", "projector"] {
      let run = try Tool(
        "rs-export", "--model", sample.model, "--what", what, "--format", format, "--output",
        scratch["e.\(format)"])
      #expect(run.status == 0)
    }
    try Python.check(Self.exports, sample.model, scratch.path, what)
  }

  private static let exports = """
    model, folder, what = sys.argv[1:]
    kind = 'llm' if what == 'llms' else 'query'
    config = json.load(open(f'{model}/config.json'))
    with safe_open(f'{model}/model.safetensors', 'np') as f:
      factors, biases = f.get_tensor(f'{kind}_factors'), f.get_tensor(f'{kind}_biases')
      rows, names = f.get_tensor('query_rows'), config['llms']
    if what == 'queries':
      counts = zip(config['texts']['query_benchmarks'], config['numbers']['query_counts'])
      parts = [benchmark for benchmark, count in counts for _ in range(count)]
      names = [f'{benchmark}/{row}' for benchmark, row in zip(parts, rows)]
      every = [str(name) for name in np.load(f'{folder}/e.npz')['names']]
      sources = np.load(f'{folder}/e.npz')['sources']
      assert len(every) == len(set(every)) > len(names) and set(names) < set(every)
      learned = [i for i, source in enumerate(sources) if source == 'learned']
      assert {every[i] for i in learned} == set(names)
      learned.sort(key=lambda i: names.index(every[i]))

    def check(format, found_names, found_factors, found_biases=None):
      found = np.asarray(found_factors, dtype=np.float32)
      if what == 'queries':
        # All queries; those that were trained on have the model's own factors.
        assert list(found_names) == every and np.isfinite(found).all(), format
        found_names, found = [every[i] for i in learned], found[learned]
        if found_biases is not None: found_biases = np.asarray(found_biases, dtype=np.float32)[learned]
      assert list(found_names) == names, format
      assert found.shape == factors.shape and (found == factors).all(), format
      if found_biases is not None:
        assert (np.asarray(found_biases, dtype=np.float32) == biases).all(), format

    check('npy', open(f'{folder}/e.names.txt').read().splitlines(), np.load(f'{folder}/e.npy'))
    archive = np.load(f'{folder}/e.npz')
    check('npz', archive['names'], archive['embeddings'], archive['biases'])
    with safe_open(f'{folder}/e.safetensors', 'np') as f:
      check('safetensors', json.loads(f.metadata()['names']), f.get_tensor('embeddings'), f.get_tensor('biases'))
    header, *lines = csv.reader(open(f'{folder}/e.csv', newline=''))
    own = ['source'] if what == 'queries' else []
    assert header == ['name'] + own + ['bias'] + [f'factor_{i}' for i in range(factors.shape[1])]
    if own: assert [l.pop(1) for l in lines] == list(sources)
    check('csv', [l[0] for l in lines], [l[2:] for l in lines], [l[1] for l in lines])
    first, *lines = open(f'{folder}/e.word2vec').read().splitlines()
    assert [int(x) for x in first.split(' ')] == [len(lines), factors.shape[1]]
    lines = [line.split(' ') for line in lines]
    check('word2vec', [l[0] for l in lines], [l[1:] for l in lines])
    header, *lines = [line.split('\\t') for line in open(f'{folder}/e.projector/metadata.tsv').read().splitlines()]
    assert header == ['name', 'bias'] + own
    tensors = np.loadtxt(f'{folder}/e.projector/tensors.tsv', delimiter='\\t', dtype=np.float32)
    check('projector', [l[0] for l in lines], tensors, [l[1] for l in lines])
    """
}
