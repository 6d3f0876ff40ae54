//! `environment.tier`: one of the tiers.

use toml::de::DeValue;

use crate::config::document::{Document, Value, kind};
use crate::config::fields::names_of;
use crate::config::nearest::suggest;
use crate::model::Tier;

pub(super) fn tier(document: &mut Document<'_>, value: &Value<'_>) {
    let names = names_of::<Tier>();
    match value.get_ref() {
        DeValue::String(text) if names.contains(&text.as_ref()) => {}
        DeValue::String(text) => {
            document.error(&value.span(), format!("`environment.tier`: unknown tier `{text}`"), suggest(text, names));
        }
        other => {
            let what = format!("`environment.tier` must be text, not {}", kind(other));
            document.error(&value.span(), what, suggest("", names));
        }
    }
}
