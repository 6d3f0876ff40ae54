//! The exit codes, in one place.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All ok.
    Ok,
    /// At least a warning, or unapproved drift.
    Warning,
    /// Something is critical.
    Critical,
    /// Nothing worse than unknown.
    Unknown,
    /// The call or the configuration is wrong (`EX_USAGE` of sysexits.h).
    Usage,
    /// There is nothing to read (`EX_NOINPUT` of sysexits.h).
    Missing,
    /// A fault of the program (`EX_SOFTWARE` of sysexits.h).
    Internal,
    /// Ended by a signal: 128 + its number.
    Signal(u8),
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
            Self::Usage => 64,
            Self::Missing => 66,
            Self::Internal => 70,
            Self::Signal(number) => number.saturating_add(128),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error of the caller: a wrong flag, a missing file, a bad value. Ends with [`Exit::Usage`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);
