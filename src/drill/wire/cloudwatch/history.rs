//! DescribeAlarmHistory: the changes of alarm states.

use serde_json::{Value, json};
use winterbaume_cloudwatch::model::{AlarmHistoryItem, DescribeAlarmHistoryOutput};

use super::super::{Ask, Reply, epoch, reply};
use super::alarms::{kind, kinds, records};
use super::bad_token;
use crate::drill::world::alarm::{Alarm, Transition};

/// Changes of state, newest first unless the client wants it otherwise. The drill keeps no other kind of history.
pub(super) fn describe_alarm_history(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let (name, item_type) = (input.text("AlarmName"), input.text("HistoryItemType"));
    let kinds = kinds(ask);
    let (start, end) = (input.time("StartDate"), input.time("EndDate"));
    let oldest_first = input.text("ScanBy") == Some("TimestampAscending");
    let size = records(ask)?;
    let alarms = ask.world.alarms.values().filter(|alarm| {
        kinds.contains(&kind(alarm))
            && name.is_none_or(|name| alarm.name == name)
            && item_type.is_none_or(|kind| kind == "StateUpdate")
    });
    let mut changes: Vec<(&Alarm, &Transition, &Transition)> = alarms
        .flat_map(|alarm| alarm.history.windows(2).filter_map(move |pair| Some((alarm, pair.first()?, pair.get(1)?))))
        .filter(|(_, _, to)| {
            to.at <= ask.now && start.is_none_or(|start| to.at >= start) && end.is_none_or(|end| to.at <= end)
        })
        .collect();
    changes.sort_by_key(|(_, _, to)| to.at);
    if !oldest_first {
        changes.reverse();
    }
    let filter = format!("{kinds:?}{name:?}{item_type:?}{start:?}{end:?}{oldest_first}");
    let page = ask.page(changes, size, input.text("NextToken"), &filter).map_err(bad_token)?;
    let items = page.items.into_iter().map(|(alarm, from, to)| item(alarm, from, to)).collect();
    reply(&DescribeAlarmHistoryOutput { alarm_history_items: Some(items), next_token: page.next })
}

fn item(alarm: &Alarm, from: &Transition, to: &Transition) -> AlarmHistoryItem {
    let state = |of: &Transition| {
        let mut state = json!({"stateValue": of.state.word(), "stateReason": of.reason});
        if let Ok(data) = serde_json::from_str::<Value>(&of.reason_data) {
            state["stateReasonData"] = data;
        }
        state
    };
    let data = json!({"version": "1.0", "oldState": state(from), "newState": state(to)});
    AlarmHistoryItem {
        alarm_name: Some(alarm.name.clone()),
        alarm_type: Some(kind(alarm).to_owned()),
        history_data: Some(data.to_string()),
        history_item_type: Some("StateUpdate".to_owned()),
        history_summary: Some(format!("Alarm updated from {} to {}", from.state.word(), to.state.word())),
        timestamp: Some(epoch(to.at)),
        ..AlarmHistoryItem::default()
    }
}
