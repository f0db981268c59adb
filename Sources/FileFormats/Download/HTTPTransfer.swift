import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One GET request whose bytes are handed on as they come, so that no file is ever whole in memory.
///
/// A transfer runs once. The closures are called one after the other, on a thread of the session.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  /// Why bytes stopped coming.
  struct Failure: Equatable {
    /// The cause, as a clause.
    let reason: String
    /// Whether trying again makes sense.
    let isTemporary: Bool
  }

  /// What to do with the bytes that an answer announces.
  enum Decision {
    case take, leave
  }

  private let onAnswer: (HTTPAnswer) throws(FileError) -> Decision
  private let onBytes: (UnsafeRawBufferPointer) throws(FileError) -> Void
  private let isDone = DispatchSemaphore(value: 0)
  /// Written by the session's one queue, read after `isDone`.
  private var fault: FileError?
  private var failure: Failure?
  private var isLeft = false
  private var idleTimeout = 0.0
  /// The bytes that came, also those that were not taken.
  private let received = Atomic<Int>(0)

  init(
    onAnswer: @escaping (HTTPAnswer) throws(FileError) -> Decision,
    onBytes: @escaping (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) {
    self.onAnswer = onAnswer
    self.onBytes = onBytes
  }

  /// Sends the request and waits until all bytes have been handed on, or no more will come.
  ///
  /// - Parameters:
  ///   - idleTimeout: the seconds without a byte after which the connection is given up.
  ///   - minimumRate: the bytes a second that must come in each span of that length, header and all: each byte
  ///     of a server that drips would keep the connection open.
  /// - Returns: nil after a whole answer, or after one whose bytes were left; otherwise what failed.
  /// - Throws: what a closure threw; the transfer is then cancelled.
  func run(_ request: URLRequest, idleTimeout: Double, minimumRate: Double) throws(FileError) -> Failure? {
    self.idleTimeout = idleTimeout
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = idleTimeout
    configuration.urlCache = nil
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: queue)
    let task = session.dataTask(with: request)
    task.resume()
    let slowness = wait(for: task, minimumRate: minimumRate)
    // The session keeps its delegate alive until then.
    session.invalidateAndCancel()
    if let fault { throw fault }
    return isLeft ? nil : slowness ?? failure
  }

  /// Waits until the task is done, and cancels one that is too slow; returns why.
  private func wait(for task: URLSessionTask, minimumRate: Double) -> Failure? {
    var slowness: Failure?
    var (start, before) = (DispatchTime.now(), 0)
    while isDone.wait(timeout: .now() + min(1, idleTimeout / 4)) == .timedOut {
      let now = DispatchTime.now()
      guard slowness == nil, Double(now.uptimeNanoseconds - start.uptimeNanoseconds) / 1e9 >= idleTimeout
      else {
        continue
      }
      let count = received.load(ordering: .relaxed)
      if Double(count - before) < minimumRate * idleTimeout {
        slowness =
          count == before
          ? silence
          : Failure(
            reason: "only \(count - before) bytes came in \(idleTimeout) seconds", isTemporary: true)
        task.cancel()
      }
      (start, before) = (now, count)
    }
    return slowness
  }

  private var silence: Failure {
    Failure(reason: "no byte came for \(idleTimeout) seconds", isTemporary: true)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    guard let response = response as? HTTPURLResponse else {
      failure = Failure(reason: "the answer is not HTTP", isTemporary: false)
      completionHandler(.cancel)
      return
    }
    do throws(FileError) {
      if try onAnswer(HTTPAnswer(response)) == .take {
        completionHandler(.allow)
      } else {
        isLeft = true
        completionHandler(.cancel)
      }
    } catch {
      fault = error
      completionHandler(.cancel)
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    received.add(data.count, ordering: .relaxed)
    // Bytes that were on the way when the transfer was cancelled.
    guard fault == nil, !isLeft else { return }
    // Foundation's call has no typed throws, so the error is carried past it.
    fault = data.withUnsafeBytes { bytes in
      do throws(FileError) {
        try onBytes(bytes)
        return nil
      } catch {
        return error
      }
    }
    if fault != nil { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    let (from, to) = (response.url?.scheme?.lowercased(), request.url?.scheme?.lowercased())
    guard to == "https" || to == "http" && from == "http" else {
      fault = FileError(
        FileError.excerpt(response.url?.absoluteString ?? "", limit: 200),
        "redirects to a URL of scheme '\(FileError.excerpt(to ?? ""))', which is not followed")
      completionHandler(nil)
      task.cancel()
      return
    }
    completionHandler(request)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    if let error, failure == nil { failure = failure(for: error) }
    isDone.signal()
  }

  private func failure(for error: any Error) -> Failure {
    let text = FileError.excerpt((error as NSError).localizedDescription, limit: 160)
    switch (error as? URLError)?.code {
    case .httpTooManyRedirects:
      return Failure(reason: "the server redirects in a circle, or to no http URL", isTemporary: false)
    case .timedOut: return silence
    case .unsupportedURL, .badURL: return Failure(reason: text, isTemporary: false)
    default: return Failure(reason: text, isTemporary: true)
    }
  }
}
