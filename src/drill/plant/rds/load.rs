//! A database under load: demand → CPU, connections, latency.

use crate::drill::estate::databases::DbLoadData;

/// Utilisation at which the described latencies hold.
const USUAL: f64 = 0.35;

/// What is asked of a database in a minute, as factors of an average day.
#[derive(Debug, Clone, Copy)]
pub struct Demand {
    /// Load of the environment.
    pub load: f64,
    /// What an ailment does to its CPU.
    pub cpu_factor: f64,
    /// What an ailment does to its latency.
    pub latency_factor: f64,
    /// What an ailment does to its connections.
    pub connections_factor: f64,
    /// Share of the minute that it was up.
    pub up: f64,
}

impl Demand {
    /// An average minute under `load`.
    pub fn usual(load: f64) -> Self {
        Self { load, cpu_factor: 1.0, latency_factor: 1.0, connections_factor: 1.0, up: 1.0 }
    }
}

/// How a database did in a minute.
#[derive(Debug, Clone, Copy)]
pub struct Response {
    /// CPU that was wanted, in percent of what there is: may be above 100.
    pub wanted: f64,
    /// CPU in percent.
    pub cpu: f64,
    /// Connections on average.
    pub connections: f64,
    /// Bytes of memory that are free.
    pub freeable_memory: f64,
    /// Milliseconds of a read.
    pub read_ms: f64,
    /// Milliseconds of a write.
    pub write_ms: f64,
}

/// The response to `demand`. `room` is the CPU that there is, as a share of what `usual` is a percentage of (1 unless
/// it is serverless); `unrest` is noise between -1 and 1.
pub fn respond(usual: &DbLoadData, demand: &Demand, room: f64, unrest: f64) -> Response {
    let wanted = usual.cpu_percent * demand.load * demand.cpu_factor * (1.0 + 0.08 * unrest) * demand.up;
    let there = 100.0 * room;
    let utilisation = wanted / there.max(1e-6);
    let longer = (1.0 - 0.9 * USUAL) / (1.0 - 0.9 * utilisation.min(1.0)) * utilisation.max(1.0);
    let longer = longer.max(1.0) * demand.latency_factor;
    // Requests that wait hold their connection.
    let held = 1.0 + 3.0 * (utilisation - 0.85).clamp(0.0, 1.0);
    let open = usual.connections * demand.load.max(0.0).sqrt() * held * demand.connections_factor;
    Response {
        wanted: utilisation * 100.0,
        cpu: wanted.min(there),
        connections: ((open * (1.0 + 0.03 * unrest)).min(usual.max_connections) * demand.up).round(),
        freeable_memory: usual.freeable_memory_gb * 1e9 * (1.0 - 0.03 * unrest),
        read_ms: usual.read_latency_ms * longer * (1.0 + 0.1 * unrest),
        write_ms: usual.write_latency_ms * longer * (1.0 + 0.1 * unrest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: DbLoadData = DbLoadData {
        cpu_percent: 30.0,
        connections: 100.0,
        max_connections: 400.0,
        freeable_memory_gb: 8.0,
        read_latency_ms: 1.0,
        write_latency_ms: 2.0,
    };

    #[test]
    fn load_shows_in_cpu_connections_and_latency_within_their_bounds() {
        let at = |load: f64| respond(&DATA, &Demand::usual(load), 1.0, 0.0);
        assert_eq!((at(1.0).cpu, at(1.0).connections, at(1.0).read_ms), (30.0, 100.0, 1.0));
        assert!(at(3.0).cpu > 80.0 && at(3.0).read_ms > 2.0 && at(3.0).connections > 150.0);
        let most = at(50.0);
        assert_eq!((most.cpu, most.connections), (100.0, 400.0));
        assert!(most.wanted > 1000.0);
    }

    #[test]
    fn a_database_that_is_down_holds_no_connections() {
        let down = respond(&DATA, &Demand { up: 0.0, ..Demand::usual(1.0) }, 1.0, 0.5);
        assert_eq!((down.cpu, down.connections), (0.0, 0.0));
    }
}
