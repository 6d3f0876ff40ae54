//! Everything that can happen to the state.

use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;

use crate::app::notice::NoticeLevel;
use crate::base::Text;
use crate::inquiry::Answer;
use crate::model::{EnvId, Reading, SignalId};
use crate::poll::PollEvent;
use crate::runbook::desk;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// A mouse event.
    Mouse {
        /// What.
        event: MouseEvent,
        /// When, on a steady clock of the machine: two clicks close together are a double click.
        at: Duration,
    },
    /// The terminal has a new size, in columns and rows.
    Resize(u16, u16),
    /// Time has passed.
    Tick(Timestamp),
    /// A poller's report.
    Poll(PollEvent),
    /// An answer to a question that was asked with [`crate::app::Effect::Ask`].
    Answer(Box<Answer>),
    /// An answer to a request that was made with [`crate::app::Effect::Change`].
    Changed(Box<desk::Answer>),
    /// The last-known wall of an earlier run.
    Cached(Vec<CachedReading>),
    /// Something to tell the operator.
    Notice(NoticeLevel, Text),
}

/// A reading of an earlier run.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedReading {
    /// Whose.
    pub env: EnvId,
    /// Which signal.
    pub signal: SignalId,
    /// What it said.
    pub reading: Reading,
    /// When AWS answered with it.
    pub at: Timestamp,
    /// Seconds after which the next report was due.
    pub every_s: u64,
}
