import Foundation
import Testing

/// The choice of OpenBLAS's kernel, made once by starting the program again, leaves no other trace.
@Suite struct KernelTests {
  private static let choice = "OPENBLAS_CORETYPE"
  private static let firstChoice = "ROUTEREC_OPENBLAS_FIRST_CHOICE"

  /// Runs with nothing chosen, as a user's shell would, plus what is given.
  private func run(_ name: String, _ words: [String], _ variables: [String: String?] = [:]) throws -> Tool {
    let nothing: [String: String?] = [Self.choice: nil, Self.firstChoice: nil]
    return try Tool(name, words, environment: nothing.merging(variables) { _, new in new })
  }

  @Test func withoutAChoiceTheDoctorSaysWhy() throws {
    let doctor = try run("rs-data", ["doctor", "--json"])
    #expect(doctor.status == 0)
    #expect(doctor.errors.isEmpty)
    let report = try doctor.json()
    let kernel = try #require(report["kernel"] as? String)
    let reason = try #require(report["kernel_reason"] as? String)
    #expect(
      reason == "chosen by OpenBLAS"
        || reason.hasPrefix("set to \(kernel) for this processor; OpenBLAS itself chose "), "\(reason)")
    #expect(report["lapack"] as? Bool == true)
    #expect(try #require(report["sgemm_gigaflops"] as? Double) > 0)
    #expect(try #require(report["threads"] as? Int) > 0)
    #expect(Set((report["programs"] as? [String: Any] ?? [:]).keys) == ["gnuplot", "mpirun"])
  }

  /// Every x86-64 processor runs Nehalem's kernel, so it shows a choice that is not the best one.
  @Test func aUsersChoiceStays() throws {
    #if arch(x86_64)
      let doctor = try run("rs-data", ["doctor", "--json"], [Self.choice: "Nehalem"])
      #expect(doctor.status == 0)
      let report = try doctor.json()
      #expect(report["kernel"] as? String == "Nehalem")
      #expect(report["kernel_reason"] as? String == "\(Self.choice)=Nehalem in the environment")
    #endif
  }

  @Test func anUnknownChoiceDoesNotLoop() throws {
    let doctor = try run("rs-data", ["doctor", "--json"], [Self.choice: "NoSuchKernel"])
    #expect(doctor.status == 0)
    #expect(
      try doctor.json()["kernel_reason"] as? String == "\(Self.choice)=NoSuchKernel in the environment")
  }

  @Test func argumentsAndStatusStay() throws {
    let odd = "no such\nfolder 'é' \"*\""
    for variables in [[:], [Self.choice: "Haswell"]] as [[String: String?]] {
      let absent = try run("rs-data", ["info", odd], variables)
      #expect(absent.status == 1)
      #expect(absent.errors.contains("no such folder 'é' \"*\": is not a dataset folder"))
      let wrong = try run("rs-data", ["info", "--jsn", odd], variables)
      #expect(wrong.status == 2)
      #expect(wrong.errors.contains("'--json'"))
    }
  }
}
