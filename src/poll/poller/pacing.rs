//! How often a poller asks: the configured cadence, by where the operator looks and by what it may cost.

use std::collections::BTreeSet;

use super::state::Poller;
use crate::model::usage::USD_PER_METRIC;
use crate::model::{MetricQuery, SignalId, Tier};
use crate::poll::attention::{Attention, Kind, Look, pace_s};
use crate::poll::event::PollEvent;
use crate::poll::governor::LONGEST_S;
use crate::poll::schedule::Rhythm;

impl Poller {
    fn look(&self, index: usize) -> Look {
        self.attention.on(self.assignment.environment.id, self.watched[index].signal.id())
    }

    /// Seconds between two listings of a signal.
    pub(super) fn every_s(&self, index: usize) -> u64 {
        let watched = &self.watched[index];
        let production = self.assignment.environment.tier == Tier::Production;
        let kind = if watched.signal.is_urgent() { Kind::Alarms { production } } else { Kind::Listing };
        pace_s(watched.cadence_s, kind, self.look(index))
    }

    /// Seconds between two answers to a signal's metrics, without the governor.
    fn metrics_pace_s(&self, index: usize) -> u64 {
        pace_s(self.assignment.cadence.metrics, Kind::Metrics, self.look(index))
    }

    /// Seconds between two answers to a signal's metrics.
    pub(super) fn metrics_every_s(&self, index: usize) -> u64 {
        let pace = self.metrics_pace_s(index);
        pace.saturating_mul(u64::from(self.slowdown)).min(LONGEST_S.max(pace))
    }

    /// The fastest of them: when the next metrics are asked.
    fn metrics_slot_s(&self) -> u64 {
        let with_metrics = (0..self.watched.len()).filter(|index| !self.watched[*index].queries.is_empty());
        let slowest = self.assignment.cadence.metrics.saturating_mul(u64::from(self.slowdown));
        with_metrics.map(|index| self.metrics_every_s(index)).min().unwrap_or(slowest)
    }

    /// The queries of the signals that are due now. A listing may have come with a round between two of a signal's own.
    pub(super) fn due_queries(&self) -> BTreeSet<MetricQuery> {
        let now = self.now();
        let slack = i64::try_from(self.assignment.cadence.metrics / 2).unwrap_or(0);
        let due = (0..self.watched.len()).filter(|index| {
            let every = i64::try_from(self.metrics_every_s(*index)).unwrap_or(i64::MAX);
            let age = self.watched[*index].metrics_at.map(|at| now.duration_since(at).as_secs());
            self.everything || age.is_none_or(|age| age.saturating_add(slack) >= every)
        });
        due.flat_map(|index| self.watched[index].queries.iter().cloned()).collect()
    }

    /// Tells the governor what the metrics cost an hour, as closely as they are looked at.
    pub(super) fn project(&self) {
        let usd = |index: usize| {
            let queries = self.watched[index].queries.len();
            // Precise for any number of metrics.
            queries as f64 * USD_PER_METRIC * 3600.0 / self.metrics_pace_s(index) as f64
        };
        let all = (0..self.watched.len()).map(usd).sum();
        self.assignment.governor.project(self.assignment.environment.id, all);
    }

    /// Follows the governor. False when nobody listens any more.
    pub(super) async fn govern(&mut self) -> bool {
        let slowdown = self.assignment.governor.slowdown();
        if slowdown == self.slowdown {
            return true;
        }
        self.slowdown = slowdown;
        self.connection.slowed = (slowdown > 1).then_some(slowdown);
        self.keep_time().await && self.report_connection().await
    }

    /// Follows the operator's eyes. False when nobody listens any more.
    pub(super) async fn attend(&mut self, attention: Attention) -> bool {
        if attention == self.attention {
            return true;
        }
        self.attention = attention;
        self.project();
        self.keep_time().await
    }

    /// Puts every question on the rhythm that holds now, and reports what will come less often than was said: it is
    /// not stale for that. What comes more often says so when it comes. False when nobody listens any more.
    pub(super) async fn keep_time(&mut self) -> bool {
        let mut slower: Vec<(SignalId, u64)> = Vec::new();
        for index in 0..self.watched.len() {
            let rhythm = Rhythm::Every(self.every_s(index));
            self.watched[index].slot.follow(rhythm);
            let every = self.reported_every_s(index);
            let watched = &mut self.watched[index];
            if every > watched.said_s {
                watched.said_s = every;
                slower.push((watched.signal.id(), every));
            }
        }
        self.metrics.follow(Rhythm::Aligned(self.metrics_slot_s()));
        let env = self.assignment.environment.id;
        slower.is_empty() || self.report(PollEvent::Cadence { env, every_s: slower }).await
    }

    /// True when a signal's figures are as old as its metrics; otherwise as its listing.
    pub(super) fn by_metrics(&self, index: usize) -> bool {
        let watched = &self.watched[index];
        !watched.queries.is_empty() && watched.cadence_s > self.assignment.cadence.metrics
    }

    /// Seconds after which the next report on a signal is due.
    pub(super) fn reported_every_s(&self, index: usize) -> u64 {
        if self.by_metrics(index) { self.metrics_every_s(index) } else { self.every_s(index) }
    }
}
