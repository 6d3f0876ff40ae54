//! The order of things when all goes well, and who stops it when it does not.

use super::support::*;
use crate::guard::LockState;
use crate::model::record::{Ending, Overridden};
use crate::model::{FaultKind, Standing};
use crate::runbook::machine::{Event, Phase, Recovery};

#[test]
fn a_run_goes_plan_lock_intent_reread_send_outcome_verify_closed() {
    let mut hand = Hand::new();
    assert_eq!(hand.planned(), Vec::<String>::new());
    assert_eq!(hand.run.phase, Phase::Ready);
    assert_eq!(hand.confirmed(), ["lock"]);
    assert_eq!(hand.tell(Event::Locked(LockState::Ours)), ["intent"]);
    assert_eq!(hand.tell(Event::IntentWritten(Ok(hand.now))), ["reread"]);
    assert_eq!(hand.reread(), ["send"]);
    hand.later(2);
    assert_eq!(hand.accepted(), ["write outcome", "write owed", "observe"]);
    assert_eq!(hand.run.phase, Phase::Waiting);
    hand.later(60);
    assert_eq!(hand.observed(Standing::Underway, &[("state", "IN_PROGRESS".into())]), ["write observed"]);
    assert_eq!(hand.tell(Event::Tick), ["observe"]);
    assert_eq!(
        hand.observed(Standing::Done, &[("state", "COMPLETED".into())]),
        ["write observed", "observe", "read alarms"]
    );
    assert_eq!(hand.run.phase, Phase::Verifying);
    hand.alarms(Recovery::NotYet);
    hand.observed(Standing::Done, &[("state", "COMPLETED".into()), ("running", 3.into()), ("desired", 3.into())]);
    assert_eq!(hand.run.phase, Phase::Verifying, "the alarm is still on");
    assert_eq!(hand.alarms(Recovery::Recovered), ["write closed", "unlock"]);
    assert_eq!(hand.run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::Verified));
    assert_eq!(hand.sends(), 1);
    assert!(hand.tell(Event::Tick).is_empty() && hand.planned().is_empty(), "over is over");
}

#[test]
fn questions_must_be_answered_and_the_phrase_typed_exactly() {
    let mut hand = Hand::new();
    hand.planned();
    let typed = |typed: &str| Event::Confirmed { typed: typed.into(), reason: "".into() };
    assert_eq!(hand.tell(typed("prod shop shop:41")), ["write refused"], "the question is open");
    hand.tell(Event::Answered("read".into()));
    for wrong in ["", "y", "prod shop", "prod shop shop:42", "staging shop shop:41", "PROD shop shop:41"] {
        assert_eq!(hand.tell(typed(wrong)), ["write refused"], "{wrong}");
    }
    assert_eq!(hand.sends(), 0);
    assert_eq!(hand.tell(typed("prod shop shop:41")), ["lock"]);
}

#[test]
fn a_plan_that_grows_old_while_it_is_looked_at_says_so() {
    let mut hand = Hand::new();
    hand.planned();
    hand.later(119);
    assert!(hand.tell(Event::Tick).is_empty() && hand.run.refusals().next().is_none());
    hand.later(2);
    assert!(hand.tell(Event::Tick).is_empty());
    let stale: Vec<String> = hand.run.refusals().map(|refusal| refusal.rule.to_string()).collect();
    assert_eq!(stale, ["staleness/shop"]);
    assert!(!hand.run.is_confirmable() && hand.sends() == 0);
    assert_eq!(hand.tell(Event::PlanAgain), ["plan"]);
}

#[test]
fn the_deadline_counts_from_the_confirmation() {
    let mut hand = Hand::new();
    hand.planned();
    hand.later(1199);
    assert_eq!(hand.tell(Event::PlanAgain), ["plan"]);
    hand.planned();
    assert_eq!(hand.confirmed(), ["lock"]);
    hand.tell(Event::Locked(LockState::Ours));
    hand.tell(Event::IntentWritten(Ok(hand.now)));
    hand.reread();
    hand.accepted();
    hand.later(600);
    assert_eq!((hand.tell(Event::Tick), hand.run.phase), (vec!["observe".to_owned()], Phase::Waiting));
    hand.observed(Standing::Underway, &[("state", "IN_PROGRESS".into())]);
    hand.later(601);
    assert!(hand.tell(Event::Tick).contains(&"write closed".to_owned()));
    assert_eq!(hand.run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::Failed));
}

#[test]
fn a_held_lock_sends_nothing_and_may_be_taken_over_by_name_and_reason() {
    let mut hand = Hand::new();
    hand.planned();
    hand.confirmed();
    let held = LockState::Held { holder: "kim".into(), reason: "at it".into(), until: None };
    assert_eq!(hand.tell(Event::Locked(held)), ["write refused", "unlock"]);
    assert_eq!((hand.run.phase, hand.sends()), (Phase::Ready, 0));
    let rule: crate::base::Text = "lock/shop".into();
    hand.tell(Event::Overrode(Overridden { rule: rule.clone(), reason: "".into() }));
    assert!(!hand.run.is_confirmable(), "a reason is needed");
    hand.tell(Event::Overrode(Overridden { rule, reason: "kim is asleep".into() }));
    assert!(hand.run.is_confirmable());
}

