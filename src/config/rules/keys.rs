//! `[keys]`: known actions, readable keys, no key for two actions.

use std::collections::{BTreeMap, HashMap};

use toml::de::{DeTable, DeValue};

use crate::config::Vocabulary;
use crate::config::document::{Document, in_order, kind};
use crate::config::keys::parse;
use crate::config::nearest::suggest;

pub(in crate::config) fn keys(
    document: &mut Document<'_>,
    table: &DeTable<'_>,
    vocabulary: &Vocabulary,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut taken = HashMap::new();
    let always = parse("ctrl-c").ok();
    for (action, value) in in_order(table) {
        let name = action.get_ref().as_ref();
        if let Some(actions) = &vocabulary.actions
            && !actions.iter().any(|known| known == name)
        {
            let names: Vec<_> = actions.iter().map(String::as_str).collect();
            document.error(&action.span(), format!("`keys`: unknown action `{name}`"), suggest(name, &names));
            continue;
        }
        let DeValue::String(written) = value.get_ref() else {
            let what = format!("`keys.{name}` must be a key in quotes, not {}", kind(value.get_ref()));
            document.error(&value.span(), what, Some("write it like `\"ctrl-r\"`".to_owned()));
            continue;
        };
        match parse(written) {
            Err(error) => document.error(&value.span(), format!("`keys.{name}`: {error}"), Some(error.suggestion)),
            Ok(key) if Some(key) == always => {
                document.error(&value.span(), format!("`keys.{name}`: `ctrl-c` always quits"), None);
            }
            Ok(key) => {
                if let Some(other) = taken.get(&key) {
                    let what = format!("`keys.{name}`: `{written}` is already the key of `{other}`");
                    document.error(&value.span(), what, None);
                } else {
                    taken.insert(key, name.to_owned());
                    found.insert(name.to_owned(), written.clone().into_owned());
                }
            }
        }
    }
    found
}
