//! The wall as aligned text, for a terminal, a pipe or a chat message.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::cli::status::report::{EnvironmentReport, FaultReport, Report, SignalReport, State, SystemReport};
use crate::model::Severity;

/// Longest line of the list of what needs attention.
const REASON_WIDTH: usize = 160;

/// The whole report. `titles` are the signals' row titles by id; a row that no environment has anything for is left
/// out unless `always` says otherwise.
pub fn text(report: &Report, titles: &dyn Fn(&str) -> String, always: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::new();
    for system in &report.systems {
        table(&mut out, system, titles, always);
        attention(&mut out, system, titles);
        out.push('\n');
    }
    let api = &report.api;
    let _ = writeln!(
        out,
        "worst: {} · {}{} · {} calls, {} metrics, ${:.4}",
        report.worst,
        report.generated_at,
        if report.reconstructed { " reconstructed" } else { "" },
        api.calls,
        api.metrics_requested,
        api.cost_usd
    );
    out
}

fn table(out: &mut String, system: &SystemReport, titles: &dyn Fn(&str) -> String, always: &dyn Fn(&str) -> bool) {
    let mut rows: Vec<Vec<String>> = vec![
        std::iter::once(system.name.clone())
            .chain(system.environments.iter().map(|e| format!("{} · {}", e.name, e.region)))
            .collect(),
    ];
    let signals = system.environments.first().map_or(0, |environment| environment.signals.len());
    for index in 0..signals {
        let cells = system.environments.iter().filter_map(|environment| environment.signals.get(index));
        // One that could not be read at all says so in every other row.
        let mut lit = system.environments.iter().filter(|e| e.state != State::Failed).peekable();
        let any_lit = lit.peek().is_some();
        let empty = lit.filter_map(|e| e.signals.get(index)).all(|signal| signal.severity == Severity::Absent);
        if any_lit && empty && !cells.clone().any(|signal| always(&signal.id)) {
            continue;
        }
        let title = cells.clone().next().map_or_else(String::new, |signal| titles(&signal.id));
        rows.push(std::iter::once(title).chain(cells.map(cell)).collect());
    }
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..columns).map(|c| rows.iter().filter_map(|row| row.get(c)).map(|s| s.width()).max().unwrap_or(0)).collect();
    for row in rows {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths) {
            let padding = width.saturating_sub(text.width());
            let _ = write!(line, "{text}{:padding$}  ", "");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn cell(signal: &SignalReport) -> String {
    match signal.severity {
        Severity::Absent => "–".to_owned(),
        severity => format!("{severity} {}", signal.headline),
    }
}

/// What is not ok, worst first, one line each.
fn attention(out: &mut String, system: &SystemReport, titles: &dyn Fn(&str) -> String) {
    let mut lines: Vec<(Severity, String)> = Vec::new();
    for environment in &system.environments {
        if let Some(fault) = &environment.fault {
            lines.push((Severity::Unknown, format!("{}: {}", environment.name, sentence(fault))));
        }
        for signal in &environment.signals {
            lines.extend(signal_lines(environment, signal, &titles(&signal.id)));
        }
    }
    lines.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    for (severity, line) in lines {
        let line: String = line.chars().take(REASON_WIDTH).collect();
        let _ = writeln!(out, "  {severity:<8} {line}");
    }
}

fn signal_lines(environment: &EnvironmentReport, signal: &SignalReport, title: &str) -> Vec<(Severity, String)> {
    let place = format!("{} · {title}", environment.name);
    let mut lines: Vec<(Severity, String)> = signal
        .resources
        .iter()
        .filter(|resource| resource.severity > Severity::Unknown)
        .map(|resource| {
            let reason = resource.reason.as_deref().unwrap_or_default();
            let since = resource.since.as_deref().map(|since| format!(" since {since}")).unwrap_or_default();
            (resource.severity, format!("{place} · {}  {}{since}  {reason}", resource.name, resource.headline))
        })
        .collect();
    if let Some(fault) = signal.fault.as_ref().filter(|_| environment.fault.is_none()) {
        lines.push((Severity::Unknown, format!("{place}: {}", sentence(fault))));
    }
    lines
}

fn sentence(fault: &FaultReport) -> String {
    let remedy = fault.remedy.as_ref().map(|remedy| format!(" — {remedy}")).unwrap_or_default();
    format!("{}: {}{remedy}", fault.operation, fault.message)
}
