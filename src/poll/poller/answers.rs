//! Inventories and metrics as they come in: kept, judged and reported.

use std::collections::BTreeSet;

use super::connection::ends_session;
use super::state::{Poller, Watched};
use crate::model::{Fault, MetricQuery, MetricSet, Severity};
use crate::poll::event::PollEvent;
use crate::signals::{Inventory, Judge};

impl Poller {
    pub(super) async fn listed(&mut self, index: usize, outcome: Result<Inventory, Fault>) -> bool {
        let now = self.now();
        let jitter = self.random.f64();
        match outcome {
            Ok(inventory) => {
                let watched = &mut self.watched[index];
                watched.slot.finish(now, None, jitter);
                watched.queries = watched.signal.queries(&inventory);
                watched.found = Some((inventory, now));
                self.publish(index).await
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
            self.set = set;
            self.asked = asked;
        } else {
            self.late = false;
            self.set.series.extend(set.series);
            self.set.fault = self.set.fault.take().or(set.fault);
            self.set.at = self.set.at.or(set.at);
            self.asked.extend(asked);
        }
        if let Some(fault) = fault.filter(ends_session) {
            self.connect.finish(now, Some(&fault), jitter);
            return self.disconnect(fault).await;
        }
        for index in 0..self.watched.len() {
            if !self.watched[index].queries.is_empty() && !self.publish(index).await {
                return false;
            }
        }
        true
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
        let metrics_s = self.assignment.cadence.metrics;
        let by_metrics = !watched.queries.is_empty() && watched.cadence_s > metrics_s;
        let (at, every_s) = match self.set.at {
            Some(answered) if by_metrics => (answered, metrics_s),
            _ => (*found_at, watched.cadence_s),
        };
        let signal = watched.signal.id();
        self.watched[index].good |= reading.severity != Severity::Unknown;
        let env = self.assignment.environment.id;
        self.report(PollEvent::Reading { env, signal, outcome: Ok(Box::new(reading)), at, every_s }).await
    }

    pub(super) async fn report_failure(&mut self, index: usize, fault: Fault) -> bool {
        let (env, at) = (self.assignment.environment.id, self.now());
        let Watched { signal, cadence_s, .. } = &self.watched[index];
        let (signal, every_s) = (signal.id(), *cadence_s);
        self.report(PollEvent::Reading { env, signal, outcome: Err(fault), at, every_s }).await
    }
}
