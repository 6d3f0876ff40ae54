//! `--at`: a past minute, and whether its wall can be rebuilt.

use color_eyre::eyre::{Result, eyre};
use jiff::Timestamp;

use crate::cli::exit::UsageError;
use crate::poll::past::{OutOfReach, in_reach, minute};

/// RFC 3339; seconds may be left out.
pub fn moment(text: &str) -> Result<Timestamp> {
    text.parse().map_err(|_| eyre!("a time is written like 2026-11-20T03:12Z"))
}

/// The minute of `at`, where it can be rebuilt at `now`.
pub fn checked(at: Timestamp, now: Timestamp) -> Result<Timestamp> {
    let at = minute(at);
    match in_reach(at, now) {
        Ok(()) => Ok(at),
        Err(OutOfReach::Future) => Err(UsageError(format!("--at {at} is in the future; it is {}", minute(now))).into()),
        Err(OutOfReach::TooOld) => Err(UsageError(format!("--at {at} is too long ago: {}", OutOfReach::TooOld)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_enough_and_seconds_are_cut() {
        let minute: Timestamp = "2026-11-20T03:12:00Z".parse().unwrap();
        let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        for written in ["2026-11-20T03:12Z", "2026-11-20T03:12:40Z", "2026-11-20T04:12+01:00"] {
            assert_eq!(checked(moment(written).unwrap(), now).unwrap(), minute, "{written}");
        }
        assert!(moment("yesterday").is_err());
        assert!(checked(now, minute).unwrap_err().to_string().contains("future"));
        assert!(checked(moment("2026-09-01T00:00Z").unwrap(), now).unwrap_err().to_string().contains("63 days"));
    }
}
