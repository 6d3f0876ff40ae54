//! `environment.system` and `environment.name`: names that fit into a column, a flag and a file name.

use toml::de::DeValue;

use crate::config::document::{Document, Value};

const LONGEST: usize = 40;

pub(super) fn label(document: &mut Document<'_>, field: &str, value: &Value<'_>) {
    let DeValue::String(text) = value.get_ref() else { return };
    let fits = (1..=LONGEST).contains(&text.chars().count());
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if fits && plain && !text.starts_with(['-', '.']) {
        return;
    }
    let better: String = text
        .trim()
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '_' | '.') { c } else { '-' })
        .take(LONGEST)
        .collect();
    let better = better.trim_matches(['-', '.']);
    let suggestion = (!better.is_empty()).then(|| format!("did you mean `{better}`?"));
    let what =
        format!("`environment.{field}` must be 1 to {LONGEST} letters, digits, `-`, `_` or `.`: `{text}` is not");
    document.error(&value.span(), what, suggestion);
}
