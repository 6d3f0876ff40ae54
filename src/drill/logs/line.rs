//! A line of a log, and the stream that it stands in.

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// Name of its stream.
    pub stream: String,
    /// What it says.
    pub message: String,
}

/// A stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Name.
    pub name: String,
    /// Second of the first line.
    pub first_s: i64,
    /// Second of the last line so far.
    pub last_s: i64,
}

impl Stream {
    /// A stream that is written into up to now.
    pub fn since(name: String, first_s: i64, now: i64) -> Self {
        Self { name, first_s, last_s: now }
    }
}
