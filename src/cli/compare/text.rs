//! The matrix as aligned text, for a terminal, a pipe or a chat message.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::compare::setting::Value;
use crate::compare::verdict::{Cell, EXISTS, Judged, JudgedResource, JudgedSetting, Verdict};
use crate::compare::words;

/// Longest value in a column.
const WIDEST: usize = 28;

/// One comparison: resources worst first, differences only unless `all`.
pub fn text(judged: &Judged, all: bool) -> String {
    let mut out = String::new();
    let columns: Vec<String> =
        judged.columns.iter().map(|column| format!("{} · {}", column.label, column.region)).collect();
    let settings = |row: &JudgedResource| -> Vec<JudgedSetting> {
        row.settings.iter().filter(|setting| all || judged.is_worth_telling(setting)).cloned().collect()
    };
    let shown: Vec<&JudgedResource> = judged.rows.iter().filter(|row| !settings(row).is_empty()).collect();
    let all_settings: Vec<JudgedSetting> = shown.iter().flat_map(|row| settings(row)).collect();
    let key_width = all_settings.iter().map(|setting| setting.key.width()).max().unwrap_or(0).max(8);
    let widths: Vec<usize> = (0..columns.len())
        .map(|place| {
            let cells = all_settings.iter().map(|setting| shown_cell(setting, place).width());
            cells.max().unwrap_or(0).max(columns[place].width())
        })
        .collect();
    let _ = writeln!(out, "{}", judged.title);
    line(&mut out, "", "", key_width, &columns, &widths, "");
    for column in &judged.columns {
        if let Some(fault) = &column.fault {
            let _ = writeln!(out, "  {:<9} all of {}: {}", Verdict::Unknown.word(), column.label, words::fault(fault));
        }
    }
    for row in shown {
        let _ = writeln!(out, "{} {}", row.kind, row.name);
        for setting in settings(row) {
            let cells: Vec<String> = (0..columns.len()).map(|place| shown_cell(&setting, place)).collect();
            line(&mut out, setting.worst().word(), &setting.key, key_width, &cells, &widths, &note(&setting));
        }
    }
    out
}

fn line(out: &mut String, verdict: &str, key: &str, key_width: usize, cells: &[String], widths: &[usize], note: &str) {
    let mut line = format!("  {verdict:<9} {key}{:1$}", "", key_width.saturating_sub(key.width()));
    for (cell, width) in cells.iter().zip(widths) {
        let _ = write!(line, "  {cell}{:1$}", "", width.saturating_sub(cell.width()));
    }
    let _ = write!(line, "  {note}");
    let _ = writeln!(out, "{}", line.trim_end());
}

fn shown_cell(setting: &JudgedSetting, place: usize) -> String {
    let Some(Some(cell)) = setting.cells.get(place) else { return "–".to_owned() };
    let value = match (&cell.value, &*setting.key) {
        (Value::Bool(true), EXISTS) => "here".to_owned(),
        (Value::Bool(false), EXISTS) => "not here".to_owned(),
        (value, _) => short(&value.to_string()),
    };
    format!("{}{value}", mark(cell))
}

/// The mark of a cell that stands out: never colour alone, never for what is as it should be.
fn mark(cell: &Cell) -> &'static str {
    match cell.verdict {
        Verdict::Same | Verdict::Approved => "",
        Verdict::Unknown => "? ",
        _ => "✖ ",
    }
}

/// Why, once: of the worst cell.
fn note(setting: &JudgedSetting) -> String {
    let worst = setting.worst();
    let cell = setting.cells.iter().flatten().find(|cell| cell.verdict == worst);
    cell.filter(|cell| cell.verdict > Verdict::Approved).map(|cell| cell.note.to_string()).unwrap_or_default()
}

fn short(value: &str) -> String {
    if value.width() <= WIDEST {
        return value.to_owned();
    }
    let mut kept = String::new();
    for c in value.chars() {
        if kept.width() >= WIDEST - 1 {
            break;
        }
        kept.push(c);
    }
    format!("{kept}…")
}

/// The last line: how many cells of each verdict, and what it cost.
pub fn summary(report: &crate::cli::compare::report::Report) -> String {
    let counts: Vec<String> = Verdict::ALL
        .iter()
        .map(|verdict| format!("{} {}", report.summary.get(verdict).unwrap_or(&0), verdict.word().to_lowercase()))
        .collect();
    format!("{} · {} findings · {} calls", counts.join(" · "), report.findings, report.api.calls)
}
