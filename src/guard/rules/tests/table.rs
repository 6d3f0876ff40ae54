//! A row for each refusal: what brings it about, its words, and whether naming it with or without a reason helps.

use jiff::ToSpan;

use super::{NOTHING, given, identity, later, over, plan, policy, refusals, situation, then};
use crate::guard::{Approvals, Freeze, Given, Guard, LockState, Override, Policy, Situation, Trust};
use crate::model::plan::{Mute, Obstacle, Owner, Revision};
use crate::model::{Fault, FaultKind, Identity, Plan, Risk, Tier};

type Break = fn(&mut Plan, &mut Policy, &mut Situation);

/// Rule, how it can be overridden, what it says, and what brings it about.
const REFUSALS: &[(&str, Override, &str, Break)] = &[
    ("identity", Override::Never, "not known: GetCallerIdentity: expired: gone", |_, _, situation| {
        situation.identity = Err(Fault::new(FaultKind::Expired, "GetCallerIdentity", "gone"));
    }),
    ("identity/account", Override::Never, "account 999999999999, the configuration says 111122223333", |_, _, s| {
        s.identity = Ok(Identity { account: "999999999999".into(), ..identity("op", "me") });
    }),
    ("identity/account", Override::Never, "account 111122223333, the target is in 999999999999", |plan, _, s| {
        plan.target.account = "999999999999".into();
        plan.target.arn = "arn:aws:ecs:us-east-1::service/payments/payment-api".into();
        s.environment.account = None;
    }),
    (
        "identity/principal",
        Override::PlanAgain,
        "arn:aws:sts::111122223333:assumed-role/op/me now, the plan was made as \
         arn:aws:sts::111122223333:assumed-role/op/you",
        |_, _, situation| situation.planned_as = Some(identity("op", "you")),
    ),
    ("identity/principal", Override::PlanAgain, "who made the plan is not known", |_, _, s| s.planned_as = None),
    ("target/count", Override::Never, "0 targets, runbook maximum 1", |_, _, situation| situation.targets = 0),
    ("target/count", Override::Never, "2 targets, runbook maximum 1", |_, _, situation| situation.targets = 2),
    (
        "target/environment",
        Override::Never,
        "payments/staging in us-east-1, asked for payments/prod in us-east-1",
        |plan, _, _| plan.target.environment = "payments/staging".into(),
    ),
    (
        "target/environment",
        Override::Never,
        "payments/prod in us-east-1, asked for payments/prod in eu-west-1",
        |_, _, situation| situation.environment.region = "eu-west-1".into(),
    ),
    ("target/arn", Override::Never, "no ARN is known of payment-api", |plan, _, _| plan.target.arn = "".into()),
    (
        "target/arn",
        Override::Never,
        "arn:aws:ecs:us-east-1:111122223333:service/* names no single resource",
        |p, _, _| {
            p.target.arn = "arn:aws:ecs:us-east-1:111122223333:service/*".into();
        },
    ),
    (
        "target/arn",
        Override::Never,
        "arn:aws:ecs:eu-west-1:111122223333:service/a/b is not in us-east-1 of account 111122223333",
        |plan, _, _| plan.target.arn = "arn:aws:ecs:eu-west-1:111122223333:service/a/b".into(),
    ),
    ("target/impossible", Override::Never, "nothing would change", |plan, _, _| {
        plan.facts.impossible = Some("nothing would change".into());
    }),
    ("staleness/payment-api", Override::PlanAgain, "the plan is 121 s old, allowed are 120 s", |_, _, situation| {
        situation.now = later(121);
    }),
    ("staleness/payment-api", Override::PlanAgain, "this plan was sent already", |_, _, s| s.used = true),
    ("unknown-outcome/payment-api", Override::Person, "the outcome of r-1, r-2 is unknown", |_, _, situation| {
        situation.unresolved = vec!["r-1".into(), "r-2".into()];
    }),
    ("floor/payment-api", Override::Never, "9 → 2 is below the absolute floor of 3 tasks", |plan, policy, _| {
        plan.facts.capacity = vec![super::capacity(9, 2)];
        (policy.floor, policy.healthy_percent) = (3, None);
    }),
    (
        "floor/payment-api",
        Override::NamedWithReason,
        "9 → 2 leaves 22 % of healthy, runbook minimum 60 %",
        |plan, _, _| plan.facts.capacity = vec![super::capacity(9, 2)],
    ),
    ("rollback/none", Override::Never, "no earlier revision is known to have completed", |plan, _, _| {
        plan.facts.revision = Some(revision(""));
    }),
    ("rollback/api:41", Override::Named, "api:41 is INACTIVE", |plan, _, _| {
        plan.facts.revision = Some(Revision { usable: false, status: "INACTIVE".into(), ..revision("api:41") });
    }),
    ("rollback/api:42", Override::Named, "api:42 is what runs already", |plan, _, _| {
        plan.facts.revision = Some(revision("api:42"));
    }),
    ("rollback/f:$LATEST", Override::Named, "$LATEST is not a version: it changes under you", |plan, _, _| {
        plan.facts.revision = Some(revision("f:$LATEST"));
    }),
    ("rollback/web:7", Override::Named, "web:7 is missing; web:7 is not of the same family as api:42", |plan, _, _| {
        let missing = Revision { usable: false, status: "missing".into(), ..revision("web:7") };
        plan.facts.revision = Some(Revision { same_family: false, ..missing });
    }),
    ("in-flight/payment-api", Override::Named, "deployment 7 is in progress", |plan, _, _| {
        let offer = Some("ecs.stop_deployment".into());
        plan.facts.obstacle = Some(Obstacle { says: "deployment 7 is in progress".into(), offer });
    }),
    ("read-only/prod", Override::Never, "prod is not armed", |_, _, situation| situation.armed_until = None),
    ("read-only/prod", Override::Never, "prod was armed until 03:04:10Z", |_, _, situation| {
        situation.armed_until = Some(situation.now);
    }),
    ("read-only/prod", Override::Never, "prod is armed until 04:04:10Z, allowed are 15 minutes", |_, _, situation| {
        situation.armed_until = Some(situation.now + 1.hour());
    }),
    (
        "read-only/prod",
        Override::Never,
        "prod has `read_only = true` in the configuration and cannot be armed",
        |_, _, situation| situation.environment.read_only = true,
    ),
    (
        "ownership/payment-api",
        Override::Named,
        "Application Auto Scaling (min 6, max 60) owns it: raise its minimum",
        |plan, _, _| {
            let who = "Application Auto Scaling (min 6, max 60)".into();
            plan.facts.owner = Some(Owner { who, instead: "raise its minimum".into() });
        },
    ),
    ("lock/payment-api", Override::NamedWithReason, "bob@bastion holds it: failover, until 03:10:00Z", |_, _, s| {
        let until = Some("2026-11-21T03:10:00Z".parse().unwrap());
        s.lock = LockState::Held { holder: "bob@bastion".into(), reason: "failover".into(), until };
    }),
    ("lock/payment-api", Override::NamedWithReason, "the lock cannot be read: denied", |_, _, situation| {
        situation.lock = LockState::Unreadable("denied".into());
    }),
    ("lock/payment-api", Override::PlanAgain, "the lock was not taken", |_, _, s| s.lock = LockState::Free),
    ("mute/payment-api", Override::Named, "it would be muted without an end", |plan, _, _| {
        plan.facts.mute = Some(Mute { until: None, drives_scaling: false });
    }),
    ("mute/payment-api", Override::Named, "payment-api drives scaling: muted, nothing would scale", |plan, _, _| {
        plan.facts.mute = Some(Mute { until: Some(later(600)), drives_scaling: true });
    }),
    (
        "mute/payment-api",
        Override::Never,
        "the mute would end at 03:04:10Z, before it begins; payment-api drives scaling: muted, nothing would scale",
        |plan, _, _| plan.facts.mute = Some(Mute { until: Some(then()), drives_scaling: true }),
    ),
    ("approval/payment-api", Override::NamedWithReason, "approved by 0 of 1 other principals", |_, policy, _| {
        (policy.risk, policy.others) = (Risk::Critical, 1)
    }),
    ("approval/payment-api", Override::NamedWithReason, "approvals cannot be read: no table", |_, policy, s| {
        (policy.risk, policy.others) = (Risk::Critical, 1);
        s.approvals = Approvals { unreadable: Some("no table".into()), ..Approvals::default() };
    }),
    ("freeze/prod", Override::NamedWithReason, "change freeze until 2026-12-01 06:00Z: sale", |_, _, situation| {
        situation.freeze = Freeze::On { says: "sale".into(), until: "2026-12-01T06:00:00Z".parse().unwrap() };
    }),
    (
        "freeze/prod",
        Override::NamedWithReason,
        "the calendar cannot be read, so it counts as closed: line 3",
        |_, _, situation| situation.freeze = Freeze::Unreadable("line 3".into()),
    ),
    ("pace/payment-api", Override::Never, "r-9 is still at it, one change at a time", |_, _, situation| {
        situation.busy = Some("r-9".into());
    }),
    ("pace/payment-api", Override::NamedWithReason, "r-9 is still at it, one change at a time", |_, _, situation| {
        situation.environment.tier = Tier::Staging;
        situation.busy = Some("r-9".into());
    }),
    ("tamper/records", Override::Never, "line 7 does not follow line 6", |_, _, situation| {
        situation.broken_records = Some("line 7 does not follow line 6".into());
    }),
    ("trust/ecs-scale", Override::Named, "ecs-scale has not been trusted yet", |_, _, s| s.trust = Trust::New),
    ("trust/ecs-scale", Override::Named, "ecs-scale was changed since it was trusted", |_, _, situation| {
        situation.trust = Trust::Changed;
    }),
    ("trust/ecs-scale", Override::Never, "others can write its file: chmod go-w", |_, _, situation| {
        situation.trust = Trust::Writable;
    }),
];

