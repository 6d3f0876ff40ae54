//! A span of every week, in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAY_S: i64 = 24 * 60 * 60;
const WEEK_S: i64 = 7 * DAY_S;
/// 1970-01-01 was a Thursday: three days into its week.
const EPOCH_S: i64 = 3 * DAY_S;

/// From one time of the week to another, over the turn of the week where that comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// When it begins, in UTC, e.g. `Fri 16:00`.
    #[schemars(with = "String")]
    pub from: WeekTime,
    /// When it has ended, in UTC, e.g. `Mon 08:00`.
    #[schemars(with = "String")]
    pub until: WeekTime,
}

impl Weekly {
    /// Seconds until it ends, where it is on at `now`.
    pub fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        let since = |time: WeekTime| (now.as_second() + EPOCH_S - time.seconds()).rem_euclid(WEEK_S);
        let lasts = (self.until.seconds() - self.from.seconds()).rem_euclid(WEEK_S);
        let left = lasts - since(self.from);
        (left > 0).then_some(left)
    }
}

/// A minute of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WeekTime {
    day: usize,
    minute: u32,
}

impl WeekTime {
    /// Since Monday 00:00.
    fn seconds(self) -> i64 {
        i64::try_from(self.day).unwrap_or(0) * DAY_S + i64::from(self.minute) * 60
    }
}

/// Why a text is no time of the week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time of the week: write a day and a time, e.g. `Fri 16:00`")]
pub struct NotATime(String);

impl FromStr for WeekTime {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let read = || {
            let (day, time) = text.trim().split_once(' ')?;
            let is_it = |name: &&str| day.eq_ignore_ascii_case(name) || day.eq_ignore_ascii_case(&name[..3]);
            let (hours, minutes) = time.trim().split_once(':')?;
            let number = |digits: &str, below: u32| {
                let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
                digits.parse::<u32>().ok().filter(|number| two && *number < below)
            };
            Some(Self { day: DAYS.iter().position(is_it)?, minute: number(hours, 24)? * 60 + number(minutes, 60)? })
        };
        read().ok_or_else(|| NotATime(text.to_owned()))
    }
}

impl fmt::Display for WeekTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = DAYS.get(self.day).map_or("", |name| &name[..3]);
        write!(f, "{day} {:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

impl From<WeekTime> for String {
    fn from(time: WeekTime) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for WeekTime {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(from: &str, until: &str, now: &str) -> Option<i64> {
        let weekly = Weekly { from: from.parse().unwrap(), until: until.parse().unwrap() };
        weekly.seconds_left(now.parse().unwrap())
    }

    #[test]
    fn a_week_is_counted_from_monday_in_utc() {
        // 2026-11-20 is a Friday.
        assert_eq!(left("Fri 16:00", "Mon 08:00", "2026-11-20T15:59:59Z"), None);
        assert_eq!(left("Fri 16:00", "Mon 08:00", "2026-11-20T16:00:00Z"), Some(64 * 3600));
        assert_eq!(left("Fri 16:00", "Mon 08:00", "2026-11-23T00:00:00Z"), Some(8 * 3600), "over the turn of the week");
        assert_eq!(left("Fri 16:00", "Mon 08:00", "2026-11-23T07:59:59Z"), Some(1));
        assert_eq!(left("Fri 16:00", "Mon 08:00", "2026-11-23T08:00:00Z"), None);
        assert_eq!(left("Tue 09:00", "Tue 10:00", "1969-12-30T09:30:00Z"), Some(1800), "before the epoch as well");
    }

    #[test]
    fn days_are_read_as_people_write_them_and_nothing_else_is() {
        for text in ["Fri 16:00", "fri 16:00", "FRIDAY 16:00", " Friday  16:00 "] {
            assert_eq!(text.parse::<WeekTime>().unwrap().to_string(), "Fri 16:00", "{text}");
        }
        for text in ["", "Fri", "16:00", "Fr 16:00", "Fri 24:00", "Fri 16:60", "Fri 4:00", "Fri 16.00", "Fri +6:00"] {
            assert!(text.parse::<WeekTime>().is_err(), "{text}");
        }
    }
}
