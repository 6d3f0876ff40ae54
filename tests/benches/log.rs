//! A log group that is written to at 10,000 lines a second, as the log screen gets it.

use jiff::SignedDuration;
use watchfloor::app::{Message, Screen};
use watchfloor::base::Text;
use watchfloor::inquiry::Answer;
use watchfloor::inquiry::logs::{LogLine, LogsAnswer, LogsPart};

use crate::measure::{Console, started};

/// Lines written in a second.
pub const LINES_A_SECOND: usize = 10_000;
/// Seconds that are simulated.
pub const SECONDS: usize = 30;
/// Pages of FilterLogEvents in a second.
pub const BATCHES: usize = 10;

/// A stream of the open log.
pub struct Log(Text);

impl Log {
    /// Opens the log of what is open.
    pub fn open(console: &mut Console) -> Self {
        console.press("l");
        assert_eq!(console.app.base(), Screen::Logs);
        let group = Text::new("/aws/lambda/payments-prod-processing");
        console.show([answer(LogsPart::Groups(vec![group.clone()]))]);
        assert_eq!(console.app.logs.group, Some(group));
        Self("2026/11/20/[43]7f0c9a".into())
    }

    /// Page number `batch`, where there are `batches` a second.
    pub fn lines(&self, batch: usize, batches: usize) -> Message {
        let at = started() + SignedDuration::from_secs_f64(batch as f64 / batches as f64);
        let line = |index: usize| {
            let level = if index.is_multiple_of(7) { "error" } else { "info" };
            let text = format!(
                "{{\"level\":\"{level}\",\"request\":\"7f0c-{batch}-{index}\",\"route\":\"/process\",\
                 \"message\":\"card declined by issuer, attempt 3 of 5\"}}"
            );
            let id = format!("{batch:028}{index:028}").into();
            LogLine { at, stream: self.0.clone(), id, text: text.into() }
        };
        let lines = (0..LINES_A_SECOND / batches).map(line).collect();
        answer(LogsPart::Lines { lines, skipped_s: 0 })
    }
}

fn answer(part: LogsPart) -> Message {
    // The first and only question about a log.
    Message::Answer(Box::new(Answer::Logs(Box::new(LogsAnswer { number: 1, part }))))
}
