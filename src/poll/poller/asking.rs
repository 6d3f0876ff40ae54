//! What a poller asks, once it is due: inventories by signal, and everybody's metrics together.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::time::Instant;

use super::state::{Done, Poller};
use crate::cloud::Session;
use crate::model::MetricQuery;
use crate::poll::broker;

impl Poller {
    pub(super) fn request_everything(&mut self) {
        let now = self.now();
        if self.session.is_none() {
            self.connect.request(now);
        }
        for watched in &mut self.watched {
            watched.slot.request(now);
        }
        self.everything = true;
        self.metrics.request(now);
    }

    pub(super) fn start_what_is_due(&mut self) {
        let now = self.now();
        if self.connect.start(now) {
            self.start_connecting();
        }
        let Some(session) = self.session.clone() else { return };
        for index in 0..self.watched.len() {
            if self.watched[index].slot.start(now) {
                let signal = self.watched[index].signal;
                let session = Arc::clone(&session);
                self.spawn(async move { Done::Inventory(index, signal.inventory(&session).await) });
            }
        }
        let cold = self.watched.iter().any(|watched| watched.found.is_none() && watched.slot.is_running());
        if (cold && Instant::now() < self.warm_until) || self.late {
            return;
        }
        let wanted: BTreeSet<MetricQuery> = self.watched.iter().flat_map(|w| w.queries.iter().cloned()).collect();
        if self.metrics.start(now) {
            let due = self.due_queries();
            self.everything = false;
            self.start_metrics(&session, due, true);
        } else if !self.metrics.is_running() && !wanted.is_subset(&self.asked) {
            let missing = wanted.difference(&self.asked).cloned().collect();
            self.late = true;
            self.start_metrics(&session, missing, false);
        }
    }

    fn start_metrics(&self, session: &Arc<Session>, asked: BTreeSet<MetricQuery>, whole: bool) {
        let session = Arc::clone(session);
        let now = self.now();
        self.spawn(async move {
            let set = broker::fetch(&session, &asked, now).await;
            Done::Metrics { asked, whole, set }
        });
    }
}
