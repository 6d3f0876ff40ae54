//! A question after a send: the run waits there for the answer, and sends nothing until it has it.

use super::support::*;
use crate::guard::LockState;
use crate::model::record::Ending;
use crate::model::{Standing, Values};
use crate::runbook::machine::{Course, Does, Event, Phase, Step};

/// Two sends with a question between them.
fn asking() -> Hand {
    let step = |id: &str, does| Step { id: id.into(), does, timeout_s: Some(300) };
    let question = |text: &str| Does::Confirm(crate::config::runbook::Template::parse(text).unwrap());
    let steps = vec![
        step("read", question("Is it safe?")),
        step("first", Does::Send(Values::new())),
        step("check", question("{{now.errors}} errors: all of it?")),
        step("second", Does::Send(Values::new())),
    ];
    let mut hand = Hand::of(Course { steps, verify: Vec::new(), ..course() });
    hand.sending();
    hand.later(1);
    assert_eq!(hand.accepted(), ["write outcome", "write owed", "observe"]);
    assert_eq!(hand.run.phase, Phase::Asking);
    hand.observed(Standing::Done, &[("errors", 7.into())]);
    hand
}

fn ending(hand: &Hand) -> Option<Ending> {
    hand.run.ending.as_ref().map(|(ending, _)| *ending)
}

#[test]
fn only_what_comes_first_is_asked_with_the_plan() {
    let hand = asking();
    let first: Vec<String> = hand.run.questions().map(|(id, _)| id.to_string()).collect();
    assert_eq!(first, ["read"]);
    let (step, text) = hand.run.asking().unwrap();
    assert_eq!((step.as_str(), text.as_str()), ("check", "7 errors: all of it?"));
}

#[test]
fn it_goes_on_with_the_answer_to_this_very_question() {
    let mut hand = asking();
    for other in ["read", "second", ""] {
        assert!(hand.tell(Event::Answered(other.into())).is_empty());
    }
    for _ in 0..20 {
        hand.later(10);
        assert_eq!(hand.tell(Event::Tick), ["observe"]);
        hand.observed(Standing::Done, &[("errors", 7.into())]);
    }
    assert_eq!((hand.run.phase, hand.sends()), (Phase::Asking, 1));
    assert_eq!(hand.tell(Event::Answered("check".into())), ["plan"]);
    assert_eq!(hand.planned(), ["intent"]);
    assert_eq!(hand.tell(Event::IntentWritten(Ok(hand.now))), ["reread"]);
    assert_eq!((hand.reread(), hand.sends()), (vec!["send".to_owned()], 2));
}

#[test]
fn without_an_answer_nothing_more_is_sent() {
    let mut hand = asking();
    hand.later(301);
    assert!(hand.tell(Event::Tick).contains(&"write closed".to_owned()));
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Failed), 1));
    for event in [Event::Cancel, Event::Hangup("the terminal was closed".into())] {
        let mut hand = asking();
        assert_eq!(hand.tell(event), ["write closed", "unlock"]);
        assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Stopped), 1));
        assert!(hand.tell(Event::Answered("check".into())).is_empty());
    }
    let mut hand = asking();
    hand.observed(Standing::Overtaken, &[]);
    assert_eq!((ending(&hand), hand.sends()), (Some(Ending::Failed), 1), "the change did not last");
    let mut hand = asking();
    hand.tell(Event::Locked(LockState::Free));
    assert_eq!(hand.run.phase, Phase::Asking);
}
