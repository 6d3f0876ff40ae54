//! The faults of the specification, each with its right behaviour.

use super::support::*;
use crate::model::record::Ending;
use crate::model::{Entry, FaultKind, Sent, Standing};
use crate::runbook::machine::{Event, Phase, Recovery};

fn unknown() -> Event {
    Event::Sent(Sent::Unknown { fault: fault(FaultKind::Timeout) })
}

fn ending(hand: &Hand) -> Option<Ending> {
    hand.run.ending.as_ref().map(|(ending, _)| *ending)
}

#[test]
fn after_a_cut_it_reads_and_never_sends_again() {
    let mut hand = Hand::new();
    hand.sending();
    assert_eq!(hand.tell(unknown()), ["write outcome", "observe blind"]);
    for _ in 0..50 {
        hand.later(3);
        assert_eq!(hand.tell(Event::Tick), ["observe blind"]);
        hand.observed(Standing::Unclear, &[]);
        assert_eq!(hand.run.phase, Phase::Resolving);
    }
    let effects = hand.observed(Standing::Underway, &[]);
    assert_eq!(effects, ["write observed", "write resolved", "write owed", "observe blind"]);
    assert_eq!((hand.run.phase, hand.sends()), (Phase::Waiting, 1));
}

#[test]
fn what_reads_as_before_counts_only_after_a_minute_and_more_than_once() {
    let mut hand = Hand::new();
    hand.sending();
    hand.tell(unknown());
    hand.observed(Standing::NotApplied, &[]);
    hand.later(59);
    hand.observed(Standing::NotApplied, &[]);
    hand.observed(Standing::NotApplied, &[]);
    hand.observed(Standing::NotApplied, &[]);
    assert_eq!(hand.run.phase, Phase::Resolving, "AWS may still carry it out");
    hand.later(1);
    hand.observed(Standing::NotApplied, &[]);
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Rejected), 1));
    assert!(hand.entries.iter().any(|entry| matches!(entry, Entry::Resolved { applied: false, by_person: false, .. })));
    assert!(!hand.entries.iter().any(|entry| matches!(entry, Entry::Owed { .. })), "nothing is owed");
}

#[test]
fn a_person_may_resolve_with_a_reason() {
    for applied in [true, false] {
        let mut hand = Hand::new();
        hand.sending();
        hand.tell(unknown());
        hand.tell(Event::Resolve { applied, reason: "seen in the AWS console".into() });
        let by_person =
            |entry: &Entry| matches!(entry, Entry::Resolved { by_person: true, applied: a, .. } if *a == applied);
        assert!(hand.entries.iter().any(by_person));
        assert_eq!(hand.run.phase, if applied { Phase::Waiting } else { Phase::Closed });
        assert_eq!(hand.sends(), 1);
    }
}

#[test]
fn a_clear_refusal_ends_it_and_nothing_is_owed() {
    let mut hand = Hand::new();
    hand.sending();
    hand.tell(Event::Sent(Sent::Rejected { fault: fault(FaultKind::Denied) }));
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Rejected), 1));
    assert!(!hand.entries.iter().any(|entry| matches!(entry, Entry::Owed { .. })));
}

#[test]
fn throttling_backs_off_a_bounded_number_of_times_with_a_new_intent_and_a_new_reading_each() {
    let mut hand = Hand::new();
    hand.sending();
    for attempt in 1..=3 {
        hand.tell(Event::Sent(Sent::Rejected { fault: fault(FaultKind::Throttled) }));
        assert!(matches!(hand.run.phase, Phase::BackingOff { .. }), "{attempt}");
        assert!(hand.tell(Event::Tick).is_empty(), "too early");
        hand.later(2 << (attempt - 1));
        assert_eq!(hand.tell(Event::Tick), ["intent"]);
        assert_eq!(hand.tell(Event::IntentWritten(Ok(hand.now))), ["reread"]);
        assert_eq!(hand.reread(), ["send"]);
    }
    hand.tell(Event::Sent(Sent::Rejected { fault: fault(FaultKind::Throttled) }));
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Rejected), 4));
    let intents = hand.entries.iter().filter(|entry| matches!(entry, Entry::Intent { .. })).count();
    let outcomes = hand.entries.iter().filter(|entry| matches!(entry, Entry::Outcome { .. })).count();
    assert_eq!((intents, outcomes), (4, 4));
}

#[test]
fn a_circuit_breaker_and_an_autoscaler_are_failures_although_the_service_is_stable() {
    for standing in [Standing::Failed, Standing::Overtaken] {
        let mut hand = Hand::new();
        hand.sending();
        hand.accepted();
        hand.observed(standing, &[("state", "COMPLETED".into()), ("running", 3.into()), ("desired", 3.into())]);
        assert_eq!(ending(&hand), Some(Ending::Failed));
    }
}

#[test]
fn what_aws_knew_before_the_send_verifies_nothing_and_no_data_is_unverified() {
    let mut hand = Hand::new();
    hand.sending();
    hand.later(1);
    hand.accepted();
    let done = [("state", "COMPLETED".into()), ("running", 3.into()), ("desired", 3.into())];
    hand.observed(Standing::Done, &done);
    hand.tell(Event::SignalRead { check: 1, read: Ok((Recovery::Recovered, "ok".into(), noon())) });
    hand.observed(Standing::Done, &done);
    assert_eq!(hand.run.phase, Phase::Verifying, "read before it was sent");
    hand.alarms(Recovery::Unknown);
    hand.later(601);
    hand.tell(Event::Tick);
    assert_eq!(ending(&hand), Some(Ending::Unverified));
}

#[test]
fn expired_credentials_pause_and_reading_goes_on_when_they_are_renewed() {
    let mut hand = Hand::new();
    hand.sending();
    hand.accepted();
    hand.tell(Event::Observed(Err(fault(FaultKind::Expired))));
    assert!(hand.run.paused.is_some() && hand.run.phase == Phase::Waiting);
    hand.observed(Standing::Underway, &[]);
    assert!(hand.run.paused.is_none());
}

#[test]
fn a_hangup_sends_nothing_more_and_leaves_an_unknown_outcome_open() {
    let mut hand = Hand::new();
    hand.sending();
    assert!(hand.tell(Event::Hangup("SIGHUP".into())).is_empty(), "its answer is waited for");
    assert_eq!(hand.tell(unknown()), ["write outcome", "unlock"]);
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Stopped), 1));
    assert!(!hand.entries.iter().any(|entry| matches!(entry, Entry::Closed { .. })));
    let mut hand = Hand::new();
    hand.sending();
    hand.tell(Event::Hangup("SIGHUP".into()));
    assert_eq!(hand.accepted(), ["write outcome", "write owed", "write closed", "unlock"]);
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Stopped), 1));
    let mut hand = Hand::new();
    hand.sending();
    hand.accepted();
    hand.tell(Event::Hangup("SIGTERM".into()));
    assert_eq!(ending(&hand), Some(Ending::Stopped));
    let mut hand = Hand::new();
    hand.planned();
    hand.tell(Event::Hangup("SIGTERM".into()));
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::NotSent), 0));
}

#[test]
fn cancelling_while_it_is_on_its_way_waits_for_the_answer_and_takes_no_further_step() {
    let mut hand = Hand::new();
    hand.sending();
    assert!(hand.tell(Event::Cancel).is_empty());
    assert_eq!(hand.run.phase, Phase::Sending);
    let effects = hand.accepted();
    assert_eq!(effects, ["write outcome", "write owed", "write closed", "unlock"]);
    assert_eq!(ending(&hand), Some(Ending::Stopped));
}
