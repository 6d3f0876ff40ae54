//! `[thresholds.<signal>]`: known signals and thresholds, in the direction in which they are bad.

use serde::Deserialize;
use toml::de::{DeTable, ValueDeserializer};

use crate::config::document::{Document, Value, in_order};
use crate::config::fields::{plain, table};
use crate::config::nearest::suggest;
use crate::config::vocabulary::SignalWords;
use crate::config::{Thresholds, Vocabulary};
use crate::model::Level;

/// The good thresholds of a table; `path` is `thresholds` or `environment.thresholds`.
pub(in crate::config) fn thresholds(
    document: &mut Document<'_>,
    path: &str,
    signals: &DeTable<'_>,
    vocabulary: &Vocabulary,
) -> Thresholds {
    let mut found = Thresholds::new();
    for (signal, value) in in_order(signals) {
        let id = signal.get_ref().as_ref();
        let words = match &vocabulary.signals {
            None => None,
            Some(known) => match known.iter().find(|words| words.id == id) {
                Some(words) => Some(words),
                None => {
                    let ids: Vec<_> = known.iter().map(|words| words.id.as_str()).collect();
                    document.error(&signal.span(), format!("`{path}`: unknown signal `{id}`"), suggest(id, &ids));
                    continue;
                }
            },
        };
        let path = format!("{path}.{id}");
        let Some(levels) = table(document, &path, value) else { continue };
        for (key, value) in in_order(levels) {
            let name = key.get_ref().as_ref();
            let before = document.errors();
            let default = default_of(document, &path, key.span(), name, words);
            if document.errors() > before {
                continue;
            }
            if let Some(level) = level(document, &format!("{path}.{name}"), value, default) {
                found.entry(id.to_owned()).or_default().insert(name.to_owned(), level);
            }
        }
    }
    found
}

fn default_of(
    document: &mut Document<'_>,
    path: &str,
    span: std::ops::Range<usize>,
    name: &str,
    words: Option<&SignalWords>,
) -> Option<Level> {
    let words = words?;
    let default = words.thresholds.iter().find(|(known, _)| known == name).map(|(_, level)| *level);
    if default.is_none() {
        let names: Vec<_> = words.thresholds.iter().map(|(name, _)| name.as_str()).collect();
        let suggestion = suggest(name, &names).or_else(|| names.is_empty().then(|| format!("`{}` has none", words.id)));
        document.error(&span, format!("`{path}`: unknown threshold `{name}`"), suggestion);
    }
    default
}

fn level(document: &mut Document<'_>, path: &str, value: &Value<'_>, default: Option<Level>) -> Option<Level> {
    const SHAPE: &str = "write it like `{ warn = 1, critical = 5 }`";
    let level = match Level::deserialize(ValueDeserializer::from(value.clone())) {
        Ok(level) => level,
        Err(error) => {
            let what = plain(error.message());
            let span = error.span().unwrap_or(value.span());
            document.error(&span, format!("`{path}`: {what}"), Some(SHAPE.to_owned()));
            return None;
        }
    };
    let usable = |number: f64| number.is_finite() && number >= 0.0;
    if !usable(level.warn) || !usable(level.critical) {
        document.error(&value.span(), format!("`{path}`: thresholds are numbers from zero up"), Some(SHAPE.to_owned()));
        return None;
    }
    let wrong_way = default.and_then(|default| {
        let falling = default.critical < default.warn;
        let swapped = if falling { level.critical > level.warn } else { level.critical < level.warn };
        swapped.then_some(if falling { "small" } else { "large" })
    });
    if let Some(bad) = wrong_way {
        let Level { warn, critical } = level;
        let what = format!("`{path}`: warns after it is critical, though {bad} values are the bad ones");
        document.error(
            &value.span(),
            what,
            Some(format!("did you mean `{{ warn = {critical}, critical = {warn} }}`?")),
        );
        return None;
    }
    Some(level)
}
