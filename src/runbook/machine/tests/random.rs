//! Whatever happens in whatever order: what must never be.

use proptest::prelude::*;

use super::support::*;
use crate::guard::LockState;
use crate::model::record::Ending;
use crate::model::{FaultKind, Sent, Standing};
use crate::runbook::machine::{Event, Phase, Recovery};

fn happen(hand: &mut Hand, what: u8) {
    match what {
        0 => drop(hand.planned()),
        1 => drop(hand.confirmed()),
        2 => drop(hand.tell(Event::Locked(LockState::Ours))),
        3 => drop(hand.tell(Event::IntentWritten(Ok(hand.now)))),
        4 => drop(hand.reread()),
        5 => drop(hand.accepted()),
        6 => drop(hand.tell(Event::Sent(Sent::Unknown { fault: fault(FaultKind::Timeout) }))),
        7 => drop(hand.tell(Event::Sent(Sent::Rejected { fault: fault(FaultKind::Throttled) }))),
        8 => drop(hand.tell(Event::Sent(Sent::Rejected { fault: fault(FaultKind::Denied) }))),
        9 => drop(hand.observed(Standing::Underway, &[("state", "COMPLETED".into())])),
        10 => drop(hand.observed(Standing::NotApplied, &[])),
        11 => {
            drop(hand.observed(
                Standing::Done,
                &[("state", "COMPLETED".into()), ("running", 1.into()), ("desired", 1.into())],
            ))
        }
        12 => drop(hand.observed(Standing::Failed, &[])),
        13 => drop(hand.alarms(Recovery::Recovered)),
        14 => drop(hand.tell(Event::Tick)),
        15 => hand.later(40),
        16 => drop(hand.tell(Event::PlanAgain)),
        17 => drop(hand.tell(Event::IntentWritten(Err("full".into())))),
        18 => drop(hand.tell(Event::Cancel)),
        19 => drop(hand.tell(Event::Observed(Err(fault(FaultKind::Expired))))),
        20 => drop(hand.tell(Event::Resolve { applied: true, reason: "seen".into() })),
        _ => drop(hand.tell(Event::Hangup("SIGHUP".into()))),
    }
}

proptest! {
    #[test]
    fn a_send_always_follows_its_own_intent_and_reading_and_an_unknown_outcome_is_never_sent_again(
        happened in prop::collection::vec(0u8..22, 0..60)
    ) {
        let mut hand = Hand::new();
        for what in happened {
            let over = hand.run.phase == Phase::Closed;
            let before = hand.asked.len();
            happen(&mut hand, what);
            prop_assert!(!over || hand.asked.len() == before, "a run that is over asks for nothing");
        }
        let order: Vec<&str> = hand
            .asked
            .iter()
            .map(String::as_str)
            .filter(|name| ["lock", "intent", "reread", "send"].contains(name))
            .collect();
        for (index, _) in order.iter().enumerate().filter(|(_, name)| **name == "send") {
            prop_assert_eq!(&order[index.saturating_sub(2)..index], ["intent", "reread"]);
        }
        let unknown = hand.run.sendings.iter().position(|sending| matches!(sending.sent, Some(Sent::Unknown { .. })));
        if let Some(place) = unknown {
            prop_assert_eq!(place + 1, hand.run.sendings.len(), "nothing was sent after it");
        }
        prop_assert_eq!(hand.sends(), hand.run.sendings.len());
        let verified = matches!(hand.run.ending, Some((Ending::Verified, _)));
        if verified {
            prop_assert!(hand.run.sendings.iter().any(|sending| sending.applied == Some(true)));
            prop_assert_eq!(hand.run.seen.last().map(|seen| seen.standing), Some(Standing::Done));
            prop_assert!(hand.run.checks.iter().all(|checked| checked.holds));
        }
        if hand.run.phase == Phase::Closed && hand.run.sendings.iter().all(|sending| sending.applied == Some(false)) {
            let ending = hand.run.ending.as_ref().map(|(ending, _)| *ending);
            prop_assert!(matches!(ending, Some(Ending::NotSent | Ending::Rejected)), "{:?}", ending);
        }
    }
}
