//! Inputs of a scenario whose time has come.

use jiff::{SignedDuration, Timestamp};

/// Takes the events that are due at `now`, each with its time. `at_s` counts from `began`.
pub fn due<T>(events: &mut Vec<T>, began: Timestamp, now: Timestamp, at_s: impl Fn(&T) -> i64) -> Vec<(T, Timestamp)> {
    let time = |event: &T| began.checked_add(SignedDuration::from_secs(at_s(event))).unwrap_or(began);
    events
        .extract_if(.., |event| time(event) <= now)
        .map(|event| (time(&event), event))
        .map(|(at, event)| (event, at))
        .collect()
}
