//! Alarms as they stood at a past minute, from the history of their states.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::history::{self, History, Transition};
use super::{Alarm, Inventory, State};
use crate::cloud::Session;
use crate::model::Fault;
use crate::signals::Then;

/// CloudWatch keeps the history of alarms for 30 days (CloudWatch User Guide, Using CloudWatch alarms; older editions
/// say two weeks).
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How far before the minute the history is read, to tell since when; and how much of that must be left before a
/// history that was read for a later minute is read again.
const BEFORE: SignedDuration = SignedDuration::from_hours(6);
const ENOUGH: SignedDuration = SignedDuration::from_hours(1);

const HISTORY: &str = "alarm history";

/// The alarms at a past minute. A history is good for the minutes around it, as long as inventories are.
pub async fn rewind(session: &Session, live: Arc<Inventory>, then: &Then) -> Result<Arc<Inventory>, Fault> {
    if then.now.duration_since(then.at) > KEPT {
        let alarms = live.alarms.iter().map(|alarm| unknown(alarm, "alarm history reaches back 30 days")).collect();
        return Ok(Arc::new(Inventory { alarms, mutes_known: false }));
    }
    let before = |by: SignedDuration| then.at.checked_sub(by).unwrap_or(then.at);
    let known = session.memo.recall::<History>(HISTORY, session.settled_for);
    let history = match known.filter(|history| history.from <= before(ENOUGH)) {
        Some(history) => history,
        None => session.memo.remember(HISTORY, history::read(session, live, before(BEFORE)).await?),
    };
    Ok(Arc::new(at(&history, then.at)))
}

fn unknown(alarm: &Alarm, why: &str) -> Alarm {
    Alarm {
        state: State::Unknown,
        since: None,
        reason: why.into(),
        muted: false,
        suppressed_by: None,
        evaluation: None,
        ..alarm.clone()
    }
}

/// The alarms at `at`. Those that did not exist yet are left out; nobody knows which were muted.
pub fn at(history: &History, at: Timestamp) -> Inventory {
    let there = |alarm: &&Alarm| history.created.get(&alarm.name).is_none_or(|created| *created <= at);
    let alarms = history.live.alarms.iter().filter(there).map(|alarm| alarm_at(alarm, history, at)).collect();
    Inventory { alarms, mutes_known: false }
}

fn alarm_at(live: &Alarm, history: &History, at: Timestamp) -> Alarm {
    let changes = history.transitions.get(&live.name).map(Vec::as_slice).unwrap_or_default();
    let (earlier, later): (Vec<&Transition>, Vec<&Transition>) = changes.iter().partition(|change| change.at <= at);
    let (last, next) = (earlier.last(), later.first());
    let cut = history.until.is_some_and(|until| until < at);
    match (last, next) {
        (Some(_), None) | (None, None) if cut => unknown(live, "there are more changes of alarms than can be read"),
        (None, None) if history.until.is_some() => unknown(live, "there are more changes of alarms than can be read"),
        (None, None) if live.since.is_some_and(|since| since > at) => unknown(live, "no history of it was kept"),
        (None, None) => Alarm { muted: false, ..live.clone() },
        // What went into a state before and has not left it since: the present one, with what goes with it.
        (Some(last), None) if last.new.0 == live.state && history.until.is_none() => {
            Alarm { since: Some(last.at), muted: false, ..live.clone() }
        }
        (Some(last), _) => stood(live, &last.new, Some(last.at)),
        (None, Some(next)) => stood(live, &next.old, None),
    }
}

fn stood(live: &Alarm, (state, reason): &(State, crate::base::Text), since: Option<Timestamp>) -> Alarm {
    Alarm {
        state: *state,
        since,
        reason: reason.clone(),
        muted: false,
        suppressed_by: None,
        evaluation: None,
        ..live.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::super::Kind;
    use super::*;
    use crate::model::Severity;

    fn time(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn alarm(state: State, since: i64) -> Alarm {
        Alarm {
            name: "a".into(),
            arn: "arn".into(),
            kind: Kind::Metric,
            state,
            since: Some(time(since)),
            reason: "now".into(),
            actions_enabled: true,
            muted: true,
            suppressed_by: None,
            evaluation: None,
            class: Severity::Critical,
            watches: Vec::new(),
        }
    }

    /// A history in which the states follow each other at these seconds.
    fn history(first: State, changes: &[(i64, State)]) -> History {
        let mut state = first;
        let mut transitions = Vec::new();
        for (second, next) in changes {
            let side = |state: State| (state, format!("{state:?}").into());
            transitions.push(Transition { at: time(*second), old: side(state), new: side(*next) });
            state = *next;
        }
        let since = changes.last().map_or(-90_000, |(second, _)| *second);
        let live = Inventory { alarms: vec![alarm(state, since)], mutes_known: true };
        let transitions = HashMap::from([("a".into(), transitions)]);
        History { live: Arc::new(live), from: time(-1000), transitions, ..History::default() }
    }

    #[test]
    fn the_change_before_and_the_change_after_agree() {
        let history = history(State::Ok, &[(0, State::Alarm), (600, State::Ok)]);
        let stand = |second| {
            let alarm = at(&history, time(second)).alarms.remove(0);
            (alarm.state, alarm.since)
        };
        assert_eq!(stand(-1), (State::Ok, None), "the change that followed tells the state before it");
        assert_eq!(stand(0), (State::Alarm, Some(time(0))));
        assert_eq!(stand(599), (State::Alarm, Some(time(0))));
        assert_eq!(stand(600), (State::Ok, Some(time(600))));
    }

    #[test]
    fn without_a_change_it_stood_as_it_stands() {
        let history = history(State::Alarm, &[]);
        let alarm = &at(&history, time(0)).alarms[0];
        assert_eq!((alarm.state, alarm.muted), (State::Alarm, false));
    }

    #[test]
    fn what_cannot_be_known_is_unknown() {
        let mut cut = history(State::Ok, &[]);
        cut.until = Some(time(-10));
        assert_eq!(at(&cut, time(0)).alarms[0].state, State::Unknown);
        let mut younger = history(State::Ok, &[]);
        let mut live = (*younger.live).clone();
        live.alarms[0].since = Some(time(5));
        younger.live = Arc::new(live);
        assert_eq!(
            at(&younger, time(0)).alarms[0].state,
            State::Unknown,
            "changed after, and no history says from what"
        );
    }

    #[test]
    fn an_alarm_made_later_was_not_there() {
        let mut history = history(State::Ok, &[]);
        history.created.insert("a".into(), time(100));
        assert!(at(&history, time(0)).alarms.is_empty());
        assert_eq!(at(&history, time(100)).alarms.len(), 1);
    }

    proptest! {
        #[test]
        fn any_minute_is_told_as_it_was(
            steps in prop::collection::vec((1i64..100, 0usize..3), 0..20), asked in -500i64..2500,
        ) {
            const STATES: [State; 3] = [State::Ok, State::Alarm, State::NoData];
            let mut second = -400;
            let mut state = State::Ok;
            let mut expected = State::Ok;
            let mut changes = Vec::new();
            for (wait, which) in steps {
                second += wait;
                if STATES[which] != state {
                    state = STATES[which];
                    changes.push((second, state));
                    if second <= asked {
                        expected = state;
                    }
                }
            }
            prop_assert_eq!(at(&history(State::Ok, &changes), time(asked)).alarms[0].state, expected);
        }
    }
}
