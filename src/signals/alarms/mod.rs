//! Alarms: the state of every metric and composite alarm, since when and why, and which of them speak to nobody.

mod class;
mod history;
mod interpret;
mod inventory;
mod past;
mod raw;
pub mod rule;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, Field, MetricQuery, MetricSet, Reading, Resource, Severity, SignalId};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then};

/// The signal.
#[derive(Debug)]
pub struct Alarms;

/// What DescribeAlarms and the mute rules said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// Metric and composite alarms.
    pub alarms: Vec<Alarm>,
    /// False when the mute rules could not be read: then nobody knows which alarms are muted.
    pub mutes_known: bool,
}

/// An alarm's state, in CloudWatch's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// `OK`.
    Ok,
    /// `ALARM`.
    Alarm,
    /// `INSUFFICIENT_DATA`, or a state that this program does not know.
    NoData,
    /// At a past minute of which nothing is known any more.
    Unknown,
}

/// What kind of alarm it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It watches a metric or an expression.
    Metric,
    /// It watches other alarms.
    Composite,
}

/// One alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Its name, up to 255 characters of any script.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// Metric or composite.
    pub kind: Kind,
    /// Its state.
    pub state: State,
    /// When it went into that state.
    pub since: Option<Timestamp>,
    /// CloudWatch's explanation.
    pub reason: Text,
    /// False: it changes state and tells nobody.
    pub actions_enabled: bool,
    /// A mute rule silences it.
    pub muted: bool,
    /// What suppresses a composite alarm's actions: `Alarm`, `WaitPeriod` or `ExtensionPeriod`.
    pub suppressed_by: Option<Text>,
    /// `PARTIAL_DATA`, `EVALUATION_ERROR` or `EVALUATION_FAILURE`: it does not see what it should.
    pub evaluation: Option<Text>,
    /// How bad it is when it alarms; see [`Signal::inventory`].
    pub class: Severity,
    /// What it watches, ready to show.
    pub watches: Vec<Field>,
}

impl Alarm {
    /// True when it cannot be relied upon to go off.
    pub fn is_blind(&self) -> bool {
        self.state == State::NoData || self.evaluation.is_some()
    }
}

impl Signal for Alarms {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("alarms")
    }

    fn title(&self) -> &'static str {
        "Alarms"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            "cloudwatch:DescribeAlarmHistory",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetAlarmMuteRule",
            "cloudwatch:ListAlarmMuteRules",
        ]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.alarms
    }

    fn is_urgent(&self) -> bool {
        true
    }

    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(inventory::read(session))
    }

    fn queries(&self, _inventory: &Inventory) -> Vec<MetricQuery> {
        Vec::new()
    }

    fn rewind<'a>(
        &'a self,
        session: &'a Session,
        live: Arc<Inventory>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(past::rewind(session, live, then))
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, _metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        interpret::reading(inventory, judge)
    }
}
