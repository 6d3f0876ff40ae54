//! Times and ages as the screens write them: UTC, and one unit that says enough.

use jiff::Timestamp;

use crate::base::clock::seconds_between;

/// `8 s`, `3 min`, `2 h`, `5 d`.
pub fn age(seconds: u64) -> String {
    match seconds {
        0..=89 => format!("{seconds} s"),
        90..=5_399 => format!("{} min", (seconds + 30) / 60),
        5_400..=129_599 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => format!("{} d", (seconds + 43_200) / 86_400),
    }
}

/// The age of something that happened at `then`.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    age(seconds_between(then, now))
}

/// `read 8 s ago`; a past minute was not read at all.
pub fn read(age_s: u64, past: bool) -> String {
    if past { "reconstructed".to_owned() } else { format!("read {} ago", age(age_s)) }
}

/// Time of day to the second: `03:12:40Z`.
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%SZ").to_string()
}

/// Time of day, with the date when it was another day: `03:05Z`, `11-20 23:50Z`.
pub fn moment(at: Timestamp, now: Timestamp) -> String {
    if day(at) == day(now) { at.strftime("%H:%MZ").to_string() } else { at.strftime("%m-%d %H:%MZ").to_string() }
}

/// Time of day, or the date alone when it was another day: `03:05Z`, `11-20`.
pub fn brief(at: Timestamp, now: Timestamp) -> String {
    if day(at) == day(now) { at.strftime("%H:%MZ").to_string() } else { at.strftime("%m-%d").to_string() }
}

/// Time of day to the second, with the date when it was another day: `03:05:10Z`, `11-20 23:50:00Z`.
pub fn dated(at: Timestamp, now: Timestamp) -> String {
    if day(at) == day(now) { clock(at) } else { at.strftime("%m-%d %H:%M:%SZ").to_string() }
}

fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unit_that_says_enough() {
        let cases = [(0, "0 s"), (89, "89 s"), (90, "2 min"), (420, "7 min"), (5_400, "2 h"), (200_000, "2 d")];
        for (seconds, expected) in cases {
            assert_eq!(age(seconds), expected);
        }
    }

    #[test]
    fn the_date_is_shown_only_when_it_is_another_day() {
        let now: Timestamp = "2026-11-21T03:12:40Z".parse().unwrap();
        assert_eq!(clock(now), "03:12:40Z");
        assert_eq!(moment("2026-11-21T03:05:00Z".parse().unwrap(), now), "03:05Z");
        assert_eq!(moment("2026-11-20T23:50:00Z".parse().unwrap(), now), "11-20 23:50Z");
    }
}
