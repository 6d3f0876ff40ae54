//! Lines of a Lambda function: START, what it says, END and REPORT of every invocation.

use jiff::Timestamp;

use super::line::{Line, Stream};
use super::pace::{Metrics, Minute, millis};
use crate::drill::world::lambda::Function;
use crate::drill::world::metric::MetricId;
use crate::drill::world::{EnvironmentWorld, hash};

/// Seconds before a second in which an invocation may have begun that still writes in it.
const LOOK_BACK_S: i64 = 10;
/// Longest duration that is shown, in milliseconds.
const LONGEST_MS: f64 = 9_500.0;
/// Execution environments that share the invocations of a version.
const INSTANCES: u64 = 4;
/// Hours of history.
const HISTORY_S: i64 = 3 * 3600;

pub fn write(world: &EnvironmentWorld, name: &str, second: i64, lines: &mut Vec<Line>) {
    let Some(function) = world.functions.get(name) else { return };
    let from = second - LOOK_BACK_S;
    for minute in from.div_euclid(60)..=second.div_euclid(60) {
        let Some(pace) = minute_of(world, name, minute) else { continue };
        let begin = u64::try_from(from - minute * 60).unwrap_or(0);
        let end = u64::try_from(second + 1 - minute * 60).unwrap_or(0).min(60);
        let throttled = world.tables.keys().find(|table| throttles(world, table, minute));
        for event in pace.events(begin..end) {
            let start = pace.begins_ms(event);
            let duration = pace.duration_ms(event, LONGEST_MS.min(f64::from(function.timeout_s) * 1000.0));
            let end = start + millis(duration).max(1);
            if start.div_euclid(1000) <= second && end.div_euclid(1000) >= second {
                let invocation = Invocation { function, pace: &pace, event, start, end, duration };
                let here = |line: &Line| line.at_ms.div_euclid(1000) == second;
                lines.extend(invocation.lines(throttled).into_iter().filter(here));
            }
        }
    }
}

fn minute_of(world: &EnvironmentWorld, name: &str, minute: i64) -> Option<Minute> {
    let metrics = Metrics {
        namespace: "AWS/Lambda",
        dimensions: &[("FunctionName", name)],
        number: "Invocations",
        failing: "Errors",
        duration: "Duration",
        unit_ms: 1.0,
    };
    metrics.minute(&world.metrics, minute, hash::of(&(world.seed, "function", name)))
}

fn throttles(world: &EnvironmentWorld, table: &str, minute: i64) -> bool {
    let id = MetricId::new("AWS/DynamoDB", "WriteThrottleEvents", &[("TableName", table)]);
    world.metrics.recorded(&id, minute - 1).is_some()
}

/// The version that gets invocations at a time: the newest one by then, or the one that the alias went back to.
fn version(function: &Function, at_s: i64) -> u32 {
    let newest = function.versions.iter().rev().find(|version| version.published.as_second() <= at_s);
    let newest = newest.map_or(1, |version| version.number);
    function.aliases.values().next().map_or(newest, |alias| newest.min(alias.version))
}

fn stream(function: &Function, version: u32, at_s: i64, instance: u64) -> String {
    let day = Timestamp::from_second(at_s).unwrap_or_default().strftime("%Y/%m/%d");
    format!("{day}/[{version}]{}", hash::hex(&(&function.arn, version, instance), 32))
}

/// One invocation.
struct Invocation<'a> {
    function: &'a Function,
    pace: &'a Minute,
    event: u64,
    start: i64,
    end: i64,
    duration: f64,
}

impl Invocation<'_> {
    fn lines(&self, throttled: Option<&String>) -> Vec<Line> {
        let Self { function, pace, event, start, end, duration } = *self;
        let version = version(function, start.div_euclid(1000));
        let stream = stream(function, version, start.div_euclid(1000), pace.draw(event, 1) % INSTANCES);
        let id = pace.id(event);
        let line = |at_ms, message| Line { at_ms, stream: stream.clone(), message };
        let at = |ms| Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        let memory = function.memory_mb;
        let used = 70 + pace.draw(event, 2) % 40;
        let said = if pace.fails(event) {
            let (kind, message) = match throttled.filter(|_| pace.draw(event, 3) % 2 == 0) {
                Some(table) => (
                    "ProvisionedThroughputExceededException",
                    format!("The level of configured provisioned throughput for the table {table} was exceeded."),
                ),
                None => ("TypeError", "Cannot read properties of undefined (reading 'amount')".to_owned()),
            };
            let error =
                format!("{{\"errorType\":\"{kind}\",\"errorMessage\":\"{message}\",\"version\":\"{version}\"}}");
            line(end, format!("{}\t{id}\tERROR\tInvoke Error\t{error}\n", at(end)))
        } else {
            let half = start + (end - start) / 2;
            line(half, format!("{}\t{id}\tINFO\thandled in {} ms\n", at(half), millis(duration)))
        };
        let report = format!(
            "REPORT RequestId: {id}\tDuration: {duration:.2} ms\tBilled Duration: {} ms\tMemory Size: {memory} MB\tMax Memory Used: {used} MB\t\n",
            duration.ceil()
        );
        vec![
            line(start, format!("START RequestId: {id} Version: {version}\n")),
            said,
            line(end, format!("END RequestId: {id}\n")),
            line(end, report),
        ]
    }
}

pub fn streams(world: &EnvironmentWorld, name: &str, now: i64) -> Vec<Stream> {
    let Some(function) = world.functions.get(name) else { return Vec::new() };
    let mut streams: Vec<Stream> = Vec::new();
    for at in [now - HISTORY_S, now] {
        let version = version(function, at);
        for instance in 0..INSTANCES {
            let name = stream(function, version, at, instance);
            if !streams.iter().any(|known| known.name == name) {
                let superseded = function.versions.iter().find(|later| later.number > version);
                let last = superseded.map_or(now, |later| later.published.as_second().min(now));
                let first = (now - HISTORY_S).max(now.div_euclid(86_400) * 86_400).min(last);
                streams.push(Stream { name, first_s: first, last_s: last });
            }
        }
    }
    streams
}
