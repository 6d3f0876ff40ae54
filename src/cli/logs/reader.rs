//! Reads a log page by page and prints it; what fails for a while is said and tried again.

use std::collections::VecDeque;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::Result;

use super::printer::Printer;
use crate::base::Clock;
use crate::cli::exit::UsageError;
use crate::cloud::Session;
use crate::inquiry::logs::LogLine;
use crate::inquiry::work::tail::{EVERY, Tail, longer};
use crate::inquiry::work::unread::Unread;
use crate::model::{Fault, FaultKind};

/// Faults that may pass, one after the other, before a log that is not followed is given up.
const TRIES: usize = 4;

/// What is read, and how.
pub struct Reader {
    /// Where reading stands.
    pub tail: Tail,
    /// Who is asked.
    pub session: Arc<Session>,
    /// Whose time it is.
    pub clock: Clock,
    /// Go on with the lines that come.
    pub follow: bool,
    /// Most lines of those that are there already.
    pub limit: Option<NonZeroUsize>,
    /// What to say where there is no line.
    pub none: String,
}

impl Reader {
    /// Prints everything up to now, then what comes, where it is followed. Nothing is left out: printing that is slow
    /// makes reading wait.
    pub async fn read(mut self, printer: &mut Printer<'_>) -> Result<()> {
        let (mut held, mut any) = (VecDeque::new(), false);
        let mut limit = self.limit.map(NonZeroUsize::get);
        let (mut tries, mut wait) = (0, EVERY);
        loop {
            match self.tail.page(&self.session, self.clock.now()).await {
                Ok(page) => {
                    (tries, wait) = (0, EVERY);
                    any |= !page.lines.is_empty();
                    match limit {
                        Some(limit) => hold(&mut held, page.lines, limit),
                        None => printer.print(&page.lines)?,
                    }
                    if page.more {
                        continue;
                    }
                }
                Err(Unread::Group(fault) | Unread::Pattern(fault)) => {
                    return Err(UsageError(fault.to_string()).into());
                }
                Err(Unread::Fault(fault)) => {
                    (tries, wait) = (tries + 1, longer(wait));
                    self.may_pass(fault, tries, wait)?;
                    tokio::time::sleep(wait).await;
                    continue;
                }
            }
            if limit.take().is_some() {
                printer.print(&held)?;
                held = VecDeque::new();
            }
            if !std::mem::replace(&mut any, true) {
                say(&self.none);
            }
            if !self.follow {
                return Ok(());
            }
            // Real seconds: it is AWS's patience that counts, not the drill's time.
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Says that it is tried again, or gives up.
    fn may_pass(&self, fault: Fault, tries: usize, wait: Duration) -> Result<()> {
        let signed_in_again = matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials);
        let again = match self.follow {
            true => fault.kind.is_transient() || signed_in_again,
            false => fault.kind.is_transient() && tries < TRIES,
        };
        if !again {
            return Err(fault.into());
        }
        say(&format!("{fault}; next try in {} s", wait.as_secs()));
        Ok(())
    }
}

/// Keeps the newest `limit` lines.
fn hold(held: &mut VecDeque<LogLine>, lines: Vec<LogLine>, limit: usize) {
    held.extend(lines);
    let old = held.len().saturating_sub(limit);
    held.drain(..old);
}

/// A line on standard error.
pub fn say(words: &str) {
    // Nothing can be done about a closed standard error.
    let _ = writeln!(std::io::stderr().lock(), "watchfloor: {words}");
}
