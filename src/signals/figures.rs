//! Numbers as words: with their unit, short enough for a cell.

/// `8.4 %`.
pub fn percent(value: f64) -> String {
    format!("{value:.1} %")
}

/// `93 %`: for cells where a tenth tells nothing.
pub fn whole_percent(value: f64) -> String {
    format!("{value:.0} %")
}

/// `42 s`, `1.4 s`.
pub fn seconds(value: f64) -> String {
    if value < 9.95 && value.fract() != 0.0 { format!("{value:.1} s") } else { format!("{value:.0} s") }
}

/// `1.4 GB`, `82 GB`.
pub fn gigabytes(value: f64) -> String {
    if value < 9.95 { format!("{value:.1} GB") } else { format!("{value:.0} GB") }
}

/// `1 broker`, `3 brokers`.
pub fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
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

/// `12 s`, `45 min`, `3.2 h`, `2.0 d`.
pub fn span(value: f64) -> String {
    match value {
        value if value < 119.5 => format!("{value:.0} s"),
        value if value < 7170.0 => format!("{:.0} min", value / 60.0),
        value if value < 172_800.0 => format!("{:.1} h", value / 3600.0),
        value => format!("{:.1} d", value / 86_400.0),
    }
}

/// Any figure with any unit: `4.8 s`, `412/min`, `12.3M bytes`, `0.034`.
pub fn measured(value: f64, unit: &str) -> String {
    let number = match value.abs() {
        size if size >= 1e9 => format!("{:.1}G", value / 1e9),
        size if size >= 1e6 => format!("{:.1}M", value / 1e6),
        size if size >= 99.95 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 0.995 => format!("{value:.1}"),
        size if size >= 0.000_5 => format!("{value:.3}").trim_end_matches('0').to_owned(),
        _ => format!("{value:.0e}"),
    };
    match unit {
        "" => number,
        unit if unit.starts_with('/') => format!("{number}{unit}"),
        unit => format!("{number} {unit}"),
    }
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
    fn small_figures_keep_a_tenth() {
        assert_eq!([0.0, 1.44, 9.96, 82.4].map(gigabytes), ["0.0 GB", "1.4 GB", "10 GB", "82 GB"]);
        assert_eq!([0.0, 1.25, 42.4].map(seconds), ["0 s", "1.2 s", "42 s"]);
        assert_eq!(whole_percent(92.6), "93 %");
        assert_eq!([0, 1, 3].map(|count| plural(count, "node")), ["0 nodes", "1 node", "3 nodes"]);
    }

    #[test]
    fn times_and_any_figures_stay_short() {
        assert_eq!(
            [0.0, 119.0, 120.0, 2700.0, 7200.0, 172_800.0].map(span),
            ["0 s", "119 s", "2 min", "45 min", "2.0 h", "2.0 d"]
        );
        let figures = [0.0, 4.84, 412.3, 12_345_678.0, 0.034, 0.0001, 99.96, -2.5, 3e9];
        let short = ["0", "4.8", "412", "12.3M", "0.034", "1e-4", "100", "-2.5", "3.0G"];
        assert_eq!(figures.map(|figure| measured(figure, "")), short);
        assert_eq!(
            (measured(3.0, "s"), measured(3.0, "/min"), measured(0.5, "%")),
            ("3 s".into(), "3/min".into(), "0.5 %".into())
        );
    }

    #[test]
    fn notes_leave_out_what_is_nothing() {
        assert_eq!(listed([counted(0, "muted"), counted(2, "no data"), counted(1, "blind")]), "2 no data, 1 blind");
        assert_eq!(listed([]), "");
    }
}
