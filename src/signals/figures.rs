//! Numbers as words: with their unit, short enough for a cell.

/// `8.4 %`.
pub fn percent(value: f64) -> String {
    format!("{value:.1} %")
}

/// `412/min`; `0.4/min` below ten; `0` for nothing at all.
pub fn per_minute(value: f64) -> String {
    if value <= 0.0 {
        "0".to_owned()
    } else if value < 9.95 && value.fract() != 0.0 {
        format!("{:.1}/min", value.max(0.1))
    } else {
        format!("{value:.0}/min")
    }
}

/// `230 ms`, `2.1 s`.
pub fn milliseconds(value: f64) -> String {
    if value < 999.5 { format!("{value:.0} ms") } else { format!("{:.1} s", value / 1000.0) }
}

/// The parts that are not empty, separated by commas.
pub fn listed(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// `3 muted`; empty for none.
pub fn counted(count: usize, what: &str) -> String {
    if count == 0 { String::new() } else { format!("{count} {what}") }
}

/// A count for a field.
pub fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_carry_their_unit() {
        assert_eq!(percent(8.44), "8.4 %");
        assert_eq!(
            [0.0, 0.01, 0.4, 1.0, 9.97, 412.3].map(per_minute),
            ["0", "0.1/min", "0.4/min", "1/min", "10/min", "412/min"]
        );
        assert_eq!([0.4, 999.4, 999.6, 2100.0].map(milliseconds), ["0 ms", "999 ms", "1.0 s", "2.1 s"]);
    }

    #[test]
    fn notes_leave_out_what_is_nothing() {
        assert_eq!(listed([counted(0, "muted"), counted(2, "no data"), counted(1, "blind")]), "2 no data, 1 blind");
        assert_eq!(listed([]), "");
    }
}
