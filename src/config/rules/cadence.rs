//! `[cadence]`: seconds within sensible bounds. Asking more often costs money and gets throttled; AWS itself has
//! nothing newer (metrics come by the minute).

use toml::de::{DeTable, DeValue};

use crate::config::Cadence;
use crate::config::document::{Document, Value, kind};
use crate::config::fields::overlay;

/// Nothing that is asked for less often than once a day is watched.
const SLOWEST_S: u64 = 86_400;

pub(in crate::config) fn cadence(document: &mut Document<'_>, table: &DeTable<'_>, base: &Cadence) -> Cadence {
    overlay(document, "cadence.", table, base, &[], seconds)
}

/// The fastest that is allowed, in seconds.
fn fastest_s(name: &str) -> u64 {
    match name {
        "metrics" => 10,
        "inventory" => 30,
        _ => 5,
    }
}

fn seconds(document: &mut Document<'_>, name: &str, value: &Value<'_>) {
    let span = value.span();
    let fastest = fastest_s(name);
    let DeValue::Integer(number) = value.get_ref() else {
        let found = kind(value.get_ref());
        let what = format!("`cadence.{name}` must be a whole number of seconds, not {found}");
        document.error(&span, what, Some(format!("{fastest} to {SLOWEST_S}")));
        return;
    };
    let seconds = i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(i128::MAX);
    if seconds < i128::from(fastest) {
        let what = format!("`cadence.{name}` = {number} s is too often");
        document.error(&span, what, Some(format!("at least {fastest}")));
    } else if seconds > i128::from(SLOWEST_S) {
        let what = format!("`cadence.{name}` = {number} s is too rare");
        document.error(&span, what, Some(format!("at most {SLOWEST_S}, one day")));
    }
}
