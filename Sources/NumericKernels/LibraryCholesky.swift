import CLAPACKE
import COpenBLAS
import Dispatch

extension Machine {
  /// The seconds that LAPACK's own Cholesky factorization takes with the threads of OpenBLAS, for comparison.
  ///
  /// It is the only place where OpenBLAS may use threads: its bits depend on their number, and nothing else may run
  /// meanwhile.
  public static func secondsOfLibraryCholesky(_ matrix: consuming Matrix) -> Double {
    BLAS.prepare()
    var factor = matrix
    let size = Int32(factor.rows)
    openblas_set_num_threads(Int32(Threads.count))
    defer { openblas_set_num_threads(1) }
    let start = DispatchTime.now().uptimeNanoseconds
    let info = LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 0x55 /* U */, size, &factor.storage, max(size, 1))
    precondition(info == 0, "SPOTRF: \(info)")
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
  }
}
