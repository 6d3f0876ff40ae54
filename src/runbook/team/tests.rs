//! Judgements about what stands in the shared table.
use jiff::{Timestamp, ToSpan};

use super::fields::{expiring, item};
use super::proposal::Proposal;
use super::{approvals, locks};
use crate::base::Text;
use crate::guard::LockState;
use crate::runbook::audit::testing::{at, plan};

const ME: &str = "arn:aws:sts::111122223333:assumed-role/operator/me";
const ALSO_ME: &str = "arn:aws:sts::777788889999:assumed-role/team/me";
const YOU: &str = "arn:aws:sts::777788889999:assumed-role/team/you";

fn proposal() -> Proposal {
    Proposal {
        plan: Box::new(plan()),
        runbook: "ecs-rollback".into(),
        principal: ME.into(),
        proposer: ALSO_ME.into(),
        operator: "me@desk".into(),
        reason: "5xx".into(),
        at: at(),
    }
}

#[test]
fn a_lock_is_ours_theirs_or_over() {
    let until = at() + 20.minutes();
    let until_text = until.to_string();
    let texts = [
        ("holder", "you\u{1b}[2J"),
        ("run", "r1"),
        ("reason", "deploy"),
        ("taken", "x"),
        ("until", until_text.as_str()),
    ];
    let found = expiring(item("locks", "arn:x", &texts), until);
    let means = |run, now, reliable| locks::means(Some(&found), run, now, reliable);
    assert_eq!(locks::means(None, "r1", at(), true), LockState::Free);
    assert_eq!(means("r1", at(), true), LockState::Ours);
    let held = LockState::Held { holder: "you[2J".into(), reason: "deploy".into(), until: Some(until) };
    assert_eq!(means("r2", at(), true), held);
    assert_eq!(means("", at(), true), held);
    assert_eq!(means("r2", until, true), LockState::Free);
    assert_eq!(means("r2", until, false), held, "without a clock to rely on nothing has ended");
}

#[test]
fn a_lock_of_an_unknown_outcome_has_no_end_and_says_whose_it_is() {
    let texts = [("holder", "kim@desk"), ("run", "r1"), ("reason", "failover"), ("open", "2026-11-21T03:04:05Z")];
    // An end that was left beside it says nothing.
    for found in [item("locks", "arn:x", &texts), {
        let mut with_end = expiring(item("locks", "arn:x", &texts), at());
        with_end.insert("until".to_owned(), super::fields::text(&at().to_string()));
        with_end
    }] {
        let reason = "failover; the outcome of r1, sent after 2026-11-21 03:04:05Z, is unknown".into();
        let held = LockState::Held { holder: "kim@desk".into(), reason, until: None };
        assert_eq!(locks::means(Some(&found), "r2", at() + 48.hours(), true), held);
        assert_eq!(locks::means(Some(&found), "r1", at() + 48.hours(), true), LockState::Ours);
    }
}

#[test]
fn another_person_approves_in_time_or_nobody_does() {
    let proposal = proposal();
    assert_eq!(proposal.phrase(), "approve prod payment-api payment-api:41");
    let asked = |who: &str, now: Timestamp, skew| proposal.may_be_approved(who, now, skew);
    assert_eq!(asked(YOU, at() + 15.minutes(), Some(-60)), Ok(()));
    assert!(asked(YOU, at() + 16.minutes(), Some(0)).unwrap_err().contains("16 min ago"));
    assert!(asked(YOU, at(), Some(61)).unwrap_err().contains("61 s off"));
    assert!(asked(YOU, at(), None).unwrap_err().contains("not known"));
    for own in [ME, ALSO_ME] {
        assert!(asked(own, at(), Some(0)).unwrap_err().contains("another principal"), "{own}");
    }
    let sso = |role: &str| format!("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_{role}/me@example.com");
    let proposal = Proposal { principal: sso("Admin_1").into(), ..proposal };
    assert!(proposal.may_be_approved(&sso("Operator_2"), at(), Some(0)).unwrap_err().contains("another principal"));
}

#[test]
fn the_same_operator_in_a_second_terminal_approves_nothing() {
    let session = |account: &str, millis: u32| {
        format!("arn:aws:sts::{account}:assumed-role/team/assume-role-from-profile-17322048{millis}")
    };
    let proposal = Proposal { proposer: session("777788889999", 12345).into(), ..proposal() };
    let asked = |who: &str| proposal.may_be_approved(who, at(), Some(0)).unwrap_err();
    assert!(asked(&session("777788889999", 99999)).contains("another principal must approve"));
    assert!(asked(&session("444455556666", 99999)).contains("set role_session_name"), "it may be anybody");
    let approval = |by: &str| item("approvals", by, &[("by", by), ("at", &at().to_string())]);
    let items = [session("777788889999", 99999), session("444455556666", 99999)].map(|by| approval(&by));
    let found = approvals::in_force(&items, &proposal, &[Text::new(ME)], at());
    assert_eq!(found.by, []);
    assert_eq!(found.wanted_by, [ME.into(), ME.into(), Text::new(session("777788889999", 12345))]);
}

#[test]
fn only_young_approvals_of_others_are_in_force() {
    let approval = |by: &str, at: Timestamp| item("approvals", by, &[("by", by), ("at", &at.to_string())]);
    let now = at() + 10.minutes();
    let items = [
        approval(YOU, at() + 6.minutes()),
        approval(ALSO_ME, at() + 6.minutes()),
        approval(ME, at() + 6.minutes()),
        approval("arn:aws:iam::1:user/late", at() + 4.minutes()),
        approval("arn:aws:iam::1:user/before", at() - 1.minute()),
        item("approvals", "x", &[("by", "arn:aws:iam::1:user/timeless")]),
    ];
    let found = approvals::in_force(&items, &proposal(), &[Text::new(ME)], now);
    assert_eq!(found.by, [(Text::new(YOU), at() + 6.minutes())]);
    let own = [Text::new(YOU)];
    assert!(approvals::in_force(&items, &proposal(), &own, now).by.is_empty(), "the operator's own do not count");
}

#[test]
fn a_plan_keeps_its_digest_in_the_table() {
    let proposal = proposal();
    let text = serde_json::to_string(&proposal.plan).unwrap();
    let texts = [("plan", text.as_str()), ("principal", ME), ("proposer", ALSO_ME), ("runbook", "ecs-rollback")];
    let time = proposal.at.to_string();
    let all: Vec<_> =
        texts.into_iter().chain([("operator", "me@desk"), ("reason", "5xx"), ("at", time.as_str())]).collect();
    let read = approvals::parsed(&item("plans", &proposal.digest(), &all)).unwrap();
    assert_eq!((read.digest(), &read), (proposal.digest(), &proposal));
    assert_eq!(approvals::parsed(&item("plans", "d", &[("plan", "{}"), ("at", &time)])), None);
}
