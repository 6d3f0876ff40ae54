//! `[keys]`: known actions and readable keys. Which key is free on which screen is the keymap's to judge.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::config::document::{Document, in_order, kind};
use crate::config::keys::check;
use crate::config::nearest::suggest;
use crate::config::{Position, Vocabulary};

/// The good entries of the table, and where each stands.
pub(in crate::config) fn keys(
    document: &mut Document<'_>,
    table: &DeTable<'_>,
    vocabulary: &Vocabulary,
) -> (BTreeMap<String, String>, BTreeMap<String, Position>) {
    let (mut found, mut places) = (BTreeMap::new(), BTreeMap::new());
    for (action, value) in in_order(table) {
        let name = action.get_ref().as_ref();
        let span = value.span();
        if let Some(actions) = &vocabulary.actions
            && !actions.iter().any(|known| known == name)
        {
            let names: Vec<_> = actions.iter().map(String::as_str).collect();
            document.error(&action.span(), format!("`keys`: unknown action `{name}`"), suggest(name, &names));
            continue;
        }
        let DeValue::String(written) = value.get_ref() else {
            let what = format!("`keys.{name}` must be a key in quotes, not {}", kind(value.get_ref()));
            document.error(&span, what, Some("write it like `\"ctrl-r\"`".to_owned()));
            continue;
        };
        if let Err((wrong, suggestion)) = check(written) {
            document.error(&span, format!("`keys.{name}`: `{wrong}` is not a key"), Some(suggestion));
            continue;
        }
        found.insert(name.to_owned(), written.clone().into_owned());
        places.insert(name.to_owned(), document.position(&span));
    }
    (found, places)
}
