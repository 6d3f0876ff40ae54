//! Tests of `testing`.
//! Offers, runs and records for the screens of changes: payments/prod, whose new payment-processing fails.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::estate::{now, payments};
use crate::actions::Choice;
use crate::app::{App, Message, update_all};
use crate::base::Text;
use crate::config::runbook::Template;
use crate::config::runbook::predicate::parse;
use crate::guard::testing::content;
use crate::guard::{LockState, Policy, Situation};
use crate::model::plan::{Facts, Obstacle, Owed, Revision};
use crate::model::record::Ending;
use crate::model::{
    Difference, EnvId, Fault, FaultKind, Identity, Observation, Plan, Risk, Sent, Severity, SignalId, Standing, Target,
    TargetKind, Undo, Value, Values,
};
use crate::runbook::arming::Armed;
use crate::runbook::audit::{Obligation, Open};
use crate::runbook::desk::{Answer, Offer, OfferParam, Offered, Standings};
use crate::runbook::machine::{Check, Course, Does, Event, OnFailure, Recovery, Requirement, Run, Step, begin, step};

/// Production.
pub const PROD: EnvId = EnvId(2);

/// The estate with environments that may be armed.
pub fn console() -> App {
    let mut app = payments();
    for state in &mut app.fleet.environments {
        state.environment.read_only = false;
    }
    app
}

pub fn told(app: &mut App, answer: Answer) {
    let _ = update_all(app, [Message::Changed(Box::new(answer))]);
}

