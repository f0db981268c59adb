import Evaluation
import Metrics
import NumericKernels
import Routing
import RoutingData
import Synchronization
import TestSupport
import Testing

/// What an evaluation tells routers of the queries.
@Suite struct EvaluationWiringTests {
  /// A router that keeps the batches that it is asked about.
  private final class Listening: Router {
    let name = "listening"
    let heard = Mutex<[QueryBatch]>([])

    func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
      heard.withLock { $0.append(batch) }
      return Scores(Matrix(rows: batch.count, columns: candidates.count))
    }
  }

  /// Cells of a grid pass on the encoder, the benchmark, and the measured queries with their own embeddings.
  @Test(arguments: [MeasuredPart.test, .validation]) func queriesComeWithTheirFeatures(_ part: MeasuredPart)
    throws
  {
    let table = try TableBenchmark.checkerboard(llmCount: 6)
    let dataset = try table.dataset()
    let listening = Listening()
    let grid = EvaluationGrid(
      sizes: [3], groups: [.strongToWeak], measured: part, bootstrap: Bootstrap(resamples: 20))
    for encoder in ["mine", nil] {
      listening.heard.withLock { $0 = [] }
      _ = try grid.evaluate(
        grid.plan(dataset.benchmarks, of: dataset), encoder: encoder, embeddings: { _ in table.embeddings },
        prepare: { _, _ in { _ in [listening] } })
      let batches = listening.heard.withLock { $0 }
      #expect(batches.count == 1)
      let rows = table.benchmark.split.queries(in: part.part)
      for batch in batches {
        #expect(batch.encoder == encoder && batch.benchmark == "checkerboard" && batch.rows == rows)
        #expect(batch.embeddings == table.embeddings.selecting(rows: rows))
        #expect(batch.subscenarios == table.benchmark.queries.subscenarioNames(of: rows))
      }
    }
  }
}
