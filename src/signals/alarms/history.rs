//! DescribeAlarmHistory from a past hour until now: every change of state, and which alarms are younger.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{AlarmHistoryItem, AlarmType, HistoryItemType, ScanBy};
use jiff::Timestamp;
use serde_json::Value;

use super::{Inventory, State};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::moment::moment;

/// Pages read at most, of each kind: DescribeAlarmHistory answers three times a second.
const PAGES: usize = 60;

/// A change of an alarm's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// When.
    pub at: Timestamp,
    /// From which state, and its reason.
    pub old: (State, Text),
    /// Into which state, and its reason.
    pub new: (State, Text),
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The alarms as they stood before it was read: later changes are all in it.
    pub live: Arc<Inventory>,
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends, when there was too much of it.
    pub until: Option<Timestamp>,
    /// By alarm, oldest first.
    pub transitions: HashMap<Text, Vec<Transition>>,
    /// When alarms were made, of those that were since `from`.
    pub created: HashMap<Text, Timestamp>,
}

/// Reads it.
pub async fn read(session: &Session, live: Arc<Inventory>, from: Timestamp) -> Result<History, Fault> {
    let (states, changes) = futures_util::future::join(
        items(session, HistoryItemType::StateUpdate, from),
        items(session, HistoryItemType::ConfigurationUpdate, from),
    )
    .await;
    let ((states, cut), (changes, _)) = (states?, changes?);
    let mut history = History { live, from, ..History::default() };
    if cut {
        history.until = states.last().and_then(|item| item.timestamp()).and_then(moment);
    }
    for item in &states {
        if let (Some(name), Some(change)) = (item.alarm_name(), transition(item)) {
            history.transitions.entry(name.into()).or_default().push(change);
        }
    }
    for changes in history.transitions.values_mut() {
        changes.sort_by_key(|change| change.at);
    }
    for item in &changes {
        let made = item.history_data().and_then(|data| serde_json::from_str::<Value>(data).ok());
        let made = made.is_some_and(|data| data.get("type").and_then(Value::as_str) == Some("Create"));
        if let (true, Some(name), Some(at)) = (made, item.alarm_name(), item.timestamp().and_then(moment)) {
            history.created.insert(name.into(), at);
        }
    }
    Ok(history)
}

/// Oldest first, and whether there was more.
async fn items(
    session: &Session,
    kind: HistoryItemType,
    from: Timestamp,
) -> Result<(Vec<AlarmHistoryItem>, bool), Fault> {
    let mut all = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..PAGES {
        let request = session
            .cloudwatch()
            .describe_alarm_history()
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .history_item_type(kind.clone())
            .start_date(DateTime::from_secs(from.as_second()))
            .scan_by(ScanBy::TimestampAscending)
            .max_records(limits::ALARM_HISTORY_PAGE)
            .set_next_token(token.clone());
        let page = request.send().await.map_err(|error| session.fault("DescribeAlarmHistory", &error))?;
        all.extend_from_slice(page.alarm_history_items());
        let next = page.next_token().filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_some() && next == token {
            return Err(Fault::new(FaultKind::Service, "DescribeAlarmHistory", "the same page came twice"));
        }
        match next {
            Some(next) => token = Some(next),
            None => return Ok((all, false)),
        }
    }
    Ok((all, true))
}

/// `HistoryData` of a StateUpdate holds both states with their reasons.
fn transition(item: &AlarmHistoryItem) -> Option<Transition> {
    let at = item.timestamp().and_then(moment)?;
    let data: Value = serde_json::from_str(item.history_data()?).ok()?;
    let side = |name: &str| -> Option<(State, Text)> {
        let side = data.get(name)?;
        let state = match side.get("stateValue")?.as_str()? {
            "OK" => State::Ok,
            "ALARM" => State::Alarm,
            "INSUFFICIENT_DATA" => State::NoData,
            _ => return None,
        };
        Some((state, Text::new(side.get("stateReason").and_then(Value::as_str).unwrap_or_default())))
    };
    Some(Transition { at, old: side("oldState")?, new: side("newState")? })
}