fn revision(to: &str) -> Revision {
    Revision { to: to.into(), current: "api:42".into(), usable: true, status: "ACTIVE".into(), same_family: true }
}

#[test]
fn where_nothing_is_wrong_nothing_is_refused() {
    let (plan, policy, situation) = (plan(), policy(), situation());
    assert_eq!(refusals(&plan, &plan, &policy, &situation, &given(&plan, &situation, &policy)), []);
}

#[test]
fn each_guard_refuses_in_its_own_words_and_is_overridden_only_as_it_allows() {
    for (rule, way, says, break_it) in REFUSALS {
        let (mut plan, mut policy, mut situation) = (plan(), policy(), situation());
        break_it(&mut plan, &mut policy, &mut situation);
        // Read again just now, whatever the age of the plan.
        let again = Plan { read_at: situation.now, ..plan.clone() };
        let asked = |overridden| {
            let mut given = Given { reason: "a reason".into(), overridden, ..given(&plan, &situation, &policy) };
            given.overridden.reverse();
            refusals(&plan, &again, &policy, &situation, &given)
        };
        let refused = asked(Vec::new());
        assert_eq!(refused.len(), 1, "{rule} alone refuses: {refused:#?}");
        assert_eq!((refused[0].rule.as_str(), refused[0].says.as_str(), refused[0].over), (*rule, *says, *way));
        let line = refused[0].line(situation.now, NOTHING);
        assert!(line.contains(says) && line.contains(&format!(". {NOTHING}  ")), "{line}");
        assert!(!refused[0].next().is_empty(), "{rule} says what to do next");
        assert_eq!(asked(vec![over("freeze/other", "a reason"), over(&format!("{rule}x"), "a reason")]), refused);
        let (named, reason) = match way {
            Override::Named => (true, true),
            Override::NamedWithReason => (false, true),
            Override::Never | Override::PlanAgain | Override::Person => (false, false),
        };
        assert_eq!(asked(vec![over(rule, "")]).is_empty(), named, "{rule} by its name");
        assert_eq!(asked(vec![over(rule, " \u{200b}\t")]).is_empty(), named, "{rule} with an invisible reason");
        assert_eq!(asked(vec![over(rule, "because")]).is_empty(), reason, "{rule} with a reason");
        assert_eq!(asked(vec![over(rule, "because"), over(rule, "")]).is_empty(), reason, "{rule} twice");
    }
}

