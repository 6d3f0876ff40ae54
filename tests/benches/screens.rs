//! `cargo bench --bench screens`: frames of the screens that take in the most: a log at 10,000 lines a second, eight
//! charts, a timeline of 5,000 changes, and an alarm flood while the log goes on.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::process::ExitCode;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use log::{BATCHES, Log, SECONDS};
use measure::{Console, alarm, key, reading, started};
use table::{MEMORY_MB, Table, memory_mb};
use watchfloor::app::{Message, Screen};
use watchfloor::changes::{self, Told};
use watchfloor::inquiry::Answer;
use watchfloor::inquiry::charts::{ChartsAnswer, PERIODS};
use watchfloor::model::{Change, ChangeKind, EnvId, MetricSet, Resource, Series, Severity};

mod log;
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod measure;
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod table;

const CHARTS: usize = 8;
const CHANGES: usize = 5_000;
const FLOOD: usize = 500;
const ENVIRONMENTS: usize = 3;

fn later(seconds: f64) -> Timestamp {
    started() + SignedDuration::from_secs_f64(seconds)
}

fn answer(answer: Answer) -> Message {
    Message::Answer(Box::new(answer))
}

/// With one function that is opened.
fn opened((columns, rows): (u16, u16)) -> Console {
    let mut console = Console::new(ENVIRONMENTS, columns, rows);
    let function = Resource {
        name: "payments-prod-processing".into(),
        arn: "arn:aws:lambda:eu-west-1:111111111111:function:payments-prod-processing".into(),
        logical_name: "processing".into(),
        ..alarm(0, 0, Severity::Critical)
    };
    console.show([reading(0, "lambda-errors", vec![function], started())]);
    // From the wall's worst cell to the signal, and from there to the function.
    console.press("\n\n");
    assert_eq!(console.app.base(), Screen::Resource);
    console
}

/// The log tail: every third frame answers a key as well.
fn logs(table: &mut Table, size: (u16, u16), batches: usize, title: &str, keys: &str) {
    let mut console = opened(size);
    let log = Log::open(&mut console);
    let mut keys = keys.chars().cycle();
    for batch in 0..SECONDS * batches {
        let second = batch as f64 / batches as f64;
        let mut messages = vec![log.lines(batch, batches), Message::Tick(later(second))];
        if batch.is_multiple_of(3) {
            messages.extend(keys.next().map(key));
        }
        console.frame(messages);
    }
    assert_eq!(console.app.logs.lines.len() as u64 + console.app.logs.dropped, (SECONDS * log::LINES_A_SECOND) as u64);
    console.print(table, &format!("log, {} lines/s, {title}", log::LINES_A_SECOND));
}

/// Charts of three hours by the minute, with a new minute of points each second frame.
fn charts(table: &mut Table, size: (u16, u16)) {
    let mut console = opened(size);
    for round in 0..400usize {
        let subject = console.app.resource.subject.clone().unwrap();
        let view = console.app.derived.resource.as_mut().unwrap();
        let own = view.charts.charts.clone();
        view.charts.charts = own.iter().cycle().take(CHARTS).cloned().collect();
        let queries = own.into_iter().flat_map(|chart| chart.lines).map(|line| line.query);
        let points = (0..PERIODS).map(|p| (p % 17 != 0).then_some(((p * 31 + round * 7) % 97) as f64));
        let series = Arc::new(Series { start: later(-60.0 * PERIODS as f64), period_s: 60, points: points.collect() });
        let metrics = MetricSet {
            series: queries.map(|query| (query, Arc::clone(&series))).collect(),
            fault: None,
            at: Some(later(round as f64)),
        };
        let press = key(if round % 40 < 20 { 'j' } else { 'k' });
        let told = ChartsAnswer { env: subject.env, about: subject.key(), metrics };
        let told = answer(Answer::Charts(Box::new(told)));
        console.frame(if round.is_multiple_of(2) { vec![told, press] } else { vec![press] });
    }
    console.print(table, &format!("resource, {CHARTS} charts × {PERIODS} points"));
}

