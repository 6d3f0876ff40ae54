//! `[display]`: the theme must exist.

use toml::de::{DeTable, DeValue};

use crate::config::Vocabulary;
use crate::config::document::Document;
use crate::config::fields::overlay;
use crate::config::nearest::suggest;
use crate::config::schema::Display;

pub(in crate::config) fn display(
    document: &mut Document<'_>,
    table: &DeTable<'_>,
    base: &Display,
    vocabulary: &Vocabulary,
) -> Display {
    overlay(document, "display.", table, base, &[], |document, name, value| {
        if let ("theme", DeValue::String(written)) = (name, value.get_ref())
            && let Err((what, suggestion)) = theme(written, vocabulary)
        {
            document.error(&value.span(), what, suggestion);
        }
    })
}

/// Checks a theme's name; what is wrong and what to write instead.
pub(in crate::config) fn theme(written: &str, vocabulary: &Vocabulary) -> Result<(), (String, Option<String>)> {
    let Some(themes) = &vocabulary.themes else { return Ok(()) };
    if themes.iter().any(|known| known == written) {
        return Ok(());
    }
    let names: Vec<_> = themes.iter().map(String::as_str).collect();
    Err((format!("unknown theme `{written}`"), suggest(written, &names)))
}
