//! `environment.tier`: one of the tiers.

use toml::de::DeValue;

use crate::config::document::{Document, Value};
use crate::config::fields::names_of;
use crate::config::nearest::suggest;
use crate::model::Tier;

pub(super) fn tier(document: &mut Document<'_>, value: &Value<'_>) {
    let names = names_of::<Tier>();
    if let DeValue::String(text) = value.get_ref()
        && !names.contains(&text.as_ref())
    {
        document.error(&value.span(), format!("`environment.tier`: unknown tier `{text}`"), suggest(text, names));
    }
}
