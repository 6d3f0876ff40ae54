//! Where reading a log group stands: FilterLogEvents page by page, every event once.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsError;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::cloud::Session;
use crate::inquiry::logs::LogLine;
use crate::inquiry::work::unread::Unread;
use crate::model::{Fault, FaultKind};

/// Between two looks at a log that has been read up to now.
pub const EVERY: Duration = Duration::from_secs(2);
/// The longest wait after being throttled (FilterLogEvents: 5 to 10 calls a second for an account and region).
const LONGEST: Duration = Duration::from_secs(30);
/// Events arrive late: every look begins this long before the newest event.
pub const OVERLAP: SignedDuration = SignedDuration::from_secs(30);
/// The same in a burst: reading it again must not cost more than what is new.
const SHORT_OVERLAP: SignedDuration = SignedDuration::from_secs(5);
/// So many events in the overlap are a burst: two full pages (FilterLogEvents: 10,000 events).
const BURST: usize = 20_000;
/// Names of streams that are kept, so that lines can share them.
const STREAMS: usize = 1_000;

/// How long to wait after a fault that came after this wait.
pub fn longer(wait: Duration) -> Duration {
    (wait * 2).min(LONGEST)
}

/// Where reading stands.
#[derive(Debug)]
pub struct Tail {
    group: Text,
    /// CloudWatch's own filter pattern; empty for every event.
    pattern: Text,
    /// Start of the present look.
    from: Timestamp,
    /// Start of the next one.
    resume: Timestamp,
    /// Up to when; `None` for now.
    until: Option<Timestamp>,
    /// Time of the newest event.
    newest: Timestamp,
    seen: Seen,
    streams: HashMap<String, Text>,
    /// Of the next page.
    token: Option<String>,
    /// Seconds left out since this was last asked.
    skipped_s: u64,
}

/// The events that the next look may meet again: milliseconds, and a hash of the id.
#[derive(Debug, Default)]
struct Seen {
    events: HashSet<(i64, u64)>,
    hasher: RandomState,
}

impl Seen {
    /// False when it was there already.
    fn insert(&mut self, at: Timestamp, id: impl std::hash::Hash) -> bool {
        self.events.insert((at.as_millisecond(), self.hasher.hash_one(id)))
    }

    fn forget_before(&mut self, at: Timestamp) {
        let oldest = at.as_millisecond();
        self.events.retain(|(at, _)| *at >= oldest);
    }
}

/// What one call answered.
#[derive(Debug)]
pub struct Page {
    /// The events that were not read before, oldest first; often none although there are more pages.
    pub lines: Vec<LogLine>,
    /// True when this look has another page.
    pub more: bool,
}

impl Tail {
    /// A group that is read from a time on. `pattern` is empty for every event.
    pub fn new(group: Text, pattern: Text, from: Timestamp) -> Self {
        Self {
            group,
            pattern,
            from,
            resume: from,
            until: None,
            newest: from,
            seen: Seen::default(),
            streams: HashMap::new(),
            token: None,
            skipped_s: 0,
        }
    }

    /// The same, but nothing later than this is read.
    #[must_use]
    pub fn until(self, until: Timestamp) -> Self {
        Self { until: Some(until), ..self }
    }

    /// The same, but these events are not read again.
    #[must_use]
    pub fn knowing(mut self, known: Vec<(Timestamp, Text)>) -> Self {
        for (at, id) in known {
            self.seen.insert(at, &*id);
        }
        self
    }

    /// Reads the next page of the present look, up to `now`. A page may be empty and still have a next one
    /// (CloudWatch Logs API Reference, FilterLogEvents). After a fault the look begins again; nothing comes twice.
    pub async fn page(&mut self, session: &Session, now: Timestamp) -> Result<Page, Unread> {
        let asked = self.token.take();
        if asked.is_none() {
            self.from = self.resume;
        }
        let answer = session
            .logs()
            .filter_log_events()
            .log_group_name(&*self.group)
            .start_time(self.from.as_millisecond())
            .set_end_time(self.until.map(Timestamp::as_millisecond))
            .set_filter_pattern(Some(self.pattern.to_string()).filter(|pattern| !pattern.is_empty()))
            .set_next_token(asked.clone())
            .send()
            .await
            .map_err(|error| self.unread(session, &error, asked.is_some()))?;
        let lines = self.fresh(answer.events(), now);
        let next = answer.next_token().filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_some() && next == asked {
            let fault = Fault::new(FaultKind::Service, "FilterLogEvents", "the same page came twice");
            return Err(Unread::Fault(fault));
        }
        self.token = next;
        if self.token.is_none() || self.seen.events.len() > BURST {
            self.forget();
        }
        Ok(Page { lines, more: self.token.is_some() })
    }

    /// Seconds from the newest event to `now`.
    pub fn behind_s(&self, now: Timestamp) -> u64 {
        seconds_between(self.newest, now)
    }

