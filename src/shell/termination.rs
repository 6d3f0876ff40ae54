//! Signals that end the program: it leaves in order and says which signal it was.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for SIGTERM, SIGHUP or SIGINT.
pub struct Termination {
    term: Signal,
    hangup: Signal,
    interrupt: Signal,
}

impl Termination {
    /// Begins to listen; the signals no longer end the program by themselves.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            term: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The number of the signal that came.
    pub async fn received(&mut self) -> u8 {
        tokio::select! {
            _ = self.term.recv() => 15,
            _ = self.hangup.recv() => 1,
            _ = self.interrupt.recv() => 2,
        }
    }
}
