//! Tests of `update`: shared set-up and the general rules.
//! A small fleet to update: two systems, four environments, two signals.

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::layout::Size;

use super::update;
use crate::app::keymap::parse_key;
use crate::app::{App, Effect, Keymap, Message, Settings, SignalInfo};
use crate::base::Text;
use crate::model::{EnvId, Environment, Fault, FaultKind, Reading, Resource, Severity, SignalId, Tier};
use crate::poll::PollEvent;

mod compare;
mod eyes;
mod form;
mod keys;
mod mouse;
mod past;
mod poll;
mod resource;
mod screens;
mod storm;

const ALARMS: SignalId = SignalId("alarms");
const LAMBDA: SignalId = SignalId("lambda-errors");
const START: i64 = 1_800_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

fn environment(id: usize, system: &str, name: &str, tier: Tier) -> Environment {
    Environment {
        id: EnvId(id),
        system: system.into(),
        name: name.into(),
        tier,
        region: "us-east-1".into(),
        account: None,
        profile: None,
        read_only: false,
    }
}

fn settings() -> Settings {
    let signal = |id: SignalId, title: &str| SignalInfo { id, title: title.into(), always: false };
    Settings {
        signals: vec![signal(ALARMS, "Alarms"), signal(LAMBDA, "Lambda errors")],
        environments: vec![
            environment(0, "payments", "dev", Tier::Development),
            environment(1, "payments", "staging", Tier::Staging),
            environment(2, "payments", "prod", Tier::Production),
            environment(4, "wallet", "prod", Tier::Production),
        ],
        now: at(0),
        size: Size::new(120, 40),
        themes: vec!["dark".into(), "light".into()],
        theme: "dark".into(),
        ascii: false,
        bell: true,
        drill: None,
        config_problems: 0,
        keymap: Keymap::default(),
    }
}

fn resource(name: &str, severity: Severity) -> Resource {
    Resource {
        name: name.into(),
        logical_name: name.into(),
        arn: Text::new(format!("arn:aws:lambda:us-east-1:111122223333:function:{name}")),
        severity,
        reason: "because".into(),
        ..Resource::default()
    }
}

fn reading(resources: Vec<Resource>) -> Reading {
    let severity = resources.iter().map(|resource| resource.severity).max().unwrap_or_default();
    Reading { severity, headline: "8.4 %".into(), resources, ..Reading::default() }
}

fn simple(severity: Severity) -> Reading {
    reading(vec![resource("processing", severity)])
}

fn polled(event: PollEvent) -> Message {
    Message::Poll(event)
}

fn report(env: usize, signal: SignalId, outcome: Result<Reading, Fault>, second: i64) -> Message {
    polled(PollEvent::Reading { env: EnvId(env), signal, outcome: outcome.map(Box::new), at: at(second), every_s: 60 })
}

fn fault(kind: FaultKind) -> Fault {
    Fault::new(kind, "GetMetricData", "no")
}

/// A live wall: everything is fine but payments/staging (alarms warning) and payments/prod (lambda critical).
fn live() -> App {
    let mut app = App::new(settings());
    for env in [0, 1, 2, 4] {
        for signal in [ALARMS, LAMBDA] {
            let severity = match (env, signal) {
                (1, ALARMS) => Severity::Warning,
                (2, LAMBDA) => Severity::Critical,
                _ => Severity::Ok,
            };
            let resources = vec![resource("processing", severity), resource("validation", Severity::Ok)];
            update(&mut app, report(env, signal, Ok(reading(resources)), 0));
        }
    }
    app.settle();
    app
}

/// Presses keys, in the configuration's notation; the effects of all of them.
fn press(app: &mut App, keys: &[&str]) -> Vec<Effect> {
    keys.iter().flat_map(|key| update(app, Message::Key(KeyEvent::from(parse_key(key).unwrap())))).collect()
}

fn selected(app: &App) -> (String, Option<SignalId>) {
    let selected = app.selected().expect("something is selected");
    (selected.state.label(), selected.signal_id(app))
}
