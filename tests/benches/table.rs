//! The table that the benchmarks print: every figure with its target, and whether it is met. A program given `--check`
//! fails when one is missed.

use std::process::ExitCode;
use std::time::Duration;

/// What is wanted of a frame, in milliseconds: that nearly every key is answered within one of a 60 Hz screen.
pub const FRAME_MS: f64 = 16.0;
/// What is wanted of the program, in megabytes.
pub const MEMORY_MB: f64 = 100.0;

/// Columns of what was measured.
const WHAT: usize = 46;

/// Collects what was missed.
#[derive(Default)]
pub struct Table {
    missed: Vec<String>,
}

impl Table {
    /// The head of the lines that [`Table::frames`] prints.
    pub fn head(what: &str) {
        println!(
            "{what:<WHAT$}{:>11}{:>7}{:>9}{:>9}{:>9}{:>11}",
            "size", "frames", "p50 ms", "p99 ms", "max ms", "memory MB"
        );
    }

    /// One line: the times of frames, and the memory of this process now. The 99th percentile and the memory have
    /// targets.
    pub fn frames(&mut self, what: &str, (columns, rows): (u16, u16), times: &mut [Duration]) {
        times.sort_unstable();
        let (p99, memory) = (percentile(times, 0.99), memory_mb("self", "VmRSS"));
        let verdict = self.verdict(what, p99 <= FRAME_MS && memory <= MEMORY_MB);
        println!(
            "{what:<WHAT$}{:>11}{:>7}{:>9.2}{p99:>9.2}{:>9.2}{memory:>11.1}  {verdict}",
            format!("{columns}×{rows}"),
            times.len(),
            percentile(times, 0.5),
            percentile(times, 1.0),
        );
    }

    /// One line: a figure that is to be at most `most`.
    pub fn figure(&mut self, what: &str, measured: f64, most: f64, unit: &str) {
        let verdict = self.verdict(what, measured <= most);
        println!("{what}: {measured:.1} {unit}, target ≤ {most} {unit}, {verdict}");
    }

    /// The word for a target, which is remembered where it is missed.
    pub fn verdict(&mut self, what: &str, met: bool) -> &'static str {
        if !met {
            self.missed.push(what.to_owned());
        }
        if met { "met" } else { "MISSED" }
    }

    /// The last line, and how the program ends.
    pub fn end(self) -> ExitCode {
        if self.missed.is_empty() {
            println!("all targets met");
            return ExitCode::SUCCESS;
        }
        println!("{} missed: {}", self.missed.len(), self.missed.join("; "));
        if std::env::args().any(|argument| argument == "--check") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// The time below which `p` of the sorted times are, in milliseconds.
pub fn percentile(sorted: &[Duration], p: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * p) as usize].as_secs_f64() * 1000.0
}

/// A figure of a process's memory as Linux names it, in megabytes; `process` is its number or `self`.
pub fn memory_mb(process: &str, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).map_or(f64::NAN, |kb| kb / 1024.0)
}
