import NumericKernels
import RoutingData

/// How embeddings become features that every model takes: moved and scaled by moments of the train queries.
///
/// A shift of all embeddings, a constant column, another unit of all columns or of one change nothing then, and a
/// penalty means the same with any encoder. What sentence encoders give is moved and scaled as a whole, so that
/// distances stay in proportion; see `FeatureMoments`.
public struct FeatureStandard: Equatable, Sendable {
  /// The length of an embedding, d.
  public let dimensions: Int
  /// The columns of an embedding that tell queries apart, ascending, p of them.
  public let columns: [Int]
  /// What is taken from each of these columns, p numbers.
  public let centre: [Float]
  /// What the rest is multiplied with, p numbers of at least 0.
  public let scale: [Float]
  /// The length from which on features are taken for broken: a length r beyond becomes limit²/r; nil for none.
  ///
  /// One embedding a hundred times as long as the others then counts less than they do, in training and in a prediction.
  public let limit: Float?

  /// A standard from its parts.
  init(dimensions: Int, columns: [Int], centre: [Float], scale: [Float], limit: Float?) {
    precondition(
      centre.count == columns.count && scale.count == columns.count,
      "\(columns.count) columns, \(centre.count) centres, \(scale.count) scales")
    self.dimensions = dimensions
    self.columns = columns
    self.centre = centre
    self.scale = scale
    self.limit = limit
  }

  /// Embeddings as they are, but for some columns, which count as 0.
  static func raw(dimensions: Int, without columns: [Int]) -> FeatureStandard {
    var scale = [Float](repeating: 1, count: dimensions)
    for column in columns { scale[column] = 0 }
    return FeatureStandard(
      dimensions: dimensions, columns: Array(0..<dimensions), centre: scale.map { _ in 0 }, scale: scale,
      limit: nil)
  }

  /// The features of embeddings, n × d, as n × p numbers, computed in `Double`; cost n·p.
  package func features(of embeddings: Matrix) -> Matrix {
    precondition(
      embeddings.columns == dimensions, "embeddings \(embeddings.shapeText), trained on \(dimensions)")
    var result = Matrix(rows: embeddings.rows, columns: columns.count)
    Parallel.fillRows(of: &result, blockRows: 256) { range, values in
      for (offset, row) in range.enumerated() {
        let embedding = embeddings.row(row)
        var square = 0.0
        for (place, column) in columns.enumerated() {
          let value =
            (Double(embedding[embedding.startIndex + column]) - Double(centre[place])) * Double(scale[place])
          square += value * value
          values[offset * columns.count + place] = Float(value)
        }
        guard let limit, square > Double(limit) * Double(limit) else { continue }
        // The values themselves may be beyond `Float`.
        let share = Double(limit) * Double(limit) / square
        for (place, column) in columns.enumerated() {
          let value =
            (Double(embedding[embedding.startIndex + column]) - Double(centre[place])) * Double(scale[place])
          values[offset * columns.count + place] = Float(value * share)
        }
      }
    }
    return result
  }

  /// `columns` and the vectors `centre` and `scale`; the numbers `dimensions` and `limit`, which is left out for none.
  package var contents: TensorBundle {
    TensorBundle(
      vectors: ["centre": centre, "scale": scale], integers: ["columns": columns],
      numbers: ["dimensions": [Double(dimensions)], "limit": limit.map { [Double($0)] } ?? []])
  }

  /// A standard that was saved.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  package init(contents: TensorBundle) throws(DataError) {
    let dimensions = try contents.count("dimensions")
    let columns = try contents.integers("columns", in: 0...max(dimensions - 1, 0))
    let scale = try contents.vector("scale", count: columns.count)
    guard let limits = contents.numbers["limit"], limits.count < 2 else {
      throw DataError("number 'limit' is missing")
    }
    let limit = limits.first.map { Float($0) }
    guard columns.count <= dimensions, scale.allSatisfy({ $0 >= 0 }), limit ?? 1 > 0 else {
      throw DataError("the standard of the features is not possible")
    }
    self.init(
      dimensions: dimensions, columns: columns, centre: try contents.vector("centre", count: columns.count),
      scale: scale, limit: limit)
  }
}
