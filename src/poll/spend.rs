//! What an environment spends an hour, from its metered calls over a sliding window.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::base::clock::seconds_between;
use crate::model::Usage;

/// The window: long enough for the slowest cadence, short enough to follow a change.
const WINDOW_S: u64 = 30 * 60;

/// Metered calls of the last half hour.
#[derive(Debug, Clone, Default)]
pub struct Spend {
    began: Option<Timestamp>,
    last: Usage,
    /// USD that were spent, by the time that they were noticed.
    spent: VecDeque<(Timestamp, f64)>,
}

impl Spend {
    /// Takes the meter's totals in. A meter that begins again, with a new session, counts from zero.
    pub fn note(&mut self, usage: &Usage, now: Timestamp) {
        self.began.get_or_insert(now);
        let before = if usage.calls() < self.last.calls() { 0.0 } else { self.last.cost_usd() };
        let more = usage.cost_usd() - before;
        if more > 0.0 {
            self.spent.push_back((now, more));
        }
        self.last = usage.clone();
        while self.spent.front().is_some_and(|(at, _)| seconds_between(*at, now) >= WINDOW_S) {
            self.spent.pop_front();
        }
    }

    /// USD an hour at `now`. A minute that has begun counts as a whole one: what it costs is known at its beginning.
    pub fn usd_per_hour(&self, now: Timestamp) -> f64 {
        let Some(began) = self.began else { return 0.0 };
        let window = SignedDuration::from_secs(i64::try_from(WINDOW_S).unwrap_or(0));
        let from = now.checked_sub(window).unwrap_or(began);
        let spent: f64 = self.spent.iter().filter(|(at, _)| *at > from).map(|(_, usd)| usd).sum();
        let minutes = (seconds_between(began, now) / 60 + 1).min(WINDOW_S / 60);
        // Precise for any window.
        spent * 60.0 / minutes as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap_or_default()
    }

    fn asked(metrics: u64) -> Usage {
        Usage { by_operation: [("CloudWatch:GetMetricData".to_owned(), metrics)].into(), metrics_requested: metrics }
    }

    #[test]
    fn a_steady_pace_costs_the_same_at_any_time() {
        let mut spend = Spend::default();
        assert_eq!(spend.usd_per_hour(at(0)), 0.0);
        // 1,000 metrics a minute are 60,000 an hour: $0.60.
        for minute in 0..90 {
            spend.note(&asked((minute + 1) * 1000), at(i64::try_from(minute).unwrap_or(0) * 60));
            let rate = spend.usd_per_hour(at(i64::try_from(minute).unwrap_or(0) * 60 + 10));
            assert!((rate - 0.6).abs() < 0.03, "minute {minute}: {rate}");
        }
    }

    #[test]
    fn what_was_spent_long_ago_is_forgotten() {
        let mut spend = Spend::default();
        spend.note(&asked(100_000), at(0));
        assert!(spend.usd_per_hour(at(0)) > 10.0);
        assert!(spend.usd_per_hour(at(1799)) > 1.9);
        assert_eq!(spend.usd_per_hour(at(1800)), 0.0);
    }

    #[test]
    fn a_new_session_counts_from_zero() {
        let mut spend = Spend::default();
        spend.note(&asked(1000), at(0));
        spend.note(&asked(10), at(60));
        let expected = 1010.0 * 1e-5 * 60.0 / 2.0;
        assert!((spend.usd_per_hour(at(60)) - expected).abs() < 1e-9);
    }
}
