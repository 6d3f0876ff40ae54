//! DescribeAlarmHistory: alarms that changed their state, were changed themselves, or could not carry out an action.

use std::collections::HashMap;

use aws_sdk_cloudwatch::types::{AlarmHistoryItem, AlarmType, HistoryItemType, ScanBy};
use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::base::Text;
use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::changes::{arn, pages};
use crate::cloud::{Session, limits};
use crate::model::{Change, ChangeKind, EnvId, Fault, Severity};
use crate::signals::moment::{date_time, moment};

/// Pages of one reading: DescribeAlarmHistory allows three calls a second in an account.
const PAGES: usize = 30;

/// The source. One paged call an environment, never one an alarm.
#[derive(Debug)]
pub struct AlarmHistory;

impl ChangeSource for AlarmHistory {
    fn id(&self) -> &'static str {
        "alarm-history"
    }

    fn title(&self) -> &'static str {
        "alarm history"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["cloudwatch:DescribeAlarmHistory"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, _: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(read(session, span))
    }
}

async fn read(session: &Session, span: Span) -> Result<Found, Fault> {
    let selection = session.selection().await?;
    let page = |token: Option<String>| async move {
        let answer = session
            .cloudwatch()
            .describe_alarm_history()
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .start_date(date_time(span.from))
            .end_date(date_time(span.to))
            .scan_by(ScanBy::TimestampDescending)
            .max_records(limits::ALARM_HISTORY_PAGE)
            .set_next_token(token)
            .send()
            .await
            .map_err(|error| session.fault("DescribeAlarmHistory", &error))?;
        Ok((answer.alarm_history_items.unwrap_or_default(), answer.next_token))
    };
    let listed = pages::until("DescribeAlarmHistory", PAGES, page, |_| false).await?;
    let oldest = listed.items.iter().filter_map(|item| item.timestamp().and_then(moment)).min();
    let mut admitted: HashMap<String, bool> = HashMap::new();
    let mut admits = |name: &str| match admitted.get(name) {
        Some(known) => *known,
        None => {
            let admits = selection.admits_ending(name, &format!(":alarm:{name}"));
            admitted.insert(name.to_owned(), admits);
            admits
        }
    };
    let changes = listed.items.iter().filter_map(|item| {
        let name = item.alarm_name()?;
        let mut change = change(item, name, session.environment.id).filter(|change| span.contains(change.at))?;
        change.arn = arn::of(session, "cloudwatch", &format!("alarm:{name}")).into();
        admits(name).then_some(change)
    });
    let found = Found {
        changes: changes.collect(),
        faults: listed.fault.into_iter().collect(),
        cut_before: oldest.filter(|_| listed.cut),
    };
    Ok(found.newest(MOST))
}

fn change(item: &AlarmHistoryItem, name: &str, env: EnvId) -> Option<Change> {
    let at = item.timestamp().and_then(moment)?;
    let summary = item.history_summary().unwrap_or_default();
    let data: Value = item.history_data().and_then(|data| serde_json::from_str(data).ok()).unwrap_or(Value::Null);
    match item.history_item_type()? {
        HistoryItemType::StateUpdate => {
            Some(state_update(Change::new(at, env, ChangeKind::Alarm, name), &data, summary))
        }
        HistoryItemType::ConfigurationUpdate => {
            let change = Change::new(at, env, ChangeKind::AlarmConfiguration, name);
            Some(configuration(change, &data, summary))
        }
        // Actions that went well are as many as the states, and say nothing more.
        HistoryItemType::Action if failed(&data, summary) => Some(Change {
            summary: summary.into(),
            reason: member(&data, "error"),
            severity: Severity::Warning,
            ..Change::new(at, env, ChangeKind::AlarmAction, name)
        }),
        _ => None,
    }
}

fn state_update(change: Change, data: &Value, summary: &str) -> Change {
    let state = |which: &str, key: &str| data.get(which).map(|state| member(state, key)).unwrap_or_default();
    let (mut before, mut after) = (state("oldState", "stateValue"), state("newState", "stateValue"));
    if after.is_empty()
        && let Some((from, to)) = summary.rsplit_once(" to ")
    {
        before = from.rsplit(' ').next().unwrap_or_default().into();
        after = to.trim().into();
    }
    let severity = match &*after {
        "ALARM" => Severity::Critical,
        "OK" => Severity::Ok,
        _ => Severity::Unknown,
    };
    let words = |state: &Text| if state.is_empty() { "?".to_owned() } else { state.replace('_', " ") };
    Change {
        summary: format!("{} → {}", words(&before), words(&after)).into(),
        reason: state("newState", "stateReason"),
        before,
        after,
        severity,
        ..change
    }
}

/// The history of a changed alarm has the old values of what was changed, and the whole alarm as it is since.
fn configuration(change: Change, data: &Value, summary: &str) -> Change {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    if let Some(Value::Object(old)) = data.get("originalUpdatedFields") {
        for (key, was) in old.iter().filter(|(_, was)| scalar(was).is_some()) {
            before.push(format!("{key} {}", scalar(was).unwrap_or_default()));
            let is = data.get("updatedAlarm").and_then(|alarm| alarm.get(key)).and_then(scalar);
            after.push(format!("{key} {}", is.unwrap_or_else(|| "?".to_owned())));
        }
    }
    Change { summary: summary.into(), before: before.join(", ").into(), after: after.join(", ").into(), ..change }
}

fn failed(data: &Value, summary: &str) -> bool {
    summary.starts_with("Failed") || data.get("actionState").and_then(Value::as_str) == Some("Failed")
}

fn member(value: &Value, key: &str) -> Text {
    value.get(key).and_then(scalar).map(Text::from).unwrap_or_default()
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
