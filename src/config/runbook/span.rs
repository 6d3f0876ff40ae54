//! Lengths of time as runbooks write them: `15m`, `90s`, `1h30m`.

use std::time::Duration;

use jiff::SignedDuration;

/// No runbook takes longer.
pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// Reads a length of time: above zero, at most a week.
///
/// # Errors
/// Why it is none, in half a sentence.
pub fn parse(text: &str) -> Result<Duration, String> {
    // No length of time is longer to write, and a parser's time grows with its text.
    let parsed = if text.len() <= 64 { text.trim().parse::<SignedDuration>().ok() } else { None };
    let Some(span) = parsed.and_then(|span| Duration::try_from(span).ok()).filter(|span| !span.is_zero()) else {
        return Err("is no length of time above zero: write it like 15m, 90s or 1h30m".to_owned());
    };
    if span > LONGEST { Err("is longer than a week".to_owned()) } else { Ok(span) }
}

/// As it is written: `1h30m`.
pub fn text(span: Duration) -> String {
    let seconds = span.as_secs();
    let units = [(3_600, "h"), (60, "m"), (1, "s")];
    let mut left = seconds;
    let mut out = String::new();
    for (size, unit) in units {
        if left >= size {
            out.push_str(&format!("{}{unit}", left / size));
            left %= size;
        }
    }
    match span.subsec_millis() {
        0 if out.is_empty() => "0s".to_owned(),
        0 => out,
        millis => format!("{out}{millis}ms"),
    }
}

pub(super) fn serialize<S: serde::Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*span))
}

pub(super) fn serialize_some<S: serde::Serializer>(span: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match span {
        Some(span) => serialize(span, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written_the_same() {
        for written in ["15m", "90s", "1h30m", "48h", "1m30s", "500ms"] {
            let span = parse(written).unwrap_or_default();
            assert_eq!(parse(&text(span)), Ok(span), "{written}");
        }
        assert_eq!(text(Duration::from_secs(90)), "1m30s");
        assert_eq!(parse("15m"), Ok(Duration::from_secs(900)));
    }

    #[test]
    fn what_is_no_length_is_refused() {
        for wrong in ["", "0s", "-5m", "15", "soon", "200h", &"1m".repeat(100)] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
