import RoutingData

/// Gives the routers of a pool, trained for it where they need to be; called from several threads.
public typealias PoolRouters = @Sendable (CandidatePool) throws -> [any Router]
