//! `cargo bench --bench storm`: key → frame and memory with 100 environments × 100 alarms refreshing, and the first
//! frame and the memory of the whole program in a pseudo-terminal.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use measure::{Console, alarm, key, reading, started};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use table::{MEMORY_MB, Table, memory_mb, percentile};
use watchfloor::app::{Message, update};
use watchfloor::model::{Resource, Severity};

#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod measure;
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod table;

const ENVIRONMENTS: usize = 100;
const ALARMS: usize = 100;

fn alarms(env: usize, round: usize) -> Vec<Resource> {
    let severity = |index: usize| match (env * 7 + index * 13 + round) % 20 {
        0 => Severity::Critical,
        1 | 2 => Severity::Warning,
        3 => Severity::Unknown,
        _ => Severity::Ok,
    };
    (0..ALARMS).map(|index| alarm(env, index, severity(index))).collect()
}

fn storm(table: &mut Table, (columns, rows): (u16, u16), keys: &str) {
    let mut console = Console::new(ENVIRONMENTS, columns, rows);
    let mut now = started();
    let keys: Vec<char> = keys.chars().collect();
    for round in 0..20 {
        for env in 0..ENVIRONMENTS {
            now += SignedDuration::from_millis(100);
            // The report comes between two frames; what is measured is the key.
            let _ = update(&mut console.app, reading(env, "alarms", alarms(env, round), now));
            if env % 2 == 0 {
                let _ = update(&mut console.app, Message::Tick(now));
            }
            console.frame([key(keys[(round * ENVIRONMENTS + env) % keys.len()])]);
        }
    }
    console.print(table, "key → frame");
}

/// The program in a pseudo-terminal of 80×24.
struct Program {
    child: Box<dyn Child + Send + Sync>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    began: Instant,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, ..PtySize::default() }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_watchfloor"));
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        let (reader, writer) = (pty.master.try_clone_reader().unwrap(), pty.master.take_writer().unwrap());
        let began = Instant::now();
        Self { child: pty.slave.spawn_command(command).unwrap(), reader, writer, began }
    }

    /// Reads until this text was written; the time since the start.
    fn wait_for(&mut self, text: &str) -> Duration {
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !String::from_utf8_lossy(&seen).contains(text) {
            match self.reader.read(&mut buffer) {
                Ok(0) | Err(_) => panic!("{text} was never shown: {}", String::from_utf8_lossy(&seen)),
                Ok(read) => seen.extend_from_slice(&buffer[..read]),
            }
        }
        self.began.elapsed()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The most memory of the whole program in megabytes, the simulated estate included, up to where the list of a flood
/// of 500 alarms is shown.
fn flooded_mb() -> f64 {
    let arguments = ["drill", "uex-payments", "--scenario", "alarm-flood", "--elapsed", "15m"];
    let mut program = Program::start(&arguments);
    program.wait_for("of 5");
    program.writer.write_all(b"L").unwrap();
    program.wait_for("merchant-");
    memory_mb(&program.child.process_id().unwrap().to_string(), "VmHWM")
}

fn main() -> ExitCode {
    let mut table = Table::default();
    Table::head(&format!("{ENVIRONMENTS} environments × {ALARMS} alarms refreshing"));
    for size in [(80, 24), (120, 40), (200, 50)] {
        storm(&mut table, size, "jjlkhljL\u{6a}jjkGgsqzz?q1234");
    }
    table.figure("peak memory of this process", memory_mb("self", "VmHWM"), MEMORY_MB, "MB");
    let start = |_| Program::start(&["drill", "payments"]).wait_for("PROD");
    let mut frames: Vec<Duration> = (0..10).map(start).collect();
    frames.sort_unstable();
    println!("first frame of the program (drill, 80×24, pseudo-terminal): median {:.1} ms", percentile(&frames, 0.5));
    table.figure("the slowest of ten first frames", percentile(&frames, 1.0), 50.0, "ms");
    table.figure("peak memory of the program and its simulation, 500 alarms", flooded_mb(), MEMORY_MB, "MB");
    table.end()
}
