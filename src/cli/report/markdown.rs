//! An incident as Markdown. Text from outside cannot become markup.

use std::collections::HashMap;
use std::fmt::Write;

use jiff::Timestamp;

use super::incident::{EnvironmentStory, Incident};
use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::model::{Change, ChangeKind, Severity};

/// Suspects told of each environment.
const SUSPECTS: usize = 10;
/// Rows of the timeline; older ones are counted only.
const ROWS: usize = 1_000;
/// Alarms told of.
const ALARMS: usize = 500;

/// The report.
pub fn text(incident: &Incident) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut out, incident);
    out
}

fn write(out: &mut String, incident: &Incident) -> std::fmt::Result {
    let span = incident.span;
    let mut systems: Vec<&Text> = incident.environments.iter().map(|story| &story.environment.system).collect();
    systems.dedup();
    let systems: Vec<String> = systems.into_iter().map(|name| escaped(name)).collect();
    writeln!(out, "# Incident timeline: {}\n", systems.join(", "))?;
    writeln!(out, "From {} to {}. All times are UTC.\n", stamp(span.from), stamp(span.to))?;
    now(out, incident)?;
    suspected(out, incident)?;
    done(out, incident)?;
    timeline(out, incident)?;
    alarms(out, incident)?;
    unread(out, incident)
}

fn now(out: &mut String, incident: &Incident) -> std::fmt::Result {
    writeln!(out, "## State at the end\n")?;
    writeln!(out, "| environment | region | tier | state | what is wrong | since |\n|---|---|---|---|---|---|")?;
    for story in &incident.environments {
        let (environment, label) = (&story.environment, escaped(&story.label()));
        let head = format!("| {label} | {} | {} |", escaped(&environment.region), environment.tier.word());
        if story.red.is_empty() {
            writeln!(out, "{head} {} | | |", story.severity)?;
        }
        for signal in &story.red {
            let names: Vec<String> = signal.resources.iter().take(5).map(|name| escaped(name)).collect();
            let more = signal.resources.len().saturating_sub(5);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let what = format!("{}: {} ({}{more})", signal.title, escaped(&signal.headline), names.join(", "));
            let since = signal.since.map(stamp).unwrap_or_default();
            writeln!(out, "{head} {} | {what} | {since} |", signal.severity)?;
        }
    }
    writeln!(out)
}

