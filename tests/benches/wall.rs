//! `cargo bench --bench wall`: how long a complete wall takes from nothing, and how many calls, on the drill.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use table::Table;
use watchfloor::config::Config;
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::poll::{PollEvent, Pollers, collect, environments};
use watchfloor::signals;

#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod table;

/// Runs of each case; the median is printed.
const RUNS: usize = 5;
/// Environments that the target is for.
const TARGET_ENVIRONMENTS: usize = 10;
/// What is wanted: the wall within this many times the longest chain of calls that need one another.
const TARGET_RATIO: f64 = 1.2;

struct Measured {
    wall: Duration,
    calls: u64,
    metric_calls: u64,
    metrics: u64,
}

fn drill(estate: &str) -> Drill {
    let started: Timestamp = "2026-11-20T03:12:40Z".parse().unwrap();
    let mut options = DrillOptions::new(estate, started);
    options.elapsed = Duration::from_secs(760);
    options.speed = 0.0;
    Drill::open(&options).unwrap()
}

/// `count` environments: the estate's own, again and again under other names.
fn multiplied(config: &Config, count: usize) -> Config {
    let own = &config.environments;
    let environments = (0..count).map(|index| {
        let mut environment = own[index % own.len()].clone();
        environment.name = format!("{}-{index}", environment.name);
        environment
    });
    Config { environments: environments.collect(), ..config.clone() }
}

async fn cold_wall(estate: &str, count: usize, latency: Duration) -> Measured {
    let drill = drill(estate);
    let config = multiplied(&drill.config, count);
    let transport = connector::transport(Arc::new(drill.endpoint().latency(latency)));
    // The world's past is simulated once, before the clock of the measurement starts.
    let warm = Pollers::start(&multiplied(&drill.config, 1), &transport, &drill.clock, signals::ALL, 1);
    one(warm, &drill, &multiplied(&drill.config, 1)).await;
    let began = Instant::now();
    let started = Pollers::start(&config, &transport, &drill.clock, signals::ALL, 1);
    let wall = one(started, &drill, &config).await;
    let took = began.elapsed();
    let usage = wall.usage();
    let unread = wall.environments.iter().flat_map(|e| &e.cells).filter(|(_, datum)| datum.value().is_none()).count();
    if unread > 0 {
        println!("  ({unread} cells could not be read)");
    }
    Measured {
        wall: took,
        calls: usage.calls(),
        metric_calls: usage.by_operation.iter().filter(|(o, _)| o.ends_with("GetMetricData")).map(|(_, n)| n).sum(),
        metrics: usage.metrics_requested,
    }
}

async fn one(
    (pollers, mut events): (Pollers, tokio::sync::mpsc::Receiver<PollEvent>),
    drill: &Drill,
    config: &Config,
) -> collect::Wall {
    let patience = Duration::from_secs(60);
    let wall = collect::one_wall(environments(config), signals::ALL, &mut events, &drill.clock, patience).await;
    drop(pollers);
    wall
}

fn main() -> ExitCode {
    let mut table = Table::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    println!("cold complete wall, median of {RUNS} runs (in process, real SDK clients)");
    println!(
        "{:<14}{:>13}{:>10}{:>12}{:>16}{:>8}{:>8}{:>13}{:>10}",
        "estate", "environments", "latency", "wall ms", "longest chain", "ratio", "calls", "GetMetricData", "metrics"
    );
    // Identity, lists, describes, metrics: each needs the one before.
    for (estate, chain) in [("payments", 4u32), ("uex-payments", 5)] {
        for latency in [0u64, 50] {
            for count in [1usize, 3, 10, 30] {
                let latency = Duration::from_millis(latency);
                let mut runs: Vec<Measured> =
                    (0..RUNS).map(|_| runtime.block_on(cold_wall(estate, count, latency))).collect();
                runs.sort_by_key(|run| run.wall);
                let median = &runs[RUNS / 2];
                let longest = latency * chain;
                let ratio = (!longest.is_zero()).then(|| median.wall.as_secs_f64() / longest.as_secs_f64());
                let verdict = ratio.filter(|_| count == TARGET_ENVIRONMENTS).map_or("", |ratio| {
                    table.verdict(&format!("{estate}, {count} environments"), ratio <= TARGET_RATIO)
                });
                println!(
                    "{:<14}{:>13}{:>7} ms{:>12.1}{:>13} ms{:>8}{:>8}{:>13}{:>10}  {verdict}",
                    estate,
                    count,
                    latency.as_millis(),
                    median.wall.as_secs_f64() * 1000.0,
                    longest.as_millis(),
                    ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")),
                    median.calls,
                    median.metric_calls,
                    median.metrics
                );
            }
        }
    }
    table.end()
}
