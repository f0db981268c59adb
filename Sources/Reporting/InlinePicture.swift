import Foundation

/// An SVG file as part of an HTML page.
enum InlinePicture {
  /// The element `svg` of a gnuplot file, scalable and with names that no other picture of the page has.
  ///
  /// - Parameters:
  ///   - text: the whole file.
  ///   - name: the figure's name, unique on the page.
  ///   - title: what it shows, for those who can't see it.
  /// - Returns: nil for a text without such an element.
  static func html(_ text: String, name: String, title: String) -> String? {
    guard let start = text.range(of: "<svg"), let end = text.range(of: "</svg>"),
      let close = text.range(of: ">", range: start.upperBound..<end.lowerBound)
    else { return nil }
    let head = String(text[start.upperBound..<close.lowerBound])
    guard let box = attribute("viewBox", of: head) else { return nil }
    var body = String(text[close.upperBound..<end.lowerBound])
    body = removing("title", from: removing("desc", from: body))
    let prefix = HTML.fragment(name) + "-"
    for (old, new) in [
      ("id=\"", "id=\"\(prefix)"), ("id='", "id='\(prefix)"), ("href=\"#", "href=\"#\(prefix)"),
      ("href='#", "href='#\(prefix)"), ("url(#", "url(#\(prefix)"),
    ] { body = body.split(separator: old, omittingEmptySubsequences: false).joined(separator: new) }
    return "<svg viewBox=\"\(HTML.escape(box))\" role=\"img\" aria-label=\"\(HTML.escape(title))\" "
      + "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">"
      + body.split(whereSeparator: \.isNewline).joined(separator: "\n") + "</svg>"
  }

  private static func attribute(_ name: String, of head: String) -> String? {
    guard let start = head.range(of: "\(name)=\""),
      let end = head.range(of: "\"", range: start.upperBound..<head.endIndex)
    else { return nil }
    return String(head[start.upperBound..<end.lowerBound])
  }

  private static func removing(_ element: String, from text: String) -> String {
    guard let start = text.range(of: "<\(element)>"),
      let end = text.range(of: "</\(element)>", range: start.upperBound..<text.endIndex)
    else { return text }
    return String(text[..<start.lowerBound] + text[end.upperBound...])
  }
}
