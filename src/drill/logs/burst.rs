//! The additional lines of a burst: evenly over each second.

use super::line::{Line, Stream};
use crate::drill::world::logs::LogGroup;
use crate::drill::world::{EnvironmentWorld, hash};

/// Streams that a burst is spread over.
const STREAMS: u64 = 8;

fn stream(number: u64) -> String {
    format!("burst/{number}")
}

pub fn write(world: &EnvironmentWorld, group: &LogGroup, second: i64, lines: &mut Vec<Line>) {
    for burst in group.bursts.iter().filter(|burst| (burst.from_s..burst.until_s).contains(&second)) {
        let seed = hash::of(&(world.seed, "burst", &group.name));
        let number = u64::from(burst.lines_per_second);
        lines.reserve(usize::try_from(number).unwrap_or(0));
        for place in 0..number {
            let at_ms = second * 1000 + i64::try_from(place * 1000 / number).unwrap_or(0);
            let id = hash::of(&(seed, second, place));
            let message = format!(
                "{{\"level\":\"warn\",\"msg\":\"{}\",\"attempt\":{},\"requestId\":\"{id:016x}\"}}",
                burst.message,
                id % 5 + 1
            );
            lines.push(Line { at_ms, stream: stream(id % STREAMS), message });
        }
    }
}

pub fn streams(group: &LogGroup, now: i64) -> Vec<Stream> {
    let begun: Vec<_> = group.bursts.iter().filter(|burst| burst.from_s <= now).collect();
    let (Some(first), Some(last)) =
        (begun.iter().map(|burst| burst.from_s).min(), begun.iter().map(|burst| burst.until_s).max())
    else {
        return Vec::new();
    };
    (0..STREAMS).map(|number| Stream { name: stream(number), first_s: first, last_s: last.min(now) }).collect()
}
