//! `[display]`: the theme and the rows must exist, and no row is asked for twice.

use toml::de::{DeTable, DeValue};

use crate::config::Vocabulary;
use crate::config::document::{Document, Value};
use crate::config::fields::overlay;
use crate::config::nearest::suggest;
use crate::config::schema::Display;

pub(in crate::config) fn display(
    document: &mut Document<'_>,
    table: &DeTable<'_>,
    base: &Display,
    vocabulary: &Vocabulary,
) -> Display {
    overlay(document, "display.", table, base, &[], |document, name, value| match (name, value.get_ref()) {
        ("theme", DeValue::String(written)) => {
            if let Err((what, suggestion)) = theme(written, vocabulary) {
                document.error(&value.span(), what, suggestion);
            }
        }
        ("rows", DeValue::Array(ids)) => signals(document, name, ids.iter(), &[], vocabulary),
        ("hide", DeValue::Array(ids)) => signals(document, name, ids.iter(), &texts(table.get("rows")), vocabulary),
        _ => {}
    })
}

/// Checks a list of signals' ids; `taken` are those that another list has.
fn signals<'t, 'a: 't>(
    document: &mut Document<'_>,
    field: &str,
    ids: impl Iterator<Item = &'t Value<'a>>,
    taken: &[&str],
    vocabulary: &Vocabulary,
) {
    let mut seen = Vec::new();
    for value in ids {
        let DeValue::String(id) = value.get_ref() else { continue };
        let known =
            vocabulary.signals.as_ref().map(|all| all.iter().map(|words| words.id.as_str()).collect::<Vec<_>>());
        if let Some(known) = known.filter(|known| !known.contains(&id.as_ref())) {
            document.error(&value.span(), format!("`display.{field}`: unknown signal `{id}`"), suggest(id, &known));
        } else if taken.contains(&id.as_ref()) {
            let what = format!("`display.{field}`: `{id}` is in `display.rows` too");
            document.error(&value.span(), what, Some("leave it out of one of them".to_owned()));
        } else if seen.contains(id) {
            document.error(&value.span(), format!("`display.{field}`: `{id}` stands there twice"), None);
        }
        seen.push(id.clone());
    }
}

/// The texts in a list.
fn texts<'t>(list: Option<&'t Value<'_>>) -> Vec<&'t str> {
    match list.map(toml::Spanned::get_ref) {
        Some(DeValue::Array(values)) => values.iter().filter_map(|value| value.get_ref().as_str()).collect(),
        _ => Vec::new(),
    }
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
