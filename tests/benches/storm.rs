//! `cargo bench --bench storm`: key → frame and memory with 100 environments × 100 alarms refreshing, and the first
//! frame of the whole program in a pseudo-terminal. Prints a table; asserts nothing.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::{SignedDuration, Timestamp};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{TerminalOptions, Viewport};
use watchfloor::app::{App, Keymap, Message, SignalInfo, state::Settings, update};
use watchfloor::config::theme::Themes;
use watchfloor::model::{EnvId, Environment, Field, Reading, Resource, Severity, SignalId, Tier};
use watchfloor::poll::PollEvent;
use watchfloor::shell::event_loop::Looks;
use watchfloor::signals;
use watchfloor::ui::{Depth, draw};

const ENVIRONMENTS: usize = 100;
const ALARMS: usize = 100;

/// Bytes are counted and thrown away: the time of the terminal itself is not ours.
struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn started() -> Timestamp {
    "2026-11-20T03:12:40Z".parse().unwrap()
}

fn environment(id: usize) -> Environment {
    let tier = [Tier::Development, Tier::Staging, Tier::Production][id % 3];
    Environment {
        id: EnvId(id),
        system: format!("system-{}", id / 10).into(),
        name: format!("env-{id}").into(),
        tier,
        region: "eu-west-1".into(),
        account: Some("111111111111".into()),
        profile: None,
        read_only: false,
    }
}

fn reading(env: usize, round: usize) -> Reading {
    let resources = (0..ALARMS).map(|index| {
        let severity = match (env * 7 + index * 13 + round) % 20 {
            0 => Severity::Critical,
            1 | 2 => Severity::Warning,
            3 => Severity::Unknown,
            _ => Severity::Ok,
        };
        Resource {
            name: format!("system-{}-env-{env}-alarm-{index}-errors", env / 10).into(),
            logical_name: format!("alarm-{index}-errors").into(),
            arn: format!("arn:aws:cloudwatch:eu-west-1:111111111111:alarm:alarm-{index}").into(),
            severity,
            headline: severity.word().into(),
            reason: "Threshold Crossed: 3 out of the last 3 datapoints were greater than the threshold (5.0).".into(),
            since: Some(started()),
            series: None,
            fields: vec![Field::new("state", severity.word()), Field::new("threshold", 5.0)],
        }
    });
    let mut resources: Vec<Resource> = resources.collect();
    resources.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.name.cmp(&b.name)));
    Reading {
        severity: Severity::Critical,
        headline: format!("{} of {ALARMS}", 5 + round % 3).into(),
        resources,
        ..Reading::default()
    }
}

fn percentile(sorted: &[Duration], p: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * p) as usize].as_secs_f64() * 1000.0
}

fn memory_mb(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn storm(columns: u16, rows: u16, keys: &str) {
    let mut app = App::new(Settings {
        signals: signals::ALL
            .iter()
            .map(|s| SignalInfo { id: s.id(), title: s.title().into(), always: false })
            .collect(),
        environments: (0..ENVIRONMENTS).map(environment).collect(),
        now: started(),
        size: Size::new(columns, rows),
        themes: vec!["dark".into()],
        theme: "dark".into(),
        ascii: false,
        bell: false,
        drill: None,
        config_problems: 0,
        keymap: Keymap::default(),
    });
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    let mut terminal = Terminal::with_options(CrosstermBackend::new(Sink(0)), TerminalOptions { viewport }).unwrap();
    let mut looks = Looks::new(Themes::embedded(), Depth::TrueColor);
    let mut times = Vec::new();
    let mut now = started();
    let keys: Vec<char> = keys.chars().collect();
    for round in 0..20 {
        for env in 0..ENVIRONMENTS {
            now += SignedDuration::from_millis(100);
            let outcome = Ok(Box::new(reading(env, round)));
            let event =
                PollEvent::Reading { env: EnvId(env), signal: SignalId("alarms"), outcome, at: now, every_s: 15 };
            update(&mut app, Message::Poll(event));
            if env % 2 == 0 {
                update(&mut app, Message::Tick(now));
            }
            let key = keys[(round * ENVIRONMENTS + env) % keys.len()];
            let code = if key == '\n' { KeyCode::Enter } else { KeyCode::Char(key) };
            let modifiers = if key.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            let began = Instant::now();
            update(&mut app, Message::Key(KeyEvent::new(code, modifiers)));
            app.settle();
            let look = looks.of(&app);
            let mut hits = None;
            terminal.draw(|frame| hits = Some(draw(&app, look, frame))).unwrap();
            app.hits = hits.unwrap();
            times.push(began.elapsed());
        }
    }
    times.sort();
    println!(
        "{:>7}×{:<5}{:>9}{:>10.2}{:>10.2}{:>10.2}{:>12.1}",
        columns,
        rows,
        times.len(),
        percentile(&times, 0.5),
        percentile(&times, 0.99),
        percentile(&times, 1.0),
        memory_mb("VmRSS")
    );
}

/// Time from starting the program in a pseudo-terminal to the first frame on it.
fn first_frame() -> Duration {
    let binary = env!("CARGO_BIN_EXE_watchfloor");
    let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, ..PtySize::default() }).unwrap();
    let mut command = CommandBuilder::new(binary);
    command.args(["drill", "payments"]);
    command.env("TERM", "xterm-256color");
    let mut reader = pty.master.try_clone_reader().unwrap();
    let began = Instant::now();
    let mut child = pty.slave.spawn_command(command).unwrap();
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("PROD") {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => seen.extend_from_slice(&buffer[..read]),
        }
    }
    let took = began.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    took
}

fn main() {
    println!("key → frame with {ENVIRONMENTS} environments × {ALARMS} alarms refreshing");
    println!("{:>13}{:>9}{:>10}{:>10}{:>10}{:>12}", "size", "keys", "p50 ms", "p99 ms", "max ms", "memory MB");
    for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
        storm(columns, rows, "jjlkhljL\u{6a}jjkGgsqzz?q1234");
    }
    println!("peak memory of this process: {:.1} MB", memory_mb("VmHWM"));
    let mut frames: Vec<Duration> = (0..10).map(|_| first_frame()).collect();
    frames.sort();
    println!(
        "first frame of the program (drill, 80×24, pseudo-terminal): median {:.1} ms, max {:.1} ms",
        percentile(&frames, 0.5),
        percentile(&frames, 1.0)
    );
}
