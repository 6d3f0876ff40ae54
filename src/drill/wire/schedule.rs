//! `at(…)` expressions of schedules.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The time of `at(yyyy-MM-ddThh:mm)` or `at(yyyy-MM-ddThh:mm:ss)` in UTC. The drill knows no other time zones.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn at(expression: &str, timezone: Option<&str>) -> Result<Timestamp, String> {
    if let Some(zone) = timezone.filter(|zone| !matches!(*zone, "UTC" | "Etc/UTC" | "GMT")) {
        return Err(format!("The drill offers schedules in UTC only, not in {zone}."));
    }
    let inner = expression.strip_prefix("at(").and_then(|rest| rest.strip_suffix(')'));
    let inner = inner.ok_or_else(|| format!("The drill offers at(yyyy-MM-ddThh:mm) schedules, not {expression}."))?;
    let time: Option<DateTime> = inner.parse().ok().filter(|_| inner.contains('T') && !inner.ends_with('Z'));
    let zoned = time.and_then(|time| time.to_zoned(TimeZone::UTC).ok());
    zoned.map(|zoned| zoned.timestamp()).ok_or_else(|| format!("{inner} is not a time such as 2026-11-21T04:00."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_seconds_and_nothing_else_is() {
        let second = |expression: &str| at(expression, None).map(|time| time.to_string());
        assert_eq!(second("at(2026-11-21T04:00)").unwrap(), "2026-11-21T04:00:00Z");
        assert_eq!(second("at(2026-11-21T04:00:30)").unwrap(), "2026-11-21T04:00:30Z");
        for bad in ["", "at()", "at(2026-11-21)", "at(2026-13-01T00:00)", "cron(0 2 * * *)", "at(2026-11-21T04:00Z)"] {
            assert!(at(bad, None).is_err(), "{bad}");
        }
        assert!(at("at(2026-11-21T04:00)", Some("Europe/Berlin")).is_err());
        assert!(at("at(2026-11-21T04:00)", Some("UTC")).is_ok());
    }
}