/// What one source of one environment tells: as many changes as are kept, a second between two.
fn told(console: &Console, round: usize, now: Timestamp) -> Message {
    let env = EnvId(round % ENVIRONMENTS);
    let source = &changes::ALL[round / ENVIRONMENTS % changes::ALL.len()];
    let change = |index: usize| {
        let at = now - SignedDuration::from_secs(i64::try_from(index).unwrap());
        Arc::new(Change {
            severity: [Severity::Ok, Severity::Critical, Severity::Warning][index % 3],
            summary: "OK → ALARM".into(),
            ..Change::new(at, env, ChangeKind::Alarm, format!("payments-prod-alarm-{index}").as_str())
        })
    };
    answer(Answer::Changes(Told {
        asked: console.app.timeline.data.asked,
        env,
        source: Some(source.id()),
        title: source.title(),
        changes: (0..CHANGES).map(change).collect(),
        faults: Vec::new(),
        failed: false,
        cut_before: None,
    }))
}

/// The most changes that are kept: moved in, filtered, and while more come.
fn timeline(table: &mut Table, (columns, rows): (u16, u16)) {
    let mut console = Console::new(ENVIRONMENTS, columns, rows);
    console.press("t");
    console.show([Message::Tick(started())]);
    console.show([told(&console, 0, started())]);
    assert_eq!(console.app.derived.timeline.rows.len(), CHANGES);
    "jjjkGkkgjjjjG".chars().cycle().take(300).for_each(|c| console.frame([key(c)]));
    console.print(table, &format!("timeline, {CHANGES} changes, scrolling"));
    "/alarm-12\u{1b}/!ok\u{1b}zz".chars().cycle().take(300).for_each(|c| console.frame([key(c)]));
    console.print(table, &format!("timeline, {CHANGES} changes, filtering"));
    let mut keys = "jjjjGgkj/al\u{1b}zz".chars().cycle();
    for round in 0..300 {
        let mut messages = vec![told(&console, round, later(round as f64 / 10.0))];
        if round.is_multiple_of(3) {
            messages.extend(keys.next().map(key));
        }
        console.frame(messages);
    }
    console.print(table, &format!("timeline, {CHANGES} changes, more each frame"));
}

/// Every alarm of three environments changes its state ten times a second, and the log goes on; `screen` are the keys
/// that lead from the log to the screen.
fn flood(table: &mut Table, size: (u16, u16), screen: &str, wanted: impl Fn(Screen) -> bool, title: &str) {
    let mut console = opened(size);
    let log = Log::open(&mut console);
    console.press(screen);
    assert!(wanted(console.app.base()), "{title}: {:?}", console.app.base());
    let mut keys = "jjkjGgjszz".chars().cycle();
    for round in 0..SECONDS * BATCHES {
        let now = later(round as f64 / BATCHES as f64);
        let severity = |index: usize| if (index + round).is_multiple_of(2) { Severity::Critical } else { Severity::Ok };
        let alarms = |env: usize| (0..FLOOD).map(|index| alarm(env, index, severity(index))).collect();
        let mut messages: Vec<Message> =
            (0..ENVIRONMENTS).map(|env| reading(env, "alarms", alarms(env), now)).collect();
        messages.extend([log.lines(round, BATCHES), Message::Tick(now)]);
        if round.is_multiple_of(3) {
            messages.extend(keys.next().map(key));
        }
        console.frame(messages);
    }
    console.print(table, &format!("{title}, {FLOOD} alarms × {ENVIRONMENTS} flipping, log"));
}

fn main() -> ExitCode {
    let mut table = Table::default();
    Table::head(&format!("{SECONDS} s, update and draw"));
    for size in [(80, 24), (200, 50)] {
        logs(&mut table, size, BATCHES, "following", "jkjk");
        logs(&mut table, size, 1, "whole pages", "jkjk");
        logs(&mut table, size, BATCHES, "filter, wrapped", "W/err\nf/x\u{1b}");
        charts(&mut table, size);
        timeline(&mut table, size);
        flood(&mut table, size, "", |screen| screen == Screen::Logs, "log");
        flood(&mut table, size, "\u{1b}\u{1b}\u{1b}", |screen| screen == Screen::Wall, "wall");
        flood(&mut table, size, "L", |screen| screen == Screen::Alarms, "alarms");
    }
    table.figure("peak memory of this process", memory_mb("self", "VmHWM"), MEMORY_MB, "MB");
    table.end()
}
