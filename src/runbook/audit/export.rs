//! A log for somebody else to read: as JSON, or as a Markdown table.

use std::io::{self, Write};

use crate::base::Text;
use crate::model::{Entry, Record, Sent};
use crate::runbook::audit::folds::runs::change;

/// Begins a JSON array; every record is written as soon as it comes.
#[derive(Debug, Default)]
pub struct Json {
    some: bool,
}

impl Json {
    /// The next record, exactly as it is in the log.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn record(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        out.write_all(if self.some { b",\n" } else { b"[\n" })?;
        self.some = true;
        serde_json::to_writer(out, record).map_err(io::Error::from)
    }

    /// The end.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.some { b"\n]\n" } else { b"[]\n" })
    }
}

/// The head of the Markdown table.
pub const MARKDOWN_HEAD: &str = "| nr | time | who | run | what |\n|---|---|---|---|---|\n";

/// One row of the Markdown table. Text from outside cannot become markup.
pub fn markdown_row(record: &Record) -> String {
    let run = record.entry.run().cloned().unwrap_or_default();
    let at = record.at.strftime("%Y-%m-%d %H:%M:%SZ");
    let who = if record.principal.is_empty() { &record.operator } else { &record.principal };
    format!("| {} | {at} | {} | {} | {} |\n", record.seq, escaped(who), escaped(&run), escaped(&line(&record.entry)))
}

/// What a record says, in one line.
pub fn line(entry: &Entry) -> Text {
    let text = match entry {
        Entry::Armed { environment, until } => {
            format!("armed {environment} until {}", until.strftime("%Y-%m-%d %H:%M:%SZ"))
        }
        Entry::Disarmed { environment, why } => format!("disarmed {environment}: {why}"),
        Entry::Refused { runbook, says, .. } => {
            let says = says.iter().map(Text::as_str).collect::<Vec<_>>().join("; ");
            format!("refused {runbook}: {says}")
        }
        Entry::Intent { runbook, step, plan, overridden, reason, approved_by, .. } => {
            let target = &plan.target;
            let mut text =
                format!("{runbook}/{step}: will send {} to {} in {}", plan.operation, target.name, target.environment);
            text.push_str(&format!(" ({})", change(plan)));
            for one in overridden {
                text.push_str(&format!("; overridden {}", one.rule));
                if !one.reason.is_empty() {
                    text.push_str(&format!(" because {}", one.reason));
                }
            }
            if !reason.is_empty() {
                text.push_str(&format!("; reason: {reason}"));
            }
            if !approved_by.is_empty() {
                let by = approved_by.iter().map(Text::as_str).collect::<Vec<_>>().join(", ");
                text.push_str(&format!("; approved by {by}"));
            }
            text
        }
        Entry::Outcome { step, sent, .. } => match sent {
            Sent::Accepted { receipt } => {
                let receipt = receipt.iter().map(|(name, value)| format!(" {name} {value}")).collect::<String>();
                format!("{step}: accepted{receipt}")
            }
            Sent::Rejected { fault } => format!("{step}: rejected, nothing was changed: {fault}"),
            Sent::Unknown { fault } => format!("{step}: OUTCOME UNKNOWN: {fault}"),
        },
        Entry::Observed { observation, .. } => format!("{}: {}", observation.standing.word(), observation.says),
        Entry::Resolved { step, applied, by_person, says, .. } => {
            let how = if *by_person { "a person says" } else { "read back" };
            let what = if *applied { "it was applied" } else { "it was not applied" };
            format!("{step}: {how}: {what}: {says}")
        }
        Entry::Closed { ending, says, .. } => format!("{}: {says}", ending.word()),
        Entry::Owed { environment, says, ends, .. } => {
            let ends = ends.map(|ends| format!(", AWS ends it at {}", ends.strftime("%Y-%m-%d %H:%MZ")));
            format!("to be brought back in {environment}: {says}{}", ends.unwrap_or_default())
        }
        Entry::Settled { says, .. } => format!("brought back: {says}"),
        Entry::TakenOver { arn, from, reason } => format!("took the lock of {arn} over from {from}: {reason}"),
        Entry::Approved { digest, by } => format!("{by} approved plan {digest}"),
        Entry::Rotated { from } => format!("goes on from {from}"),
        Entry::Torn { bytes, .. } => format!("{bytes} bytes before this are torn"),
        Entry::SetAside { folder, says, reason } => {
            format!("a broken log was set aside to {folder}: {says}; reason: {reason}")
        }
        Entry::Irregular { says } => format!("the log was not as it was left: {says}"),
    };
    Text::new(text)
}

/// Text with everything that Markdown or HTML would read as markup escaped (CommonMark, backslash escapes).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\`*_{}[]<>|#~!&$".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