#[test]
fn a_lock_that_somebody_else_took_meanwhile_is_another_one() {
    let held = |holder: &str| LockState::Held { holder: holder.into(), reason: "at it".into(), until: None };
    let over = || Event::Overrode(Overridden { rule: "lock/shop".into(), reason: "kim is asleep".into() });
    let mut hand = Hand::new();
    let mut situation = crate::guard::Situation { lock: held("kim"), ..hand.situation() };
    hand.tell(Event::Planned { plan: Ok(Box::new(plan(hand.now))), situation: Box::new(situation.clone()) });
    hand.tell(over());
    hand.confirmed();
    assert_eq!(hand.run.phase, Phase::Locking);
    assert_eq!(hand.tell(Event::Locked(held("sam"))), ["write refused", "unlock"]);
    assert!(hand.run.refusals().any(|refusal| refusal.says.contains("sam holds it")));

    // The same after it was taken over, just before the send.
    hand.tell(over());
    hand.confirmed();
    hand.tell(Event::Locked(LockState::Ours));
    hand.tell(Event::IntentWritten(Ok(hand.now)));
    situation.lock = held("lee");
    hand.tell(Event::Reread { plan: Ok(Box::new(plan(hand.now))), situation: Box::new(situation) });
    assert_eq!((hand.run.phase, hand.sends()), (Phase::Ready, 0));
    assert!(hand.run.refusals().any(|refusal| refusal.says.contains("lee holds it")));
}

#[test]
fn without_an_intent_on_disk_nothing_is_sent() {
    let mut hand = Hand::new();
    hand.planned();
    hand.confirmed();
    hand.tell(Event::Locked(LockState::Ours));
    hand.tell(Event::IntentWritten(Err("no space left".into())));
    assert_eq!((hand.run.phase, hand.sends()), (Phase::Ready, 0));
    assert!(hand.run.refusals().any(|verdict| verdict.says.contains("no space left")));
}

#[test]
fn a_change_between_plan_and_send_is_stale_and_closes_the_intent() {
    let mut hand = Hand::new();
    hand.planned();
    hand.confirmed();
    hand.tell(Event::Locked(LockState::Ours));
    hand.tell(Event::IntentWritten(Ok(hand.now)));
    let mut again = plan(hand.now);
    again.observed.insert("current".into(), "shop:43".into());
    let situation = crate::guard::Situation { lock: LockState::Ours, ..hand.situation() };
    let effects = hand.tell(Event::Reread { plan: Ok(Box::new(again)), situation: Box::new(situation) });
    assert_eq!(effects, ["write outcome", "write refused", "unlock"]);
    assert_eq!((hand.run.phase, hand.sends()), (Phase::Ready, 0));
    let stale = hand.run.refusals().next().unwrap().line(hand.now, hand.run.sent_so_far());
    assert!(stale.starts_with("STALE  current was shop:42 at 12:00:00Z, is shop:43 now"), "{stale}");
    assert!(stale.contains("Nothing was sent.") && stale.contains("[r] plan again"), "{stale}");
    assert_eq!(hand.tell(Event::PlanAgain), ["plan"]);
    hand.planned();
    assert!(!hand.run.is_confirmable(), "answers were for the other plan");
}

#[test]
fn a_plan_that_waited_too_long_is_planned_again() {
    let mut hand = Hand::new();
    hand.planned();
    hand.later(121);
    assert_eq!(hand.confirmed(), ["write refused"]);
    assert_eq!(hand.sends(), 0);
}

#[test]
fn without_a_plan_nothing_can_be_confirmed() {
    let mut hand = Hand::new();
    let situation = Box::new(hand.situation());
    hand.tell(Event::Planned { plan: Err(fault(FaultKind::Denied)), situation });
    assert_eq!(hand.confirmed(), ["write refused"]);
    assert_eq!((hand.run.phase, hand.sends()), (Phase::Ready, 0));
}

#[test]
fn a_requirement_that_is_not_known_to_hold_refuses() {
    let mut course = course();
    for (that, holds) in [("!deployment_in_progress", true), ("current == shop", false), ("nothing == 3", false)] {
        course.require = vec![crate::runbook::machine::Requirement {
            that: crate::config::runbook::predicate::parse(that).unwrap(),
            says: None,
            else_offer: Some("ecs-stop-deployment".into()),
        }];
        let mut hand = Hand::of(course.clone());
        hand.planned();
        assert_eq!(hand.run.unmet.is_empty(), holds, "{that}");
        assert_eq!(hand.confirmed() == ["lock"], holds, "{that}");
    }
}

#[test]
fn a_runbook_that_only_reads_reads_plans_and_sends_nothing() {
    let mut course = course();
    course.steps.retain(|step| *step.id != *"apply");
    course.verify.truncate(1);
    let mut hand = Hand::of(course);
    hand.planned();
    assert_eq!(hand.confirmed(), ["plan"], "never as a change of ours");
    let read = |hand: &mut Hand, state: &str| {
        let mut plan = plan(hand.now);
        let seen = [("state", state.into()), ("running", 3.into()), ("desired", 3.into())];
        plan.observed.extend(seen.map(|(name, value)| (name.to_owned(), value)));
        let situation = Box::new(hand.situation());
        hand.tell(Event::Planned { plan: Ok(Box::new(plan)), situation })
    };
    assert!(read(&mut hand, "IN_PROGRESS").is_empty());
    assert_eq!(hand.tell(Event::Tick), ["plan"]);
    assert_eq!(read(&mut hand, "COMPLETED"), ["plan"]);
    assert_eq!(read(&mut hand, "COMPLETED"), ["write closed", "unlock"]);
    assert_eq!(hand.run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::Verified));
    assert_eq!(hand.sends(), 0);
}

#[test]
fn a_signal_is_read_less_often_than_the_target() {
    let mut hand = Hand::new();
    hand.sending();
    hand.accepted();
    hand.observed(Standing::Done, &[("state", "COMPLETED".into())]);
    hand.alarms(Recovery::NotYet);
    hand.later(14);
    assert_eq!(hand.tell(Event::Tick), ["observe"]);
    hand.later(1);
    assert_eq!(hand.tell(Event::Tick), ["observe", "read alarms"]);
}