pub fn ago(seconds: i64) -> Timestamp {
    now().checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

pub fn armed(app: &mut App, env: EnvId) {
    let identity = Identity {
        account: "111122223332".into(),
        arn: "arn:aws:sts::111122223332:assumed-role/payments-operator/anna".into(),
    };
    let until = now().checked_add(SignedDuration::from_secs(872)).unwrap();
    told(app, Answer::Armed { env, outcome: Ok(Armed { identity, until, since: now() }) });
}

pub fn target(name: &str) -> Target {
    Target {
        environment: "payments/prod".into(),
        account: "111122223332".into(),
        region: "us-east-1".into(),
        kind: TargetKind::LambdaFunction,
        name: name.into(),
        arn: Text::new(format!("arn:aws:lambda:us-east-1:111122223332:function:{name}:live")),
    }
}

fn values(pairs: &[(&str, Value)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn difference(field: &str, before: Value, after: Value, unit: &str) -> Difference {
    Difference { field: field.into(), before, after, unit: unit.into() }
}

pub fn plan(name: &str) -> Plan {
    Plan {
        action: "lambda.alias_rollback".into(),
        target: target(name),
        params: values(&[("to", 42.into())]),
        differences: vec![
            difference("version of live", 43.into(), 42.into(), ""),
            difference("weight of the new version", 10.into(), 100.into(), "%"),
            difference("code", "sha256:9f86d081".into(), "sha256:2c26b46b".into(), ""),
        ],
        observed: values(&[("current", 43.into()), ("errors", 8.4.into())]),
        decisive: vec!["current".to_owned()],
        operation: "lambda:UpdateAlias".into(),
        request: values(&[("function_version", 42.into()), ("revision_id", "b3f1".into())]),
        touches: vec!["every caller of the alias live gets version 42 with its next request".into()],
        value: "42".into(),
        facts: Facts {
            revision: Some(Revision {
                to: "42".into(),
                current: "43".into(),
                usable: true,
                status: "Active".into(),
                same_family: true,
            }),
            is_rollback: true,
            ..Facts::default()
        },
        undo: Some(Undo { action: "lambda.alias_rollback".into(), params: values(&[("to", 43.into())]) }),
        owed: Some(Owed { says: "version 43 waits to be published again".into(), ends: None }),
        read_at: ago(4),
    }
}

pub fn course(risk: Risk) -> Course {
    Course {
        runbook: "lambda-alias-rollback".into(),
        title: "Roll a Lambda alias back to an earlier version".into(),
        action: "lambda.alias_rollback".into(),
        policy: Policy::new("lambda-alias-rollback", risk),
        deadline_s: 1200,
        require: Vec::new(),
        steps: vec![
            Step {
                id: "read".into(),
                does: Does::Confirm(
                    Template::parse("Rolling back code does not roll back a schema. Is {{to}} safe with today's?")
                        .unwrap(),
                ),
                timeout_s: None,
            },
            Step { id: "apply".into(), does: Does::Send(Values::new()), timeout_s: None },
            Step { id: "wait".into(), does: Does::Until(parse("current == 42").unwrap()), timeout_s: Some(300) },
        ],
        verify: vec![
            Check::That(parse("current == to").unwrap()),
            Check::Signal { signal: SignalId("alarms"), is: Severity::Ok, within_s: 600 },
        ],
        undo: None,
        on_failure: OnFailure::Stop,
    }
}

/// A run and what happens to it.
pub struct Hand {
    pub run: Run,
    pub at: Timestamp,
}

impl Hand {
    pub fn new(course: Course, name: &str) -> Self {
        let mut run = Run::new("r-1".into(), Arc::new(course), target(name), Values::new(), ago(100));
        run.began = ago(4);
        let _ = begin(&run);
        Self { run, at: ago(4) }
    }

    pub fn tell(&mut self, event: Event) -> &mut Self {
        let _ = step(&mut self.run, event, self.at);
        self
    }

    pub fn situation(&self, plan: &Plan) -> Situation {
        let mut situation = Situation { now: self.at, lock: LockState::Free, ..content(plan) };
        situation.environment.name = "prod".into();
        situation.armed_until = self.at.checked_add(SignedDuration::from_secs(600)).ok();
        situation
    }

    pub fn planned(&mut self, plan: Plan) -> &mut Self {
        let situation = self.situation(&plan);
        self.tell(Event::Planned { plan: Ok(Box::new(plan)), situation: Box::new(situation) })
    }

    pub fn answered(&mut self) -> &mut Self {
        self.tell(Event::Answered("read".into()))
    }

    /// Everything up to the answer of AWS.
    pub fn sent(&mut self, name: &str, sent: Sent) -> &mut Self {
        let plan = Plan { read_at: self.at, ..plan(name) };
        let phrase = crate::guard::confirm::phrase_for(&plan, &self.situation(&plan), self.run.course.policy.risk);
        self.planned(plan.clone()).answered();
        self.tell(Event::Confirmed { typed: phrase, reason: "the page says so".into() });
        self.tell(Event::Locked(LockState::Ours));
        self.tell(Event::IntentWritten(Ok(self.at)));
        let situation = Situation { lock: LockState::Ours, ..self.situation(&plan) };
        self.tell(Event::Reread { plan: Ok(Box::new(plan)), situation: Box::new(situation) });
        self.tell(Event::Sent(sent))
    }

    pub fn observed(&mut self, seconds_ago: i64, standing: Standing, says: &str) -> &mut Self {
        self.at = ago(seconds_ago);
        let done = standing == Standing::Done;
        let values = values(&[("current", if done { 42 } else { 43 }.into()), ("to", 42.into())]);
        let seen = Observation { standing, says: says.into(), values, at: self.at };
        self.tell(Event::Observed(Ok(Box::new(seen))))
    }

    pub fn show(&self, app: &mut App) {
        app.run.starting = Some(crate::app::screens::guarded::Starting { title: "x".into(), since: now() });
        told(app, Answer::Run { env: PROD, run: Arc::new(self.run.clone()) });
        crate::app::update::guarded::run::open(app, &"r-1".into());
    }
}

pub fn accepted() -> Sent {
    Sent::Accepted { receipt: values(&[("revision_id", "b3f2".into())]) }
}

pub fn cut() -> Sent {
    Sent::Unknown { fault: Fault::new(FaultKind::Timeout, "UpdateAlias", "no answer within 10 s") }
}

pub fn ready(risk: Risk) -> Hand {
    let mut hand = Hand::new(course(risk), "payment-processing");
    hand.planned(plan("payment-processing")).answered();
    hand
}

pub fn refused() -> Hand {
    let mut course = course(Risk::Critical);
    course.require.push(Requirement {
        that: parse("errors < 5").unwrap(),
        says: Some(Template::parse("errors are below 5 %").unwrap()),
        else_offer: Some("lambda-concurrency".into()),
    });
    let mut hand = Hand::new(course, "payment-processing");
    let mut plan = plan("payment-processing");
    plan.facts.obstacle =
        Some(Obstacle { says: "a weighted shift 42 → 43 is under way since 03:04Z".into(), offer: None });
    let mut situation = hand.situation(&plan);
    situation.armed_until = None;
    situation.freeze = crate::guard::Freeze::On {
        says: "end of month".into(),
        until: now().checked_add(SignedDuration::from_secs(7200)).unwrap(),
    };
    plan.facts.is_rollback = false;
    hand.tell(Event::Planned { plan: Ok(Box::new(plan)), situation: Box::new(situation) });
    hand
}

pub fn verifying() -> Hand {
    let mut hand = Hand::new(course(Risk::High), "payment-processing");
    hand.at = ago(90);
    hand.run.began = ago(95);
    hand.sent("payment-processing", accepted());
    hand.observed(80, Standing::Underway, "live points to 42, 3 of 10 requests still reach 43");
    hand.observed(40, Standing::Done, "live points to 42, every request reaches it");
    hand.tell(Event::SignalRead {
        check: 1,
        read: Ok((Recovery::NotYet, "payments-prod-api-5xx is in ALARM".into(), ago(20))),
    });
    hand
}

pub fn choice(label: &str, says: &str, at: i64) -> Choice {
    Choice {
        value: label.into(),
        label: label.into(),
        says: says.into(),
        at: Some(ago(at)),
        current: false,
        last_completed: false,
        unusable: Text::default(),
    }
}

fn param(name: &str, kind: &str, help: &str) -> OfferParam {
    OfferParam {
        name: name.into(),
        help: help.into(),
        kind: kind.into(),
        required: true,
        default: Value::None,
        min: Value::None,
        max: Value::None,
        choices: Vec::new(),
    }
}

pub fn offer(runbook: &str, title: &str, risk: Risk, why_not: Option<&str>) -> Offer {
    let action = runbook.replacen('-', ".", 1).replace('-', "_");
    Offer {
        runbook: runbook.into(),
        title: title.into(),
        action: action.into(),
        risk,
        targets: if why_not.is_none() { vec![target("payment-processing")] } else { Vec::new() },
        params: Vec::new(),
        why_not: why_not.map(Text::from),
        reads_only: false,
        untrusted: false,
    }
}

pub fn offered() -> Offered {
    let mut rollback =
        offer("lambda-alias-rollback", "Roll a Lambda alias back to an earlier version", Risk::High, None);
    let mut to = param("to", "version", "the version that the alias shall point to");
    to.choices = vec![
        Choice { current: true, ..choice("43", "sha256:9f86d081  published by deploy-bot", 500) },
        Choice { last_completed: true, ..choice("42", "sha256:2c26b46b  published by anna", 90_000) },
        Choice { unusable: "AWS has deleted it".into(), ..choice("41", "", 180_000) },
        choice("40", "sha256:fcde2b2e  published by deploy-bot", 270_000),
    ];
    let mut hold = param("hold", "duration", "how long 10 % of the requests go there first");
    (hold.required, hold.default) = (false, "2m".into());
    (hold.min, hold.max) = (30.0.into(), 1800.0.into());
    rollback.params = vec![to, hold];
    let mut concurrency = offer("lambda-concurrency", "Reserve concurrency of a Lambda function", Risk::Critical, None);
    let mut reserved = param("reserved", "count", "reserved concurrency, in executions at once");
    (reserved.min, reserved.max) = (10.0.into(), 500.0.into());
    concurrency.params = vec![reserved];
    let mut own = offer("our-drain", "Drain the queue by hand", Risk::Low, None);
    own.untrusted = true;
    let mut several = offer("lambda-diagnose", "Why requests fail", Risk::Low, None);
    several.reads_only = true;
    several.targets.push(target("payment-processing-canary"));
    Offered {
        offers: vec![
            rollback,
            concurrency,
            own,
            several,
            offer("ecs-rollback", "Roll an ECS service back", Risk::High, Some("is for an ecs-service")),
            offer("aurora-failover", "Fail over", Risk::Critical, Some("is for an rds-cluster")),
        ],
        problems: vec![
            "~/.config/watchfloor/runbooks/night.toml:7:3: unknown field `stpes`; did you mean `steps`?".into(),
        ],
    }
}

pub fn standings() -> Standings {
    let open = Open {
        run: "r-0".into(),
        runbook: "ecs-rollback".into(),
        step: "apply".into(),
        plan: Box::new(plan("payment-notification")),
        digest: "ab".into(),
        at: ago(1800),
        principal: "arn:aws:sts::111122223332:assumed-role/payments-operator/ben".into(),
        operator: "ben@jump-1".into(),
        console: "jump-1-77".into(),
        fault: None,
    };
    let owed = Obligation {
        run: "r-00".into(),
        environment: "payments/prod".into(),
        says: "minimum of worker raised from 6 to 20".into(),
        undo: Some(Undo { action: "ecs.scale".into(), params: Values::new() }),
        arn: "arn:aws:ecs:us-east-1:111122223332:service/payments/worker".into(),
        since: ago(9_000),
        operator: "anna@desk".into(),
        ends: None,
    };
    let entries = [
        ("r-00", "ecs-scale", "worker", "desired count 6 → 20 tasks", Some(Ending::Verified)),
        ("r-01", "lambda-alias-rollback", "payment-validation", "version of live 12 → 11", Some(Ending::Failed)),
        ("r-02", "aurora-failover", "payments", "writer payments-1 → payments-2", Some(Ending::NotSent)),
    ];
    let runs = entries.iter().map(summary).collect();
    Standings {
        unresolved: vec![(open, Some("live points to 43, unchanged".into()))],
        owed: vec![owed],
        runs,
        changes: Vec::new(),
        broken: None,
    }
}

type Entry<'a> = (&'a str, &'a str, &'a str, &'a str, Option<Ending>);

fn summary(entry: &Entry<'_>) -> crate::runbook::audit::Run {
    use crate::runbook::audit::testing::record;
    let (run, runbook, name, change, ending) = *entry;
    let intent = crate::model::Entry::Intent {
        run: run.into(),
        runbook: runbook.into(),
        step: "apply".into(),
        plan: Box::new(plan(name)),
        digest: "ab".into(),
        overridden: Vec::new(),
        reason: "the page says so".into(),
        approved_by: Vec::new(),
    };
    let sent = crate::model::Entry::Outcome { run: run.into(), step: "apply".into(), sent: accepted() };
    let closed = crate::model::Entry::Closed {
        run: run.into(),
        ending: ending.unwrap_or(Ending::Stopped),
        says: "as told".into(),
    };
    let records = [record(1, "", intent), record(2, "", sent), record(3, "", closed)];
    let mut told = crate::runbook::audit::runs(&records).remove(0);
    told.change = change.into();
    (told.began, told.last) = (ago(9_000), ago(8_000));
    told.operator = "anna@desk".into();
    told
}
