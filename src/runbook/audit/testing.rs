//! Records for tests.
use jiff::{Timestamp, ToSpan};

use crate::base::Text;
use crate::model::plan::{Facts, Owed, Revision};
use crate::model::record::{Ending, Overridden};
use crate::model::{
    Difference, Entry, Fault, FaultKind, Observation, Plan, Record, Sent, Standing, Target, TargetKind, Undo, Value,
    Values,
};
use crate::runbook::audit::{Author, Files, Ledger, Log};

pub(crate) fn at() -> Timestamp {
    "2026-11-21T03:04:05Z".parse().unwrap()
}

pub(crate) fn author() -> Author {
    Author {
        principal: "arn:aws:sts::111122223333:assumed-role/op/me".into(),
        operator: "me@desk".into(),
        console: "desk-1".into(),
    }
}

pub(crate) fn armed() -> Entry {
    Entry::Armed { environment: "payments/prod".into(), until: at() + 15.minutes() }
}

pub(crate) fn record(seq: u64, previous: &str, entry: Entry) -> Record {
    let Author { principal, operator, console } = author();
    let (previous, hash) = (previous.to_owned(), String::new());
    Record { seq, at: at(), principal, operator, console, drill: false, entry, previous, hash }
}

/// A roll-back of a service, with every kind of value in it.
pub(crate) fn plan() -> Plan {
    let values = |pairs: &[(&str, Value)]| -> Values {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    };
    Plan {
        action: "ecs.rollback".into(),
        target: Target {
            environment: "payments/prod".into(),
            account: "111122223333".into(),
            region: "us-east-1".into(),
            kind: TargetKind::EcsService,
            name: "payment-api".into(),
            arn: "arn:aws:ecs:us-east-1:111122223333:service/payments-prod/payment-api".into(),
        },
        params: values(&[("to", "payment-api:41".into()), ("share", Value::Number(5.0)), ("note", Value::None)]),
        differences: vec![Difference {
            field: "task definition".into(),
            before: "payment-api:42".into(),
            after: "payment-api:41".into(),
            unit: Text::default(),
        }],
        observed: values(&[("desired", 6.into()), ("current", "payment-api:42".into()), ("moving", false.into())]),
        decisive: vec!["current".to_owned()],
        operation: "ecs:UpdateService".into(),
        request: values(&[("taskDefinition", "payment-api:41".into()), ("list", vec![1, 2].into())]),
        touches: vec!["starts up to 6 new tasks".into()],
        value: "payment-api:41".into(),
        facts: Facts {
            revision: Some(Revision {
                to: "payment-api:41".into(),
                current: "payment-api:42".into(),
                usable: true,
                status: "ACTIVE".into(),
                same_family: true,
            }),
            is_rollback: true,
            ..Facts::default()
        },
        undo: Some(Undo { action: "ecs.rollback".into(), params: values(&[("to", "payment-api:42".into())]) }),
        owed: Some(Owed { says: "somebody must look".into(), ends: None }),
        read_at: at(),
    }
}

pub(crate) fn intent(run: &str) -> Entry {
    Entry::Intent {
        run: run.into(),
        runbook: "ecs-rollback".into(),
        step: "apply".into(),
        plan: Box::new(plan()),
        digest: crate::guard::digest::digest(&plan()).into(),
        overridden: vec![Overridden { rule: "in-flight/payment-api".into(), reason: "it hangs".into() }],
        reason: "5xx since the deployment".into(),
        approved_by: vec!["arn:aws:sts::111122223333:assumed-role/op/you".into()],
    }
}

pub(crate) fn outcome(run: &str, sent: Sent) -> Entry {
    Entry::Outcome { run: run.into(), step: "apply".into(), sent }
}

pub(crate) fn accepted() -> Sent {
    Sent::Accepted { receipt: Values::from([("deployment_id".to_owned(), "ecs-svc/123".into())]) }
}

pub(crate) fn fault() -> Fault {
    Fault::new(FaultKind::Timeout, "UpdateService", "no answer in time").with_remedy("look")
}

pub(crate) fn owed(run: &str, ends: Option<Timestamp>) -> Entry {
    Entry::Owed {
        run: run.into(),
        environment: "payments/prod".into(),
        says: "minimum raised from 6 to 20".into(),
        undo: plan().undo,
        arn: plan().target.arn,
        ends,
    }
}

pub(crate) fn closed(run: &str, ending: Ending) -> Entry {
    Entry::Closed { run: run.into(), ending, says: "revision 41 runs".into() }
}

/// One of each kind.
pub(crate) fn every_kind() -> Vec<Entry> {
    let observation =
        Observation { standing: Standing::Done, says: "12 of 12".into(), values: plan().observed, at: at() };
    vec![
        armed(),
        Entry::Disarmed { environment: "payments/prod".into(), why: "time is up".into() },
        Entry::Refused {
            run: "r1".into(),
            runbook: "ecs-rollback".into(),
            plan: Some(Box::new(plan())),
            says: vec!["REFUSED floor".into()],
        },
        Entry::Refused { run: "r1".into(), runbook: "x".into(), plan: None, says: Vec::new() },
        intent("r1"),
        outcome("r1", accepted()),
        outcome("r1", Sent::Rejected { fault: fault() }),
        outcome("r1", Sent::Unknown { fault: fault() }),
        Entry::Observed { run: "r1".into(), observation },
        Entry::Resolved {
            run: "r1".into(),
            step: "apply".into(),
            applied: true,
            by_person: false,
            says: "41 runs".into(),
        },
        closed("r1", Ending::Verified),
        owed("r1", Some(at())),
        Entry::Settled { run: "r1".into(), says: "run r2".into() },
        Entry::TakenOver { arn: "arn:aws:x".into(), from: "you@desk".into(), reason: "gone home".into() },
        Entry::Approved { digest: "ab".into(), by: "arn:aws:y".into() },
        Entry::Rotated { from: "audit-000001.jsonl".into() },
        Entry::Torn { bytes: 3, sha256: "cd".into() },
        Entry::SetAside { folder: "audit-broken-1".into(), says: "record 3 was changed".into(), reason: "why".into() },
        Entry::Irregular { says: "the end was missing".into() },
    ]
}

/// A log in a folder, and `count` records in it.
pub(crate) fn log_with(folder: &std::path::Path, count: usize) -> Log {
    let log = Log::open(Files::new(folder, Ledger::Real));
    for index in 0..count {
        let entry = if index % 3 == 1 { intent(&format!("r{index}")) } else { armed() };
        log.append(entry, &author(), at()).unwrap();
    }
    log
}

/// All records of a log.
pub(crate) fn read_all(log: &Log) -> Vec<Record> {
    let mut all = Vec::new();
    crate::runbook::audit::Reader::open(log.files().clone()).read(|record| all.push(record.clone())).unwrap();
    all
}
