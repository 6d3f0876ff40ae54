//! A run in the hands of a test: events in, the names of the effects out.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::config::runbook::predicate::parse;
use crate::guard::testing::content;
use crate::guard::{LockState, Policy, Situation};
use crate::model::plan::{Facts, Owed};
use crate::model::{
    Difference, Entry, Fault, FaultKind, Observation, Plan, Risk, Sent, Severity, SignalId, Standing, Target,
    TargetKind, Undo, Value, Values,
};
use crate::runbook::machine::{Check, Course, Does, Effect, Event, OnFailure, Phase, Recovery, Run, Step, begin, step};

pub(super) const ALARMS: SignalId = SignalId("alarms");

pub(super) fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

pub(super) fn plan(at: Timestamp) -> Plan {
    Plan {
        action: "ecs.rollback".into(),
        target: target(),
        params: Values::from([("to".to_owned(), "shop:41".into())]),
        differences: vec![Difference {
            field: "task definition".into(),
            before: "shop:42".into(),
            after: "shop:41".into(),
            unit: "".into(),
        }],
        observed: Values::from([
            ("current".to_owned(), "shop:42".into()),
            ("deployment_in_progress".to_owned(), false.into()),
        ]),
        decisive: vec!["current".to_owned(), "deployment_in_progress".to_owned()],
        operation: "ecs:UpdateService".into(),
        request: Values::from([("task_definition".to_owned(), "shop:41".into())]),
        touches: Vec::new(),
        value: "shop:41".into(),
        facts: Facts { is_rollback: true, ..Facts::default() },
        undo: Some(Undo { action: "ecs.rollback".into(), params: Values::from([("to".to_owned(), "shop:42".into())]) }),
        owed: Some(Owed { says: "somebody must bring it back".into(), ends: None }),
        read_at: at,
    }
}

pub(super) fn target() -> Target {
    Target {
        environment: "shop/prod".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        kind: TargetKind::EcsService,
        name: "shop".into(),
        arn: "arn:aws:ecs:eu-west-1:111122223333:service/shop/shop".into(),
    }
}

pub(super) fn course() -> Course {
    Course {
        runbook: "ecs-rollback".into(),
        title: "Roll back".into(),
        action: "ecs.rollback".into(),
        policy: Policy::new("ecs-rollback", Risk::High),
        deadline_s: 1200,
        require: Vec::new(),
        steps: vec![
            Step {
                id: "read".into(),
                does: Does::Confirm(crate::config::runbook::Template::parse("Is it safe?").unwrap()),
                timeout_s: None,
            },
            Step { id: "apply".into(), does: Does::Send(Values::new()), timeout_s: None },
            Step { id: "wait".into(), does: Does::Until(parse("state == COMPLETED").unwrap()), timeout_s: Some(900) },
        ],
        verify: vec![
            Check::That(parse("running == desired").unwrap()),
            Check::Signal { signal: ALARMS, is: Severity::Ok, within_s: 600 },
        ],
        undo: None,
        on_failure: OnFailure::Stop,
    }
}

/// A run and its clock. Leave to send is dropped: what counts is that it was given.
pub(super) struct Hand {
    pub run: Run,
    pub now: Timestamp,
    /// Names of all effects so far.
    pub asked: Vec<String>,
    /// All entries so far.
    pub entries: Vec<Entry>,
}

impl Hand {
    pub fn new() -> Self {
        Self::of(course())
    }

    pub fn of(course: Course) -> Self {
        let run = Run::new("r-1".into(), Arc::new(course), target(), Values::new(), noon());
        let mut hand = Self { run, now: noon(), asked: Vec::new(), entries: Vec::new() };
        let first = begin(&hand.run);
        hand.note(first);
        hand
    }

    pub fn tell(&mut self, event: Event) -> Vec<String> {
        let effects = step(&mut self.run, event, self.now);
        self.note(effects)
    }

    fn note(&mut self, effects: Vec<Effect>) -> Vec<String> {
        let names: Vec<String> = effects.iter().map(name).collect();
        for effect in effects {
            if let Effect::Write(entry) | Effect::WriteIntent(entry) = effect {
                self.entries.push(*entry);
            }
        }
        self.asked.extend(names.clone());
        names
    }

    pub fn later(&mut self, seconds: i64) {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    pub fn situation(&self) -> Situation {
        Situation { now: self.now, lock: LockState::Free, ..content(&plan(self.now)) }
    }

    pub fn planned(&mut self) -> Vec<String> {
        let event = Event::Planned { plan: Ok(Box::new(plan(self.now))), situation: Box::new(self.situation()) };
        self.tell(event)
    }

    pub fn confirmed(&mut self) -> Vec<String> {
        self.tell(Event::Answered("read".into()));
        self.tell(Event::Confirmed { typed: "prod shop shop:41".into(), reason: "".into() })
    }

    pub fn reread(&mut self) -> Vec<String> {
        let situation = Situation { lock: LockState::Ours, ..self.situation() };
        let event = Event::Reread { plan: Ok(Box::new(plan(self.now))), situation: Box::new(situation) };
        self.tell(event)
    }

    /// Up to the send, which has been asked for.
    pub fn sending(&mut self) {
        self.planned();
        self.confirmed();
        self.tell(Event::Locked(LockState::Ours));
        self.tell(Event::IntentWritten(Ok(self.now)));
        self.reread();
        assert_eq!(self.run.phase, Phase::Sending);
    }

    pub fn accepted(&mut self) -> Vec<String> {
        let receipt = Values::from([("deployment_id".to_owned(), Value::from("ecs-svc/1"))]);
        self.tell(Event::Sent(Sent::Accepted { receipt }))
    }

    pub fn observed(&mut self, standing: Standing, values: &[(&str, Value)]) -> Vec<String> {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let says = format!("{} {values:?}", standing.word()).into();
        self.tell(Event::Observed(Ok(Box::new(Observation { standing, says, values, at: self.now }))))
    }

    pub fn alarms(&mut self, recovery: Recovery) -> Vec<String> {
        self.tell(Event::SignalRead { check: 1, read: Ok((recovery, "alarms".into(), self.now)) })
    }

    pub fn sends(&self) -> usize {
        self.asked.iter().filter(|name| *name == "send").count()
    }
}

pub(super) fn fault(kind: FaultKind) -> Fault {
    Fault::new(kind, "UpdateService", "said AWS")
}

pub(super) fn name(effect: &Effect) -> String {
    match effect {
        Effect::Plan(_) => "plan".to_owned(),
        Effect::Reread(_) => "reread".to_owned(),
        Effect::Lock => "lock".to_owned(),
        Effect::Unlock => "unlock".to_owned(),
        Effect::WriteIntent(_) => "intent".to_owned(),
        Effect::Write(entry) => format!("write {}", kind(entry)),
        Effect::Send(_) => "send".to_owned(),
        Effect::Observe { receipt, .. } => format!("observe{}", if receipt.is_some() { "" } else { " blind" }),
        Effect::ReadSignal { signal, .. } => format!("read {signal}"),
    }
}

fn kind(entry: &Entry) -> String {
    let json = serde_json::to_value(entry).unwrap();
    json["kind"].as_str().unwrap().to_owned()
}
