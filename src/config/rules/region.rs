//! `environment.region`: built like a region code; one that is merely unknown may be new.

use toml::de::DeValue;

use crate::config::document::{Document, Value};
use crate::config::nearest::{nearest, suggest};
use crate::config::regions::{KNOWN, well_formed};

pub(super) fn region(document: &mut Document<'_>, path: &str, value: &Value<'_>) {
    let DeValue::String(text) = value.get_ref() else { return };
    if !well_formed(text) {
        let zone = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let meant = if KNOWN.contains(&zone) { Some(zone) } else { nearest(text, KNOWN) };
        let suggestion = meant.map_or("write it like `eu-west-1`".into(), |meant| format!("did you mean `{meant}`?"));
        document.error(&value.span(), format!("`{path}.region`: `{text}` is not a region"), Some(suggestion));
    } else if !KNOWN.contains(&text.as_ref()) {
        document.warning(&value.span(), format!("`{path}.region`: unknown region `{text}`"), suggest(text, &KNOWN));
    }
}
