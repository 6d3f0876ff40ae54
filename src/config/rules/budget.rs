//! `[budget]`: an amount that can be kept to.

use toml::de::{DeTable, DeValue};

use crate::config::Budget;
use crate::config::document::Document;
use crate::config::fields::overlay;

pub(in crate::config) fn budget(document: &mut Document<'_>, table: &DeTable<'_>, base: &Budget) -> Budget {
    overlay(document, "budget.", table, base, &[], |document, name, value| {
        let amount = match value.get_ref() {
            DeValue::Float(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64),
            // Other types are refused as what they are.
            _ => return,
        };
        if !amount.is_some_and(|amount| amount.is_finite() && amount > 0.0) {
            let what = format!("`budget.{name}` must be more than nothing");
            document.error(&value.span(), what, Some("leave it out for no limit".to_owned()));
        }
    })
}
