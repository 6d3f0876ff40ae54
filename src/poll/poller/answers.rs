//! Inventories and metrics as they come in: kept, judged and reported.

use std::collections::{BTreeSet, HashSet};

use super::connection::ends_session;
use super::state::Poller;
use crate::model::{Fault, MetricQuery, MetricSet, Severity};
use crate::poll::event::PollEvent;
use crate::signals::{Inventory, Judge};

impl Poller {
    pub(super) async fn listed(&mut self, index: usize, outcome: Result<Inventory, Fault>) -> bool {
        let now = self.now();
        let jitter = self.random.f64();
        match outcome {
            Ok(inventory) => {
                if let Some(session) = &self.session {
                    session.memo.remember(self.watched[index].signal.id().0, Inventory::clone(&inventory));
                }
                let watched = &mut self.watched[index];
                watched.slot.finish(now, None, jitter);
                watched.queries = watched.signal.queries(&inventory);
                watched.found = Some((inventory, now));
                self.project();
                self.keep_time().await && self.publish(index).await
            }
            Err(fault) if ends_session(&fault) => {
                self.connect.finish(now, Some(&fault), jitter);
                self.disconnect(fault).await
            }
            Err(fault) => {
                self.watched[index].slot.finish(now, Some(&fault), jitter);
                self.report_failure(index, fault).await
            }
        }
    }

    pub(super) async fn measured(&mut self, asked: BTreeSet<MetricQuery>, whole: bool, set: MetricSet) -> bool {
        let now = self.now();
        let jitter = self.random.f64();
        let fault = set.fault.clone();
        if whole {
            self.metrics.finish(now, fault.as_ref(), jitter);
            self.keep_only_wanted();
        } else {
            self.late = false;
        }
        self.take_in(&asked, set);
        if let Some(fault) = fault.filter(ends_session) {
            self.connect.finish(now, Some(&fault), jitter);
            return self.disconnect(fault).await;
        }
        for index in 0..self.watched.len() {
            if self.watched[index].queries.iter().any(|query| asked.contains(query)) && !self.publish(index).await {
                return false;
            }
        }
        true
    }

    /// Forgets the answers to questions that nobody asks any more.
    fn keep_only_wanted(&mut self) {
        let wanted: HashSet<&MetricQuery> = self.watched.iter().flat_map(|watched| &watched.queries).collect();
        self.asked.retain(|query| wanted.contains(query));
        self.set.series.retain(|query, _| wanted.contains(query));
    }

    /// What was asked is known as it was answered, or not at all; what was not asked stays as it is.
    fn take_in(&mut self, asked: &BTreeSet<MetricQuery>, set: MetricSet) {
        for query in asked {
            self.set.series.remove(query);
        }
        self.set.series.extend(set.series);
        self.asked.extend(asked.iter().cloned());
        let missing = self.asked.iter().any(|query| !self.set.series.contains_key(query));
        self.set.fault = set.fault.or(self.set.fault.take().filter(|_| missing));
        self.set.at = set.at.or(self.set.at);
        for watched in &mut self.watched {
            let answered = watched.queries.iter().all(|query| asked.contains(query));
            let complete = watched.queries.iter().all(|query| self.asked.contains(query));
            if answered || (watched.metrics_at.is_none() && complete) {
                watched.metrics_at = set.at;
            }
        }
    }

    /// Judges one signal and reports it, once everything that it wants has been asked for.
    pub(super) async fn publish(&mut self, index: usize) -> bool {
        let now = self.now();
        let watched = &self.watched[index];
        let Some((inventory, found_at)) = &watched.found else { return true };
        if !watched.queries.iter().all(|query| self.asked.contains(query)) {
            return true;
        }
        let judge = Judge {
            now,
            environment: &self.assignment.environment,
            thresholds: &self.assignment.thresholds,
            naming: &self.assignment.naming,
        };
        let reading = watched.signal.interpret(inventory, &self.set, &judge);
        let metrics_fault = self.set.fault.clone().filter(|_| !watched.queries.is_empty());
        if let Some(fault) = metrics_fault.filter(|_| reading.severity == Severity::Unknown && watched.good) {
            return self.report_failure(index, fault).await;
        }
        // States age from when they were listed; figures that come from metrics, from when those were answered.
        let every_s = self.reported_every_s(index);
        let at = watched.metrics_at.filter(|_| self.by_metrics(index)).unwrap_or(*found_at);
        let signal = watched.signal.id();
        self.watched[index].said_s = every_s;
        self.watched[index].good |= reading.severity != Severity::Unknown;
        let env = self.assignment.environment.id;
        self.report(PollEvent::Reading { env, signal, outcome: Ok(Box::new(reading)), at, every_s }).await
    }

    pub(super) async fn report_failure(&mut self, index: usize, fault: Fault) -> bool {
        let (env, at) = (self.assignment.environment.id, self.now());
        let (signal, every_s) = (self.watched[index].signal.id(), self.reported_every_s(index));
        self.watched[index].said_s = every_s;
        self.report(PollEvent::Reading { env, signal, outcome: Err(fault), at, every_s }).await
    }
}