fn suspected(out: &mut String, incident: &Incident) -> std::fmt::Result {
    let red: Vec<&EnvironmentStory> = incident.environments.iter().filter(|story| story.onset.is_some()).collect();
    if red.is_empty() {
        return Ok(());
    }
    writeln!(out, "## What changed before it turned red\n")?;
    for story in red {
        let onset = story.onset.map(stamp).unwrap_or_default();
        writeln!(out, "### {}, red since {onset}\n", escaped(&story.label()))?;
        if story.suspects.is_empty() {
            writeln!(out, "Nothing changed in the half hour before, as far as could be read.")?;
        }
        for (index, suspect) in story.suspects.iter().take(SUSPECTS).enumerate() {
            let change = &suspect.change;
            let weight = if suspect.likely { "**" } else { "" };
            write!(out, "{}. {weight}{} {}{weight}", index + 1, change.kind.word(), escaped(&change.resource))?;
            write!(out, ", {}: {}", time(change), escaped(&change.summary))?;
            writeln!(out, "{}. *{}*", from_to(change, ", "), escaped(&suspect.why))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn done(out: &mut String, incident: &Incident) -> std::fmt::Result {
    let own = &incident.own;
    if own.runs.is_empty() && own.broken.is_none() {
        return Ok(());
    }
    writeln!(out, "## What was done from here\n")?;
    if let Some(says) = &own.broken {
        writeln!(out, "**The records are not whole:** {}\n", escaped(says))?;
    }
    if own.runs.is_empty() {
        return writeln!(out, "No run is on record.\n");
    }
    writeln!(out, "| time | environment | runbook | target | change | who | why | outcome |")?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for run in own.runs.iter().take(ROWS) {
        let who = if run.principal.is_empty() { &run.operator } else { &run.principal };
        let mut outcome = format!("**{}**", escaped(run.state()));
        if !run.says.is_empty() {
            outcome = format!("{outcome}: {}", escaped(&run.says));
        }
        if !run.overridden.is_empty() {
            let rules: Vec<&str> = run.overridden.iter().map(Text::as_str).collect();
            outcome = format!("{outcome}; overridden: {}", escaped(&rules.join(", ")));
        }
        if run.owes {
            outcome.push_str("; **still to be brought back**");
        }
        let cells = [&run.environment, &run.runbook, &run.target, &run.change, who, &run.reason];
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        writeln!(out, "| {} | {} | {outcome} |", stamp(run.began), cells.join(" | "))?;
    }
    let left = own.runs.len().saturating_sub(ROWS);
    if left > 0 {
        writeln!(out, "\n{left} later ones are left out.")?;
    }
    writeln!(out)
}

fn timeline(out: &mut String, incident: &Incident) -> std::fmt::Result {
    writeln!(out, "## Timeline, newest first\n")?;
    let mut rows: Vec<(&EnvironmentStory, &Change)> = Vec::new();
    for story in &incident.environments {
        rows.extend(story.changes.iter().map(|change| (story, change.as_ref())));
    }
    rows.sort_by(|(_, a), (_, b)| (b.at, a.kind, &a.resource).cmp(&(a.at, b.kind, &b.resource)));
    if rows.is_empty() {
        return writeln!(out, "Nothing changed, as far as could be read.\n");
    }
    writeln!(out, "| time | environment | what | resource | change | reason | by |\n|---|---|---|---|---|---|---|")?;
    for (story, change) in rows.iter().take(ROWS) {
        let reason = if change.reason == change.summary { String::new() } else { escaped(&change.reason) };
        writeln!(
            out,
            "| {} | {} | {} | {} | {}{} | {reason} | {} |",
            time(change),
            escaped(&story.label()),
            change.kind.word(),
            escaped(&change.resource),
            escaped(&change.summary),
            from_to(change, "; "),
            escaped(&change.by),
        )?;
    }
    writeln!(out)?;
    let left = rows.len().saturating_sub(ROWS);
    if left > 0 {
        writeln!(out, "{left} older changes are left out.\n")?;
    }
    for story in &incident.environments {
        for (what, before) in &story.cut {
            writeln!(out, "{}: {what} before {} is not read: too much.\n", escaped(&story.label()), stamp(*before))?;
        }
    }
    Ok(())
}

/// From what to what, where the summary does not say it already.
fn from_to(change: &Change, before: &str) -> String {
    let says = |part: &Text| part.is_empty() || change.summary.contains(&**part);
    match (change.before.is_empty(), says(&change.before) && says(&change.after)) {
        (_, true) => String::new(),
        _ if change.kind == ChangeKind::Alarm => String::new(),
        (true, false) => format!("{before}{}", escaped(&change.after)),
        (false, false) => format!("{before}{} → {}", escaped(&change.before), escaped(&change.after)),
    }
}

fn alarms(out: &mut String, incident: &Incident) -> std::fmt::Result {
    let mut lines = Vec::new();
    for story in &incident.environments {
        let mut raised: HashMap<&Text, Timestamp> = HashMap::new();
        let mut line = |name: &Text, from: Timestamp, to: Option<Timestamp>| {
            let end = to.map_or_else(|| "still on".to_owned(), stamp);
            let length = length(seconds_between(from, to.unwrap_or(incident.span.to)));
            let (label, name) = (escaped(&story.label()), escaped(name));
            lines.push((from, format!("| {label} | {name} | {} | {end} | {length} |", stamp(from))));
        };
        for change in story.changes.iter().rev().filter(|change| change.kind == ChangeKind::Alarm) {
            if change.is_alarm_raised() {
                raised.entry(&change.resource).or_insert(change.at);
            } else if let Some(from) = raised.remove(&change.resource) {
                line(&change.resource, from, Some(change.at));
            }
        }
        for (name, from) in raised {
            line(name, from, None);
        }
    }
    writeln!(out, "## Alarms that went off\n")?;
    if lines.is_empty() {
        return writeln!(out, "None.\n");
    }
    lines.sort();
    writeln!(out, "| environment | alarm | from | to | for |\n|---|---|---|---|---|")?;
    for (_, line) in lines.iter().take(ALARMS) {
        writeln!(out, "{line}")?;
    }
    let left = lines.len().saturating_sub(ALARMS);
    if left > 0 {
        writeln!(out, "\n{left} later ones are left out.")?;
    }
    writeln!(out)
}

fn unread(out: &mut String, incident: &Incident) -> std::fmt::Result {
    writeln!(out, "## What could not be read\n")?;
    let mut whole = true;
    for story in &incident.environments {
        for (what, fault) in &story.unread {
            whole = false;
            let (label, what) = (escaped(&story.label()), escaped(what));
            writeln!(out, "- {label}: {what}: {}", escaped(&fault.to_string()))?;
        }
        if story.severity == Severity::Unknown && story.unread.is_empty() {
            whole = false;
            writeln!(out, "- {}: something is unknown; see its state", escaped(&story.label()))?;
        }
    }
    if whole { writeln!(out, "Everything was read.") } else { Ok(()) }
}

/// `2026-11-21 03:12:40`.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn time(change: &Change) -> String {
    format!("{}{}", if change.estimated { "after " } else { "" }, stamp(change.at))
}

fn length(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// Text with everything that Markdown or HTML would read as markup escaped (CommonMark, backslash escapes).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\`*_{}[]<>|#~!&$".contains(letter) {
            out.push('\\');
        }
        out.push(if letter.is_control() { ' ' } else { letter });
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escaped("a|b <img> [x](y) `c` *d*"), "a\\|b \\<img\\> \\[x\\](y) \\`c\\` \\*d\\*");
        assert_eq!(length(119), "119 s");
        assert_eq!(length(7_260), "2 h 1 min");
    }

    proptest! {
        #[test]
        fn a_cell_never_ends_early(text in any::<String>()) {
            let escaped = escaped(&text);
            prop_assert!(!escaped.contains('\n'));
            let bars = escaped.match_indices('|').filter(|(at, _)| !escaped[..*at].ends_with('\\')).count();
            prop_assert_eq!(bars, 0);
        }
    }
}
