//! What the records come to.

use jiff::ToSpan;
use rstest::rstest;

use crate::model::record::Ending;
use crate::model::{ChangeKind, Entry, EnvId, Record, Sent, Severity};
use crate::runbook::audit::testing::{
    accepted, armed, at, author, closed, fault, intent, log_with, outcome, owed, plan, record,
};
use crate::runbook::audit::{Books, obligations, runs, told, unresolved, used};

fn records(entries: Vec<Entry>) -> Vec<Record> {
    entries.into_iter().enumerate().map(|(index, entry)| record(index as u64 + 1, "", entry)).collect()
}

fn unknown() -> Sent {
    Sent::Unknown { fault: fault() }
}

fn resolved(run: &str) -> Entry {
    Entry::Resolved { run: run.into(), step: "apply".into(), applied: false, by_person: false, says: "42 runs".into() }
}

fn refused(run: &str) -> Entry {
    Entry::Refused { run: run.into(), runbook: "ecs-rollback".into(), plan: None, says: vec!["STALE".into()] }
}

#[rstest]
#[case::killed_before_the_answer(vec![intent("r1")], 1)]
#[case::accepted(vec![intent("r1"), outcome("r1", accepted())], 0)]
#[case::rejected(vec![intent("r1"), outcome("r1", Sent::Rejected { fault: fault() })], 0)]
#[case::unknown(vec![intent("r1"), outcome("r1", unknown())], 1)]
#[case::resolved(vec![intent("r1"), outcome("r1", unknown()), resolved("r1")], 0)]
#[case::resolved_after_a_kill(vec![intent("r1"), resolved("r1")], 0)]
#[case::refused_at_the_send(vec![intent("r1"), refused("r1")], 0)]
#[case::closed_without_a_send(vec![intent("r1"), closed("r1", Ending::NotSent)], 0)]
#[case::refused_later_says_nothing_of_the_unknown_one(vec![intent("r1"), outcome("r1", unknown()), refused("r1")], 1)]
#[case::closing_resolves_nothing(vec![intent("r1"), outcome("r1", unknown()), closed("r1", Ending::Stopped)], 1)]
#[case::another_run_resolves_nothing(vec![intent("r1"), outcome("r1", unknown()), resolved("r2")], 1)]
#[case::the_second_send_of_a_step(vec![intent("r1"), outcome("r1", accepted()), intent("r1")], 1)]
fn intents_stay_open_until_their_outcome_is_known(#[case] entries: Vec<Entry>, #[case] open: usize) {
    let found = unresolved(&records(entries));
    assert_eq!(found.len(), open);
    assert!(found.iter().all(|one| one.run == "r1" && *one.plan == plan() && one.operator == "me@desk"));
}

#[test]
fn obligations_end_when_somebody_settles_them_or_aws_does() {
    let soon = at() + 1.hour();
    let all = records(vec![
        owed("r1", None),
        owed("r2", Some(soon)),
        owed("r3", None),
        Entry::Settled { run: "r3".into(), says: "run r4".into() },
    ]);
    let left = obligations(&all);
    assert_eq!(left.iter().map(|one| one.run.as_str()).collect::<Vec<_>>(), ["r1", "r2"]);
    assert!(!left[0].has_ended(soon) && left[1].has_ended(soon) && !left[1].has_ended(at()));
}

/// The record of what the plan leaves.
fn the_same_debt(run: &str) -> Entry {
    let (plan, left) = (plan(), plan().owed.unwrap());
    let (environment, arn) = (plan.target.environment, plan.target.arn);
    Entry::Owed { run: run.into(), environment, says: left.says, undo: plan.undo, arn, ends: left.ends }
}

fn settled(run: &str) -> Entry {
    Entry::Settled { run: run.into(), says: "run r4".into() }
}

fn applied(run: &str) -> Entry {
    Entry::Resolved { run: run.into(), step: "apply".into(), applied: true, by_person: false, says: "41 runs".into() }
}

#[rstest]
#[case::killed_after_the_outcome(vec![intent("r1"), outcome("r1", accepted())], 1)]
#[case::and_it_is_told_once(vec![intent("r1"), outcome("r1", accepted()), the_same_debt("r1")], 1)]
#[case::killed_after_it_was_resolved(vec![intent("r1"), outcome("r1", unknown()), applied("r1")], 1)]
#[case::resolved_by_two_at_once(
    vec![intent("r1"), applied("r1"), applied("r1"), the_same_debt("r1"), the_same_debt("r1")], 1)]
#[case::settled(vec![intent("r1"), outcome("r1", accepted()), the_same_debt("r1"), settled("r1")], 0)]
#[case::settled_before_it_could_be_written(
    vec![intent("r1"), outcome("r1", accepted()), settled("r1"), the_same_debt("r1")], 0)]
