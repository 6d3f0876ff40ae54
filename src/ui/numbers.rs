//! Numbers as people read them.

use crate::signals::charts::Unit;

/// A measured number with as many digits as say something.
pub fn short(number: f64) -> String {
    if number.abs() >= 1_000.0 && number.abs() < 1e15 {
        return grouped(number.round_ties_even() as i64);
    }
    let digits = match number.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{number:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A whole number in groups of three: `1,234,567`.
pub fn grouped(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if count < 0 {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A measured number with a prefix that keeps it short, and its unit: `1.2 k`, `3.4 GB`, `250 ms`, `2.1 s`.
pub fn measured(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count | Unit::Plain => prefixed(value, ""),
        Unit::PerSecond => format!("{}/s", prefixed(value, "")),
        Unit::Percent => format!("{} %", short(value)),
        Unit::Bytes => prefixed(value, "B"),
        Unit::Milliseconds if value.abs() < 1_000.0 => format!("{} ms", short(value)),
        Unit::Milliseconds => time(value / 1_000.0),
        Unit::Seconds if value != 0.0 && value.abs() < 1.0 => format!("{} ms", short(value * 1_000.0)),
        Unit::Seconds => time(value),
    }
}

fn time(seconds: f64) -> String {
    match seconds.abs() {
        size if size < 120.0 => format!("{} s", short(seconds)),
        size if size < 7_200.0 => format!("{} min", short(seconds / 60.0)),
        _ => format!("{} h", short(seconds / 3_600.0)),
    }
}

/// With the prefixes of thousands: k, M, G, T.
fn prefixed(value: f64, unit: &str) -> String {
    let prefixes = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let found = prefixes.into_iter().find(|(size, _)| value.abs() >= *size);
    let (number, prefix) = found.map_or((value, ""), |(size, prefix)| (value / size, prefix));
    format!("{} {prefix}{unit}", short(number)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measured_number_is_short_and_has_its_unit() {
        let cases = [
            (1_234.0, Unit::Count, "1.23 k"),
            (3.4e9, Unit::Bytes, "3.4 GB"),
            (512.0, Unit::Bytes, "512 B"),
            (250.0, Unit::Milliseconds, "250 ms"),
            (2_100.0, Unit::Milliseconds, "2.1 s"),
            (0.25, Unit::Seconds, "250 ms"),
            (0.0, Unit::Seconds, "0 s"),
            (600.0, Unit::Seconds, "10 min"),
            (8.4, Unit::Percent, "8.4 %"),
            (25.0, Unit::PerSecond, "25/s"),
        ];
        for (value, unit, expected) in cases {
            assert_eq!(measured(value, unit), expected);
        }
    }
}
