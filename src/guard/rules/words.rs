//! Words that several rules use.

use jiff::Timestamp;

use crate::guard::situation::Situation;

/// Hours, minutes and seconds in UTC.
pub(super) fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%SZ").to_string()
}

/// The same, with the day where it is not that of `now`.
pub(super) fn clock_seen(at: Timestamp, now: Timestamp) -> String {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    if day(at) == day(now) { clock(at) } else { format!("{} {}", day(at), clock(at)) }
}

/// That the clock is off, by how much, and what cannot be judged for it.
pub(super) fn clock_is_off(situation: &Situation, what: &str) -> String {
    let skew = situation.skew_s.unwrap_or_default();
    let side = if skew < 0 { "behind" } else { "ahead of" };
    format!("the clock is {} s {side} AWS's: {what} cannot be judged", skew.unsigned_abs())
}