#[test]
fn every_guard_that_can_refuse_before_the_send_has_a_row() {
    let elsewhere = [Guard::Intent, Guard::Confirmation, Guard::Verify, Guard::Text];
    for guard in Guard::ALL.iter().filter(|guard| !elsewhere.contains(guard)) {
        let of_it = |rule: &str| rule == guard.word() || rule.starts_with(&format!("{}/", guard.word()));
        assert!(REFUSALS.iter().any(|(rule, ..)| of_it(rule)), "{guard:?}");
    }
    assert_eq!(Guard::ALL.len(), 20);
}

#[test]
fn without_an_intent_on_the_disk_nothing_is_sent() {
    let (plan, policy, situation) = (plan(), policy(), situation());
    let given = Given { overridden: vec![over("intent", "because")], ..given(&plan, &situation, &policy) };
    let refused = crate::guard::authorise(&plan, &Ok(plan.clone()), &policy, &situation, &given, None).unwrap_err();
    assert_eq!(super::rules(&refused), ["intent"]);
    let line = "REFUSED intent  the intent could not be written to the records. Nothing was sent.  \
                Make the records writable, then [r] plan again";
    assert_eq!(refused[0].line(situation.now, NOTHING), line);
}

#[test]
fn going_back_is_exempt_from_freezes_and_not_held_up_by_the_clock() {
    let (mut plan, policy, mut situation) = (plan(), policy(), situation());
    plan.facts.is_rollback = true;
    situation.skew_s = Some(-3600);
    for freeze in [Freeze::On { says: "sale".into(), until: later(60) }, Freeze::Unreadable("line 3".into())] {
        situation.freeze = freeze;
        assert_eq!(refusals(&plan, &plan, &policy, &situation, &given(&plan, &situation, &policy)), []);
    }
}

