//! A session's life: connecting, verifying again, reporting how it is, ending.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::state::{Done, Poller};
use crate::cloud::Session;
use crate::cloud::session::CredentialsInfo;
use crate::model::{Fault, FaultKind, Identity, MetricSet};
use crate::poll::event::PollEvent;
use crate::poll::schedule::{Rhythm, Slot};

/// How long the first metrics wait for slow inventories, so that one call can carry everybody's queries.
const WARM_UP: Duration = Duration::from_secs(2);

/// Faults after which every further call would fail the same way.
pub(super) fn ends_session(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials | FaultKind::WrongAccount)
}

impl Poller {
    pub(super) fn start_connecting(&self) {
        let known = self.session.clone();
        let config = self.assignment.config.clone();
        let environment = self.assignment.environment.clone();
        let transport = self.assignment.transport.clone();
        let settled_for = Duration::from_secs(self.assignment.cadence.inventory);
        let metrics = self.assignment.metrics.clone();
        self.spawn(async move {
            Done::Connected(
                async {
                    let session = match known {
                        Some(session) => session,
                        None => {
                            let mut session = Session::open(&config, environment, &transport).await?.watching(metrics);
                            session.settled_for = settled_for;
                            Arc::new(session)
                        }
                    };
                    let credentials = session.credentials().await?;
                    let identity = session.verify_identity().await?;
                    Ok((session, credentials, identity))
                }
                .await,
            )
        });
    }

    pub(super) async fn connected(
        &mut self,
        outcome: Result<(Arc<Session>, CredentialsInfo, Identity), Fault>,
    ) -> bool {
        let now = self.now();
        let jitter = self.random.f64();
        match outcome {
            Ok((session, credentials, identity)) => {
                self.connect.finish(now, None, jitter);
                self.connection.identity = Some(identity);
                self.connection.credentials_source = credentials.source;
                self.connection.credentials_expire = credentials.expire;
                self.connection.endpoint = session.endpoint().map(Into::into);
                self.connection.fault = None;
                if self.session.is_none() {
                    self.assignment.environment.region = session.environment.region.clone();
                    self.assignment.sessions.connected(self.assignment.environment.id, Arc::clone(&session));
                    self.session = Some(session);
                    self.warm_until = Instant::now() + WARM_UP;
                    self.request_everything();
                }
                self.report_connection().await
            }
            Err(fault) => {
                self.connect.finish(now, Some(&fault), jitter);
                if self.session.is_some() && fault.kind.is_transient() {
                    self.connection.fault = Some(fault);
                    return self.report_connection().await;
                }
                self.disconnect(fault).await
            }
        }
    }

    pub(super) async fn report_connection(&mut self) -> bool {
        if let Some(session) = &self.session {
            self.connection.usage = session.meter.usage();
            let now = self.assignment.clock.now();
            self.spend.note(&self.connection.usage, now);
            self.connection.usd_per_hour = self.spend.usd_per_hour(now);
            self.connection.latency = session.meter.latency();
        }
        self.connection.retry_at = self.connection.fault.as_ref().and_then(|_| self.connect.due());
        let (env, connection) = (self.assignment.environment.id, Box::new(self.connection.clone()));
        self.report(PollEvent::Connection { env, connection }).await
    }

    /// Ends the session: answers that are still under way no longer count.
    pub(super) async fn disconnect(&mut self, fault: Fault) -> bool {
        self.report_connection().await;
        let now = self.now();
        self.session = None;
        self.assignment.sessions.ended(self.assignment.environment.id);
        self.generation += 1;
        self.jobs.clear();
        self.late = false;
        self.asked.clear();
        self.set = MetricSet::default();
        self.metrics = Slot::new(Rhythm::Aligned(self.assignment.cadence.metrics), now);
        for watched in &mut self.watched {
            watched.slot = Slot::new(Rhythm::Every(watched.cadence_s), now);
            watched.queries.clear();
            watched.metrics_at = None;
            watched.found = None;
        }
        self.project();
        if fault.kind == FaultKind::WrongAccount {
            self.connection.identity = None;
        }
        self.connection.fault = Some(fault.clone());
        if !self.report_connection().await {
            return false;
        }
        for index in 0..self.watched.len() {
            if !self.report_failure(index, fault.clone()).await {
                return false;
            }
        }
        true
    }
}
