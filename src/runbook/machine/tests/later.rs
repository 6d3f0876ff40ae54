//! Sends after the first: confirmed with the whole, and only on what the send before left.

use super::support::*;
use crate::guard::LockState;
use crate::model::record::{Ending, Overridden};
use crate::model::{FaultKind, Sent, Standing, Value, Values};
use crate::runbook::machine::{Course, Does, Event, Phase, Step};

/// Sends, holds for five minutes, sends again.
fn two_sends() -> Course {
    let mut course = course();
    let own = |to: &str| Does::Send(Values::from([("to".to_owned(), Value::from(to))]));
    course.steps = vec![
        Step { id: "first".into(), does: own("previous"), timeout_s: None },
        Step { id: "hold".into(), does: Does::Hold(300), timeout_s: None },
        Step { id: "second".into(), does: own("previous"), timeout_s: None },
    ];
    course
}

/// The first is sent and done.
fn sent_once() -> Hand {
    let mut hand = Hand::of(two_sends());
    hand.run.params.insert("to".to_owned(), "previous".into());
    hand.planned();
    hand.tell(Event::Confirmed { typed: "prod shop shop:41".into(), reason: "".into() });
    hand.tell(Event::Locked(LockState::Ours));
    hand.tell(Event::IntentWritten(Ok(hand.now)));
    hand.reread();
    hand.accepted();
    hand
}

fn left() -> Vec<(&'static str, Value)> {
    vec![("current", "shop:42".into()), ("deployment_in_progress", false.into())]
}

#[test]
fn a_hold_ends_with_a_reading_and_the_next_send_is_of_what_was_confirmed() {
    let mut hand = sent_once();
    assert!(matches!(hand.run.phase, Phase::Holding { .. }));
    hand.observed(Standing::Done, &left());
    hand.later(301);
    assert_eq!(hand.tell(Event::Tick), ["observe"], "not read since");
    hand.observed(Standing::Done, &left());
    assert_eq!(hand.tell(Event::Tick), ["plan"]);
    let given = hand.run.params_now();
    assert_eq!(given.get("to"), Some(&Value::from("shop:41")), "`previous` was resolved by what was confirmed");
    assert_eq!(hand.planned(), ["intent"]);
}

#[test]
fn without_a_reading_nothing_more_is_sent() {
    let mut hand = sent_once();
    for _ in 0..6 {
        hand.later(100);
        hand.tell(Event::Tick);
        hand.tell(Event::Observed(Err(fault(FaultKind::Expired))));
    }
    assert!(matches!(hand.run.phase, Phase::Holding { .. }) && hand.sends() == 1);
    hand.later(1200);
    hand.tell(Event::Tick);
    assert_eq!(hand.run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::Failed));
    assert_eq!(hand.sends(), 1);
}

#[test]
fn what_somebody_else_changed_since_the_last_send_ends_it() {
    let mut hand = sent_once();
    hand.later(301);
    hand.observed(Standing::Done, &[("current", "shop:44".into()), ("deployment_in_progress", false.into())]);
    hand.tell(Event::Tick);
    assert_eq!(hand.planned(), ["write closed", "unlock"]);
    let (ending, says) = hand.run.ending.clone().unwrap();
    assert_eq!((ending, hand.sends()), (Ending::Failed, 1));
    assert!(says.contains("current was shop:44 after the last send, is shop:42 now"), "{says}");
}

#[test]
fn two_sends_one_after_the_other_have_a_reading_between_them() {
    let mut course = two_sends();
    course.steps.remove(1);
    let mut hand = Hand::of(course);
    hand.planned();
    hand.tell(Event::Confirmed { typed: "prod shop shop:41".into(), reason: "".into() });
    hand.tell(Event::Locked(LockState::Ours));
    hand.tell(Event::IntentWritten(Ok(hand.now)));
    hand.reread();
    assert!(hand.accepted().contains(&"observe".to_owned()));
    hand.observed(Standing::Done, &left());
    assert_eq!(hand.tell(Event::Tick), ["plan"]);
    assert_eq!(hand.planned(), ["intent"]);
}

#[test]
fn an_override_counts_for_what_the_guard_said_then() {
    let mut hand = Hand::of(two_sends());
    let busy = |hand: &Hand, says: &str| {
        let mut found = plan(hand.now);
        found.facts.obstacle = Some(crate::model::plan::Obstacle { says: says.into(), offer: None });
        let situation = Box::new(hand.situation());
        Event::Planned { plan: Ok(Box::new(found)), situation }
    };
    let first = busy(&hand, "a deployment is under way");
    hand.tell(first);
    let rule = "in-flight/shop";
    hand.tell(Event::Overrode(Overridden { rule: rule.into(), reason: "known".into() }));
    assert!(hand.run.is_confirmable(), "{:?}", hand.run.verdicts);
    hand.run.confirmed = true;
    hand.run.seen.push(crate::model::Observation {
        standing: Standing::Done,
        says: "".into(),
        values: Values::new(),
        at: hand.now,
    });
    hand.run.phase = Phase::Planning;
    let same = busy(&hand, "a deployment is under way");
    assert_eq!(hand.tell(same), ["intent"]);
    hand.run.phase = Phase::Planning;
    let other = busy(&hand, "two deployments are under way");
    assert_eq!(hand.tell(other)[0], "write refused");
    assert_eq!(hand.sends(), 0);
}

#[test]
fn credentials_that_expire_while_nothing_was_applied_ask_the_operator_again() {
    let mut hand = Hand::new();
    hand.sending();
    hand.tell(Event::Sent(Sent::Rejected { fault: fault(FaultKind::Throttled) }));
    hand.later(3);
    assert_eq!(hand.tell(Event::Tick), ["intent"]);
    hand.tell(Event::IntentWritten(Ok(hand.now)));
    let situation = Box::new(hand.situation());
    hand.tell(Event::Reread { plan: Err(fault(FaultKind::Expired)), situation });
    assert_eq!((hand.run.phase, hand.run.confirmed, hand.sends()), (Phase::Ready, false, 1));
}