    /// Leaves out what is between the newest event and now.
    pub fn skip_to(&mut self, now: Timestamp) {
        let to = now.checked_sub(OVERLAP).unwrap_or(now);
        self.skipped_s += seconds_between(self.newest, to);
        (self.resume, self.newest, self.token) = (to, to, None);
        self.seen = Seen::default();
    }

    /// Seconds left out since this was last asked.
    pub fn skipped_s(&mut self) -> u64 {
        std::mem::take(&mut self.skipped_s)
    }

    /// The next look begins a little before the newest event: what is older is not met again.
    fn forget(&mut self) {
        for overlap in [OVERLAP, SHORT_OVERLAP] {
            self.resume = self.newest.checked_sub(overlap).unwrap_or(self.newest).max(self.resume);
            self.seen.forget_before(self.resume);
            if self.seen.events.len() <= BURST {
                break;
            }
        }
    }

    /// The events that have not been met before, as lines in the order of their times.
    fn fresh(&mut self, events: &[FilteredLogEvent], now: Timestamp) -> Vec<LogLine> {
        let mut lines = Vec::new();
        for event in events {
            let at = event.timestamp().and_then(|at| Timestamp::from_millisecond(at).ok()).unwrap_or(self.from);
            let (stream, message) = (event.log_stream_name().unwrap_or_default(), event.message().unwrap_or_default());
            let new = match event.event_id() {
                Some(id) => self.seen.insert(at, id),
                None => self.seen.insert(at, (stream, message)),
            };
            if new {
                // A writer whose clock is ahead must not hide what comes until then.
                self.newest = self.newest.max(at.min(now));
                lines.push(LogLine {
                    at,
                    stream: self.stream(stream),
                    id: Text::new(event.event_id().unwrap_or_default()),
                    text: Text::new(message.trim_end()),
                });
            }
        }
        lines.sort_by_key(|line| line.at);
        lines
    }

    fn stream(&mut self, name: &str) -> Text {
        if let Some(known) = self.streams.get(name) {
            return known.clone();
        }
        if self.streams.len() >= STREAMS {
            self.streams.clear();
        }
        self.streams.entry(name.to_owned()).or_insert_with(|| Text::new(name)).clone()
    }

    fn unread(
        &self,
        session: &Session,
        error: &SdkError<FilterLogEventsError, HttpResponse>,
        within_a_look: bool,
    ) -> Unread {
        let fault = session.fault("FilterLogEvents", error);
        match error.as_service_error() {
            Some(FilterLogEventsError::ResourceNotFoundException(_)) => Unread::no_group(session, &self.group),
            Some(FilterLogEventsError::InvalidParameterException(why)) => {
                let why = why.message().unwrap_or("it is not valid");
                Unread::invalid(fault, why, (&self.group, &self.pattern), within_a_look)
            }
            _ => Unread::Fault(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn event(second: i64, id: usize) -> FilteredLogEvent {
        FilteredLogEvent::builder().timestamp(second * 1000).event_id(id.to_string()).message("m").build()
    }

    #[test]
    fn falling_behind_skips_ahead_and_says_how_far() {
        let mut tail = Tail::new("/aws/lambda/pay".into(), Text::default(), at(1_000));
        assert_eq!(tail.behind_s(at(2_000)), 1_000);
        tail.skip_to(at(2_000));
        assert_eq!((tail.skipped_s(), tail.skipped_s(), tail.behind_s(at(2_000))), (970, 0, 30));
    }

    #[test]
    fn a_clock_that_is_ahead_does_not_hide_what_comes_until_then() {
        let mut tail = Tail::new("/aws/lambda/pay".into(), Text::default(), at(1_000));
        assert_eq!(tail.fresh(&[event(9_000, 1), event(1_100, 2)], at(1_101)).len(), 2);
        tail.forget();
        assert_eq!(tail.resume, at(1_071));
        assert!(tail.fresh(&[event(9_000, 1)], at(1_102)).is_empty(), "and it comes once");
    }

    #[test]
    fn a_burst_shortens_what_is_read_again_and_what_is_remembered() {
        let mut tail = Tail::new("/aws/lambda/pay".into(), Text::default(), at(0));
        for second in 0..100 {
            let events: Vec<_> =
                (0..2_000).map(|line| event(second, usize::try_from(second).unwrap() * 2_000 + line)).collect();
            assert_eq!(tail.fresh(&events, at(100)).len(), 2_000);
            if tail.seen.events.len() > BURST {
                tail.forget();
            }
            assert!(tail.seen.events.len() <= BURST, "after {second} s");
        }
        tail.forget();
        assert!((at(85)..=at(94)).contains(&tail.resume), "{}", tail.resume);
        assert!(tail.fresh(&[event(99, 99 * 2_000 + 7)], at(100)).is_empty());
    }
}
