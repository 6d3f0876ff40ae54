//! The configuration manifest as a document: what may differ, what is deployed, and what does not agree.

use std::fmt::Write as _;

use crate::compare::setting::Value;
use crate::compare::verdict::{EXISTS, Judged, JudgedResource, JudgedSetting, Verdict};
use crate::compare::words;
use crate::config::manifest::Manifest;

/// The whole document.
pub fn text<'a>(judged: impl Iterator<Item = (&'a Judged, &'a Manifest)>, at: &str) -> String {
    let mut out = String::new();
    for (judged, manifest) in judged {
        one(&mut out, judged, manifest, at);
    }
    out
}

fn one(out: &mut String, judged: &Judged, manifest: &Manifest, at: &str) {
    let _ = writeln!(out, "# Configuration of {}\n\nRead {at}.\n", cell(&judged.title));
    let _ = writeln!(out, "| environment | region | account | tier |\n|---|---|---|---|");
    for column in &judged.columns {
        let account = column.account.as_deref().unwrap_or("unknown");
        let tier = column.tier.word();
        let _ = writeln!(out, "| {} | {} | {account} | {tier} |", cell(&column.label), cell(&column.region));
    }
    out.push('\n');
    for column in &judged.columns {
        if let Some(fault) = &column.fault {
            let _ = writeln!(out, "Nothing of {} is known: {}\n", cell(&column.label), cell(&words::fault(fault)));
        }
    }
    if !manifest.required_tags.is_empty() {
        let _ = writeln!(out, "Every resource carries the tags {}.\n", cell(&manifest.required_tags.join(", ")));
    }
    let settings = |wanted: fn(Verdict) -> bool| -> Vec<(&JudgedResource, &JudgedSetting)> {
        let all = judged.rows.iter().flat_map(|row| row.settings.iter().map(move |setting| (row, setting)));
        all.filter(|(_, setting)| wanted(setting.worst())).collect()
    };
    section(out, judged, "Approved variations", &settings(|worst| worst == Verdict::Approved));
    section(out, judged, "Differences that nothing allows", &settings(Verdict::is_unapproved));
    let mut unknown = settings(|worst| worst == Verdict::Unknown);
    unknown.retain(|(_, setting)| judged.is_worth_telling(setting));
    section(out, judged, "Not known", &unknown);
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for row in &judged.rows {
        match kinds.iter_mut().find(|(kind, _)| *kind == &*row.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((&row.kind, 1)),
        }
    }
    kinds.sort_unstable();
    let _ = writeln!(out, "## Compared\n\n| kind | resources |\n|---|---|");
    for (kind, count) in kinds {
        let _ = writeln!(out, "| {} | {count} |", cell(kind));
    }
    out.push('\n');
}

fn section(out: &mut String, judged: &Judged, title: &str, settings: &[(&JudgedResource, &JudgedSetting)]) {
    let _ = writeln!(out, "## {title}\n");
    if settings.is_empty() {
        let _ = writeln!(out, "None.\n");
        return;
    }
    let labels: Vec<String> = judged.columns.iter().map(|column| cell(&column.label)).collect();
    let _ = writeln!(out, "| resource | setting | {} | verdict | why |", labels.join(" | "));
    let _ = writeln!(out, "|---|---|{}---|---|", "---|".repeat(labels.len()));
    for (row, setting) in settings {
        let values: Vec<String> = (0..labels.len()).map(|place| value(setting, place)).collect();
        let worst = setting.worst();
        let note = setting.cells.iter().flatten().find(|cell| cell.verdict == worst).map(|cell| cell.note.to_string());
        let why = note.filter(|note| !note.is_empty()).unwrap_or_else(|| setting.why.to_string());
        let _ = writeln!(
            out,
            "| {} {} | {} | {} | {} | {} |",
            cell(&row.kind),
            cell(&row.name),
            cell(&setting.key),
            values.join(" | "),
            worst.word(),
            cell(&why)
        );
    }
    out.push('\n');
}

fn value(setting: &JudgedSetting, place: usize) -> String {
    let Some(Some(found)) = setting.cells.get(place) else { return "–".to_owned() };
    let text = match (&found.value, &*setting.key) {
        (Value::Bool(true), EXISTS) => "here".to_owned(),
        (Value::Bool(false), EXISTS) => "not here".to_owned(),
        (value, _) => cell(&value.to_string()),
    };
    if found.verdict.is_unapproved() { format!("**{text}**") } else { text }
}

/// Text that stays within its cell of a table.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '|' | '\\' | '`' | '*' | '_' | '<' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