#[test]
fn what_brings_a_change_back_goes_down_to_nothing_and_does_not_wait_for_clocks() {
    let (mut plan, mut situation) = (plan(), situation());
    plan.facts.capacity = vec![super::capacity(9, 0)];
    situation.skew_s = Some(-3600);
    let forward = Policy { floor: 3, ..policy() };
    let refused = refusals(&plan, &plan, &forward, &situation, &given(&plan, &situation, &forward));
    assert_eq!(super::rules(&refused), ["floor/payment-api", "lock/payment-api", "freeze/prod"]);
    assert_eq!(refused[0].over, Override::Never);
    let inverse = Policy { inverse: true, ..forward };
    assert_eq!(refusals(&plan, &plan, &inverse, &situation, &given(&plan, &situation, &inverse)), []);
}

#[test]
fn a_clock_is_relied_on_up_to_sixty_seconds_of_difference() {
    let (plan, mut policy, mut situation) = (plan(), policy(), situation());
    (policy.risk, policy.others) = (Risk::Critical, 1);
    situation.approvals.by = vec![(identity("op", "bob").arn, then())];
    let given = Given { reason: "a reason".into(), ..given(&plan, &situation, &policy) };
    for skew in [None, Some(0), Some(60), Some(-60)] {
        situation.skew_s = skew;
        assert_eq!(refusals(&plan, &plan, &policy, &situation, &given), [], "{skew:?}");
    }
    for skew in [61, -61, i64::MAX, i64::MIN] {
        situation.skew_s = Some(skew);
        let refused = refusals(&plan, &plan, &policy, &situation, &given);
        assert_eq!(super::rules(&refused), ["lock/payment-api", "approval/payment-api", "freeze/prod"], "{skew}");
        for refusal in refused {
            assert!(refusal.says.contains(&format!("the clock is {} s ", skew.unsigned_abs())), "{}", refusal.says);
        }
    }
}

#[test]
fn what_brings_a_change_back_is_held_to_little() {
    let held_to = [
        "identity",
        "target",
        "staleness",
        "intent",
        "unknown-outcome",
        "rollback",
        "confirmation",
        "read-only",
        "lock",
        "pace",
    ];
    for (rule, _, _, break_it) in REFUSALS {
        let (mut plan, mut policy, mut situation) = (plan(), Policy { inverse: true, ..policy() }, situation());
        break_it(&mut plan, &mut policy, &mut situation);
        let again = Plan { read_at: situation.now, ..plan.clone() };
        let given = Given { reason: "a reason".into(), ..given(&plan, &situation, &policy) };
        let refused = refusals(&plan, &again, &policy, &situation, &given);
        let holds_up = held_to.contains(&rule.split('/').next().unwrap());
        assert_eq!(super::rules(&refused), if holds_up { vec![*rule] } else { vec![] });
        let verdicts = crate::guard::judge(&plan, &policy, &situation, &[]);
        let told = verdicts.iter().filter(|verdict| verdict.says.starts_with("going back is exempt: ")).count();
        assert_eq!(told, usize::from(!holds_up), "{rule}: {verdicts:#?}");
    }
}
