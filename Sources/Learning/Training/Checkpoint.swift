import FileFormats
import Foundation
import NumericKernels
import RoutingData

/// The state of a run after an epoch: one safetensors file whose metadata hold everything that is no array.
struct Checkpoint<Model: StorableRouter> {
  let state: RunState<Model>
  let progress: TrialProgress
  let fit: TensorBundle
  let best: TensorBundle

  init(state: RunState<Model>, progress: TrialProgress, fit: TensorBundle, best: TensorBundle) {
    self.state = state
    self.progress = progress
    self.fit = fit
    self.best = best
  }

  /// Writes the checkpoint of a run that computes with one of OpenBLAS's kernels.
  func write(to path: String, of record: TrainingRecord, kernel: String = OpenBLASKernel.current) throws {
    var bundle = TensorBundle()
    bundle.put(fit, under: "fit")
    bundle.put(best, under: "best")
    if let chosen = state.chosen { bundle.put(chosen.state, under: "chosen") }
    let tensors = bundle.tensors
    let header = CheckpointHeader(
      formatVersion: CheckpointHeader.formatVersion, blasKernel: kernel, run: record, progress: progress,
      candidate: state.candidate, worse: state.worse, fits: state.fits,
      chosen: state.chosen.map {
        CheckpointHeader.Chosen(
          candidate: $0.candidate, values: $0.values, history: $0.history, validation: $0.validation)
      }, numbers: bundle.numbers, texts: bundle.texts,
      digests: try CheckpointHeader.digests(of: tensors))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(header), as: UTF8.self)
    try Safetensors.write(tensors, metadata: [CheckpointHeader.key: text], to: path)
  }

  /// Reads the checkpoint of a run.
  ///
  /// - Throws: `FileError` for a file that is no checkpoint, is damaged, belongs to another run, or was computed with
  ///   another of OpenBLAS's kernels than `kernel`, so that the end would have the bits of neither.
  init(
    path: String, for record: TrainingRecord, kernel: String = OpenBLASKernel.current
  ) throws(FileError) {
    let file = try Safetensors.open(path)
    guard let text = file.metadata[CheckpointHeader.key],
      let header = try? JSONDecoder().decode(CheckpointHeader.self, from: Data(text.utf8)),
      header.formatVersion == CheckpointHeader.formatVersion, header.isPossible
    else { throw FileError(path, "is not a checkpoint that this program can read") }
    if let difference = header.run.firstDifference(from: record) {
      throw FileError(path, "is the checkpoint of another run: \(difference)")
    }
    guard header.blasKernel == kernel else {
      throw FileError(
        path,
        "was computed with OpenBLAS's kernel \(header.blasKernel), this process has \(kernel), which rounds otherwise: "
          + "set OPENBLAS_CORETYPE=\(header.blasKernel), or begin anew without --resume")
    }
    var tensors: [String: NDArray] = [:]
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    guard try CheckpointHeader.digests(of: tensors) == header.digests else {
      throw FileError(path, "is damaged: an array is not what was saved")
    }
    let bundle = try TensorBundle(tensors: tensors, numbers: header.numbers, texts: header.texts)
    fit = bundle.part("fit")
    best = bundle.part("best")
    progress = header.progress
    var state = RunState<Model>()
    state.candidate = header.candidate
    state.worse = header.worse
    state.fits = header.fits
    state.chosen = header.chosen.map {
      RunState<Model>.Chosen(
        candidate: $0.candidate, state: bundle.part("chosen"), model: nil, values: $0.values,
        history: $0.history, validation: $0.validation)
    }
    self.state = state
  }
}
