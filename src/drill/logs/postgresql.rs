//! Lines of a PostgreSQL instance: checkpoints, connections, slow statements, and a disk that is full.

use jiff::Timestamp;

use super::line::Line;
use crate::drill::world::metric::MetricId;
use crate::drill::world::{EnvironmentWorld, hash};

/// Seconds between two checkpoints (`checkpoint_timeout`).
const CHECKPOINT_S: i64 = 300;
/// Seconds that a checkpoint takes.
const CHECKPOINT_TAKES_S: i64 = 27;
/// Seconds between two new connections.
const CONNECTION_S: i64 = 10;
/// CPU in percent above which statements become slow.
const BUSY_PERCENT: f64 = 70.0;
/// Free bytes below which writes fail.
const FULL_BYTES: f64 = 50_000_000.0;

pub fn write(world: &EnvironmentWorld, instance: &str, second: i64, lines: &mut Vec<Line>) {
    let seed = hash::of(&(world.seed, "postgresql", instance));
    let draw = |what: u64| hash::of(&(seed, second, what));
    let mut say = |what: u64, text: String| {
        let at_ms = second * 1000 + i64::try_from(draw(what) % 1000).unwrap_or(0);
        let at = Timestamp::from_second(second).unwrap_or_default().strftime("%Y-%m-%d %H:%M:%S UTC");
        let process = 300 + draw(what + 100) % 9000;
        lines.push(Line { at_ms, stream: format!("{instance}.0"), message: format!("{at}::@:[{process}]:{text}") });
    };
    if second.rem_euclid(CHECKPOINT_S) == 0 {
        say(1, "LOG:  checkpoint starting: time".to_owned());
    }
    if second.rem_euclid(CHECKPOINT_S) == CHECKPOINT_TAKES_S {
        say(2, format!("LOG:  checkpoint complete: wrote {} buffers", 40 + draw(3) % 900));
    }
    if second.rem_euclid(CONNECTION_S) == 4 {
        say(4, "LOG:  connection authorized: user=app database=app".to_owned());
    }
    let gauge = |name: &str| {
        let id = MetricId::new("AWS/RDS", name, &[("DBInstanceIdentifier", instance)]);
        world.metrics.recorded(&id, second.div_euclid(60) - 1).map(|point| point.min)
    };
    if gauge("CPUUtilization").is_some_and(|cpu| cpu > BUSY_PERCENT) {
        say(
            5,
            format!(
                "LOG:  duration: {}.{:03} ms  statement: SELECT * FROM orders WHERE state = $1",
                1000 + draw(6) % 4000,
                draw(7) % 1000
            ),
        );
    }
    if gauge("FreeStorageSpace").is_some_and(|free| free < FULL_BYTES) {
        say(8, "ERROR:  could not extend file \"base/16401/24576\": No space left on device".to_owned());
    }
}