#[case::only_what_is_known_to_be_applied(vec![intent("r1"), outcome("r1", unknown())], 0)]
#[case::not_applied(vec![intent("r1"), outcome("r1", unknown()), resolved("r1")], 0)]
#[case::rejected_and_sent_again(
    vec![intent("r1"), outcome("r1", Sent::Rejected { fault: fault() }), intent("r1"), outcome("r1", accepted())], 1)]
#[case::of_another_run(vec![intent("r1"), outcome("r2", accepted())], 0)]
#[case::in_records_without_the_intent(vec![the_same_debt("r1")], 1)]
fn what_was_applied_is_owed_whether_or_not_that_could_be_written(#[case] entries: Vec<Entry>, #[case] open: usize) {
    let all = records(entries);
    let left = obligations(&all);
    assert_eq!(left.len(), open, "{left:?}");
    let expected = (plan().owed.unwrap().says, plan().undo, plan().target.arn);
    assert!(left.iter().all(|one| (&one.says, &one.undo, &one.arn) == (&expected.0, &expected.1, &expected.2)));
    assert_eq!(runs(&all)[0].owes, open > 0);
}

#[test]
fn a_run_is_told_in_one_summary() {
    let all = records(vec![
        armed(),
        refused("r1"),
        intent("r1"),
        outcome("r1", accepted()),
        owed("r1", None),
        closed("r1", Ending::Verified),
        intent("r2"),
        outcome("r2", unknown()),
        refused("r3"),
    ]);
    let all = runs(&all);
    let states: Vec<_> = all.iter().map(|run| (run.run.as_str(), run.state())).collect();
    assert_eq!(states, [("r1", "verified"), ("r2", "UNKNOWN"), ("r3", "refused, nothing was sent")]);
    let first = &all[0];
    assert_eq!((first.refusals, first.intents, first.accepted, first.unknown, first.owes), (1, 1, 1, 0, true));
    assert_eq!(first.change, "task definition payment-api:42 → payment-api:41");
    assert_eq!((&*first.environment, &*first.target), ("payments/prod", "payment-api"));
    assert!(first.undo.is_some() && first.overridden == ["in-flight/payment-api"]);
}

#[test]
fn a_plan_is_good_for_one_send_and_the_same_change_may_be_planned_again() {
    let all = records(vec![intent("r1")]);
    let digest = crate::guard::digest::digest(&plan());
    assert!(used(&all, &digest, at()));
    assert!(!used(&all, &digest, at() + 1.hour()) && !used(&all, "other", at()) && !used(&[], &digest, at()));
}

#[test]
fn books_follow_what_other_consoles_write() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_with(folder.path(), 0);
    let mut books = Books::of(log.files().clone(), vec!["payments/dev".into(), "payments/prod".into()]);
    books.refresh().unwrap();
    assert!(books.unresolved.open().is_empty(), "no log yet");
    log.append(intent("r1"), &author(), at()).unwrap();
    books.refresh().unwrap();
    assert_eq!(books.unresolved.at(&plan().target.arn).count(), 1);
    assert!(books.used.has(&crate::guard::digest::digest(&plan()), at()));
    log.append(outcome("r1", accepted()), &author(), at()).unwrap();
    log.append(owed("r1", None), &author(), at()).unwrap();
    books.refresh().unwrap();
    books.refresh().unwrap();
    let own: Vec<(EnvId, &str)> = books.own.all().map(|change| (change.env, change.after.as_str())).collect();
    assert_eq!(own, [(EnvId(1), "payment-api:41"), (EnvId(1), "")], "one that changed something, one that tells");
    assert!(books.unresolved.open().is_empty());
    assert_eq!((books.obligations.open(at()).count(), books.runs.all().len()), (1, 1));
    assert_eq!(books.runs.get("r1").unwrap().accepted, 1);
}

#[test]
fn our_own_actions_are_changes_of_their_environment() {
    let all = records(vec![
        armed(),
        refused("r9"),
        intent("r1"),
        outcome("r1", unknown()),
        resolved("r1"),
        closed("r1", Ending::Failed),
    ]);
    let mut told = told::Told::default();
    let place = |label: &str| (label == "payments/prod").then_some(EnvId(2));
    let changes: Vec<_> = all.iter().filter_map(|record| told.change(record, place)).collect();
    let summaries: Vec<&str> = changes.iter().map(|change| change.summary.as_str()).collect();
    let expected = [
        "armed until 03:19:05Z",
        "ecs.rollback: task definition payment-api:42 → payment-api:41; OUTCOME UNKNOWN",
        "unknown outcome: it had not been applied, read back",
        "ecs.rollback: FAILED",
    ];
    assert_eq!(summaries, expected, "a refusal without a plan belongs to no environment");
    assert!(changes.iter().all(|change| change.kind == ChangeKind::Action && change.env == EnvId(2)));
    assert!(changes.iter().all(|change| change.by.ends_with("assumed-role/op/me")));
    assert_eq!((changes[1].severity, &*changes[1].resource), (Severity::Critical, "payment-api"));
}
