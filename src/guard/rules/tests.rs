//! Every guard: what it refuses, what it says, how it is overridden; and that nothing gets past them.
use jiff::{Timestamp, ToSpan};

use crate::guard::{Given, Policy, Situation, Verdict, authorise, confirm, testing};
use crate::model::plan::Capacity;
use crate::model::record::Overridden;
use crate::model::{Difference, Facts, Identity, Plan, Risk, Target, TargetKind, Values};

mod approvals;
mod capacity;
mod leave;
mod staleness;
mod table;
mod words;

const NOTHING: &str = "Nothing was sent.";

fn then() -> Timestamp {
    "2026-11-21T03:04:10Z".parse().unwrap()
}

/// Scales `payment-api` in production from 9 to 8 tasks.
fn plan() -> Plan {
    let target = Target {
        environment: "payments/prod".into(),
        account: "111122223333".into(),
        region: "us-east-1".into(),
        kind: TargetKind::EcsService,
        name: "payment-api".into(),
        arn: "arn:aws:ecs:us-east-1:111122223333:service/payments/payment-api".into(),
    };
    Plan {
        action: "ecs.scale".into(),
        target,
        params: Values::from([("desired".to_owned(), 8_i64.into())]),
        differences: vec![Difference {
            field: "desired count".into(),
            before: 9_i64.into(),
            after: 8_i64.into(),
            unit: "tasks".into(),
        }],
        observed: Values::from([("desired".to_owned(), 9_i64.into()), ("running".to_owned(), 9_i64.into())]),
        decisive: vec!["desired".to_owned()],
        operation: "ecs:UpdateService".into(),
        request: Values::from([("desiredCount".to_owned(), 8_i64.into())]),
        touches: Vec::new(),
        value: "8".into(),
        facts: Facts { capacity: vec![capacity(9, 8)], ..Facts::default() },
        undo: None,
        owed: None,
        read_at: then(),
    }
}

fn capacity(before: i64, after: i64) -> Capacity {
    Capacity { before, after, healthy: Some(9), unit: "tasks".into(), least: None, most: None }
}

fn policy() -> Policy {
    Policy::new("ecs-scale", Risk::High)
}

fn given(plan: &Plan, situation: &Situation, policy: &Policy) -> Given {
    Given { typed: confirm::phrase_for(plan, situation, policy.risk), ..Given::default() }
}

fn over(rule: &str, reason: &str) -> Overridden {
    Overridden { rule: rule.into(), reason: reason.into() }
}

/// Everything that stands between the plan and its send; all else is in order.
fn refusals(plan: &Plan, again: &Plan, policy: &Policy, situation: &Situation, given: &Given) -> Vec<Verdict> {
    let leave = authorise(plan, &Ok(again.clone()), policy, situation, given, Some(situation.now));
    leave.map_or_else(|refusals| refusals, |_| Vec::new())
}

fn rules(refusals: &[Verdict]) -> Vec<&str> {
    refusals.iter().map(|refusal| refusal.rule.as_str()).collect()
}

fn identity(role: &str, session: &str) -> Identity {
    let arn = format!("arn:aws:sts::111122223333:assumed-role/{role}/{session}");
    Identity { account: "111122223333".into(), arn: arn.into() }
}

fn later(seconds: i64) -> Timestamp {
    then() + seconds.seconds()
}

fn situation() -> Situation {
    testing::content(&plan())
}
