//! What the verification of a log found.

use jiff::Timestamp;
use serde::Serialize;

use crate::base::Text;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name of the file.
    pub file: Text,
    /// Line in it, from 1; `None` where it concerns the file.
    pub line: Option<u64>,
    /// What.
    pub says: Text,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// How many files there are.
    pub files: usize,
    /// How many records could be read.
    pub records: u64,
    /// Number of the last one.
    pub last_seq: u64,
    /// Time of the first.
    pub first: Option<Timestamp>,
    /// Time of the last.
    pub last: Option<Timestamp>,
    /// What breaks it.
    pub problems: Vec<Finding>,
    /// What is worth knowing and breaks nothing: lines that a killed console left behind.
    pub notices: Vec<Finding>,
    /// Findings that are only counted, since there are too many.
    pub more: usize,
}

impl Report {
    /// True where every record is as it was written and none is missing.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }

    /// What is wrong in one line; `None` where nothing is. For the guard of the records.
    pub fn broken(&self) -> Option<Text> {
        let first = self.problems.first()?;
        let line = first.line.map(|line| format!(" line {line}")).unwrap_or_default();
        let more = self.problems.len() - 1 + self.more;
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        Some(Text::new(format!("{}{line}: {}{more}", first.file, first.says)))
    }
}
