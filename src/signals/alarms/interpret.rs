//! Alarm states as severities, and the words that go with them.

use super::{Alarm, Inventory, Kind, State};
use crate::base::Text;
use crate::model::{Field, FieldValue, Reading, Resource, Severity};
use crate::signals::figures::{count, counted, listed};
use crate::signals::{Judge, worst};

/// An alarm's severity: its class in ALARM; unknown without data, and for an OK that is blind. That nobody is told
/// (actions off, muted, suppressed) does not make it less severe.
fn severity(alarm: &Alarm) -> Severity {
    match alarm.state {
        State::Alarm => alarm.class,
        State::Ok if !alarm.is_blind() => Severity::Ok,
        State::Ok | State::NoData | State::Unknown => Severity::Unknown,
    }
}

/// The cell: `12 ok`, or how many of all are in ALARM, with what cannot be relied upon as the note.
pub fn reading(inventory: &Inventory, judge: &Judge<'_>) -> Reading {
    let alarms = &inventory.alarms;
    let resources = alarms.iter().map(|alarm| resource(alarm, inventory.mutes_known, judge)).collect();
    let mut reading = worst::reading(resources, None);
    if alarms.is_empty() {
        return reading;
    }
    let having = |is: fn(&Alarm) -> bool| alarms.iter().filter(|alarm| is(alarm)).count();
    let alarming = having(|a| a.state == State::Alarm);
    reading.headline = match reading.severity {
        Severity::Ok => format!("{} ok", alarms.len()).into(),
        Severity::Unknown => {
            let unknown = alarms.iter().filter(|alarm| severity(alarm) == Severity::Unknown).count();
            format!("{unknown} of {} unknown", alarms.len()).into()
        }
        _ => format!("{alarming} of {}", alarms.len()).into(),
    };
    reading.note = listed([
        counted(having(|a| a.state == State::NoData), "no data"),
        counted(having(|a| a.state != State::NoData && a.is_blind()), "blind"),
        counted(having(|a| !a.actions_enabled), "actions off"),
        counted(having(|a| a.muted), "muted"),
        counted(having(|a| a.suppressed_by.is_some()), "suppressed"),
    ])
    .into();
    // The severity says critical where one of the alarming is; the cell's time is that of the first of all of them.
    if alarming > 0 {
        reading.since = alarms.iter().filter(|a| a.state == State::Alarm).filter_map(|a| a.since).min();
    }
    reading.value = Some(count(alarming) as f64);
    reading.unit = "alarms".into();
    reading
}

fn resource(alarm: &Alarm, mutes_known: bool, judge: &Judge<'_>) -> Resource {
    let muted = if mutes_known { FieldValue::Flag(alarm.muted) } else { FieldValue::Unknown };
    let mut fields = vec![
        Field::new("state", word(alarm.state)),
        Field::new("kind", kind(alarm.kind)),
        Field::new("class", alarm.class.word()),
        Field::new("actions_enabled", alarm.actions_enabled),
        Field { key: "muted".into(), value: muted, unit: Text::default() },
        Field::new("suppressed_by", alarm.suppressed_by.clone().unwrap_or_default()),
        Field::new("blind", alarm.is_blind()),
        Field::new("evaluation_state", alarm.evaluation.clone().unwrap_or_default()),
    ];
    fields.extend(alarm.watches.iter().cloned());
    Resource {
        logical_name: judge.logical_name(&alarm.name),
        name: alarm.name.clone(),
        arn: alarm.arn.clone(),
        severity: severity(alarm),
        headline: headline(alarm).into(),
        reason: alarm.reason.clone(),
        since: alarm.since,
        series: None,
        curve: Text::default(),
        fields,
    }
}

fn headline(alarm: &Alarm) -> String {
    let state = match alarm.state {
        State::Ok => "ok",
        State::Alarm => "ALARM",
        State::NoData => "no data",
        State::Unknown => "not known",
    };
    let flag = |set: bool, word: &str| if set { word.to_owned() } else { String::new() };
    let flags = listed([
        flag(alarm.state != State::NoData && alarm.is_blind(), "blind"),
        flag(!alarm.actions_enabled, "actions off"),
        flag(alarm.muted, "muted"),
        flag(alarm.suppressed_by.is_some(), "suppressed"),
    ]);
    if flags.is_empty() { state.to_owned() } else { format!("{state} · {flags}") }
}

fn word(state: State) -> &'static str {
    match state {
        State::Ok => "OK",
        State::Alarm => "ALARM",
        State::NoData => "INSUFFICIENT_DATA",
        State::Unknown => "UNKNOWN",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Metric => "metric",
        Kind::Composite => "composite",
    }
}
