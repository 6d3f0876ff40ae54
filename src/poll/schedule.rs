//! When something is asked again: pure arithmetic on cadence, jitter and back-off.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Fault, FaultKind};

/// The longest pause after repeated failures.
const LONGEST_BACKOFF_S: u64 = 300;
/// How soon new credentials are noticed: loading them again costs no call until they are valid.
const CREDENTIALS_RETRY_S: u64 = 30;
/// CloudWatch needs a moment to publish the minute that just ended.
const SETTLE_S: u64 = 5;

/// The rhythm of one kind of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// This many seconds after the last time it was asked.
    Every(u64),
    /// Just after a full minute that is a multiple of this many seconds.
    Aligned(u64),
}

impl Rhythm {
    /// Its length in seconds.
    pub fn seconds(self) -> u64 {
        match self {
            Self::Every(seconds) | Self::Aligned(seconds) => seconds.max(1),
        }
    }

    /// The next time after `now`. `jitter` is from 0 to 1 and spreads environments over a tenth of the rhythm.
    pub fn next(self, now: Timestamp, jitter: f64) -> Timestamp {
        let length = self.seconds();
        let spread = Duration::from_secs_f64(length as f64 * 0.1 * jitter.clamp(0.0, 1.0));
        match self {
            Self::Every(_) => later(now, Duration::from_secs(length) + spread),
            Self::Aligned(_) => {
                let length = i64::try_from(length).unwrap_or(60);
                let settled = now.as_second() - i64::try_from(SETTLE_S).unwrap_or(0);
                let boundary = settled - settled.rem_euclid(length) + length;
                let boundary = Timestamp::from_second(boundary).unwrap_or(now);
                later(boundary, Duration::from_secs(SETTLE_S) + spread)
            }
        }
    }

    /// The next time after the `failures`th failure in a row, the last of which is `fault`.
    pub fn after_failure(self, now: Timestamp, fault: &Fault, failures: u32, jitter: f64) -> Timestamp {
        let length = self.seconds();
        let seconds = match fault.kind {
            FaultKind::Expired | FaultKind::NoCredentials | FaultKind::WrongAccount => CREDENTIALS_RETRY_S,
            FaultKind::Denied | FaultKind::Unsupported | FaultKind::NotKept | FaultKind::Invalid => LONGEST_BACKOFF_S,
            FaultKind::Throttled | FaultKind::Timeout | FaultKind::Unreachable | FaultKind::Service => {
                length.saturating_mul(1 << failures.min(5)).min(LONGEST_BACKOFF_S).max(length)
            }
        };
        let spread = seconds as f64 * 0.2 * jitter.clamp(0.0, 1.0);
        later(now, Duration::from_secs_f64(seconds as f64 + spread))
    }
}

/// `time` plus `wait`, or `time` at the end of time.
fn later(time: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| time.checked_add(wait).ok()).unwrap_or(time)
}

/// One question's state: at most one running and one waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    rhythm: Rhythm,
    due: Timestamp,
    asked: Option<Timestamp>,
    running: bool,
    again: bool,
    failures: u32,
}

impl Slot {
    /// Due at once.
    pub fn new(rhythm: Rhythm, now: Timestamp) -> Self {
        Self { rhythm, due: now, asked: None, running: false, again: false, failures: 0 }
    }

    /// When it should be asked; `None` while it runs.
    pub fn due(&self) -> Option<Timestamp> {
        (!self.running).then_some(self.due)
    }

    /// True while a question is out.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// True when it should be asked now; it then counts as running.
    pub fn start(&mut self, now: Timestamp) -> bool {
        let starts = !self.running && self.due <= now;
        self.running |= starts;
        starts
    }

    /// Asks for it now, or once more after the one that runs.
    pub fn request(&mut self, now: Timestamp) {
        if self.running {
            self.again = true;
        } else {
            self.due = now;
        }
    }

    /// Goes on in another rhythm. A faster one counts from the last answer; what is due sooner by the old one stays due.
    pub fn follow(&mut self, rhythm: Rhythm) {
        if rhythm == self.rhythm {
            return;
        }
        self.rhythm = rhythm;
        if let Some(asked) = self.asked.filter(|_| self.failures == 0) {
            self.due = self.due.min(rhythm.next(asked, 0.0));
        }
    }

    /// It was answered, or it failed.
    pub fn finish(&mut self, now: Timestamp, fault: Option<&Fault>, jitter: f64) {
        self.running = false;
        self.asked = Some(now);
        self.failures = if fault.is_some() { self.failures.saturating_add(1) } else { 0 };
        self.due = match fault {
            _ if std::mem::take(&mut self.again) => now,
            Some(fault) => self.rhythm.after_failure(now, fault, self.failures, jitter),
            None => self.rhythm.next(now, jitter),
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn fault(kind: FaultKind) -> Fault {
        Fault::new(kind, "DescribeAlarms", "no")
    }

    const KINDS: [FaultKind; 11] = [
        FaultKind::Throttled,
        FaultKind::Expired,
        FaultKind::NoCredentials,
        FaultKind::Denied,
        FaultKind::Timeout,
        FaultKind::Unreachable,
        FaultKind::Unsupported,
        FaultKind::NotKept,
        FaultKind::WrongAccount,
        FaultKind::Invalid,
        FaultKind::Service,
    ];

    #[test]
    fn aligned_questions_come_just_after_the_minute() {
        // 1,800,000,000 is a full minute.
        assert_eq!(Rhythm::Aligned(60).next(at(4), 0.0), at(5));
        assert_eq!(Rhythm::Aligned(60).next(at(5), 0.0), at(65));
        assert_eq!(Rhythm::Aligned(60).next(at(64), 0.0), at(65));
        assert_eq!(Rhythm::Aligned(60).next(at(65), 1.0), at(131));
    }

    #[test]
    fn asked_twice_while_running_runs_once_more() {
        let mut slot = Slot::new(Rhythm::Every(60), at(0));
        assert!(slot.start(at(0)));
        assert!(!slot.start(at(0)), "one running");
        slot.request(at(1));
        slot.request(at(2));
        slot.finish(at(3), None, 0.0);
        assert!(slot.start(at(3)), "one waiting");
        slot.finish(at(4), None, 0.0);
        assert_eq!(slot.due(), Some(at(64)), "and no third");
    }

    #[test]
    fn repeated_failures_wait_longer_and_one_success_ends_that() {
        let mut slot = Slot::new(Rhythm::Every(15), at(0));
        let mut waits = Vec::new();
        for _ in 0..7 {
            assert!(slot.start(at(10_000)));
            slot.finish(at(10_000), Some(&fault(FaultKind::Throttled)), 0.0);
            waits.push(slot.due().unwrap().duration_since(at(10_000)).as_secs());
            slot.request(at(10_000));
        }
        assert_eq!(waits, [30, 60, 120, 240, 300, 300, 300]);
        assert!(slot.start(at(10_000)));
        slot.finish(at(10_000), None, 0.0);
        assert_eq!(slot.due(), Some(at(10_015)));
    }

    proptest! {
        #[test]
        fn the_next_time_is_later_and_never_far(
            now in 0i64..100_000, length in 1u64..3600, failures in 0u32..1000, jitter in 0.0f64..=1.0,
            kind in prop::sample::select(&KINDS[..]), aligned: bool,
        ) {
            let rhythm = if aligned { Rhythm::Aligned(length) } else { Rhythm::Every(length) };
            let next = rhythm.next(at(now), jitter);
            prop_assert!(next > at(now));
            prop_assert!(next.duration_since(at(now)).as_secs_f64() <= length as f64 * 1.1 + 5.0);
            let retry = rhythm.after_failure(at(now), &fault(kind), failures, jitter);
            let wait = retry.duration_since(at(now)).as_secs_f64();
            prop_assert!(wait >= 30.0f64.min(length as f64));
            prop_assert!(wait <= 300.0f64.max(length as f64) * 1.2 + 1.0);
        }
    }
}
