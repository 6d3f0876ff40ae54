//! From texts to a configuration: preset < file < environment variables < flags. Pure; what is broken is left out and
//! reported, what is valid is kept.

use toml::de::{DeTable, DeValue};

use crate::base::Text;
use crate::config::document::{Document, in_order};
use crate::config::fields::{known, names_of, table};
use crate::config::loaded::Loaded;
use crate::config::nearest::nearest;
use crate::config::overrides::Overrides;
use crate::config::problem::Problem;
use crate::config::source::Source;
use crate::config::{Config, Vocabulary, rules};

/// Loads the layers, the weakest first.
pub fn load(sources: &[&Source], overrides: &[Overrides], vocabulary: &Vocabulary) -> Loaded {
    let mut loaded = Loaded::default();
    for source in sources {
        layer(&mut loaded, source, vocabulary);
    }
    for values in overrides {
        values.apply(&mut loaded, vocabulary);
    }
    loaded
}

fn layer(loaded: &mut Loaded, source: &Source, vocabulary: &Vocabulary) {
    let root = match DeTable::parse(&source.text) {
        Ok(root) => root.into_inner(),
        Err(error) => {
            let position = error.span().map(|span| source.position(&span));
            let what = format!("this is not TOML: {}", error.message());
            loaded.problems.push(Problem::error(&source.file, position, what));
            loaded.config.unreadable_freezes.push(Text::new(format!("{} is not TOML", source.file)));
            return;
        }
    };
    let mut document = Document::new(source);
    for (key, value) in in_order(&root) {
        let name = key.get_ref().as_ref();
        if !known(&mut document, "", key, names_of::<Config>()) {
            if nearest(name, names_of::<Config>().iter().copied()) == Some("freeze") {
                let unread = rules::unread_freeze(&document, &key.span(), "");
                loaded.config.unreadable_freezes.push(unread);
            }
            continue;
        }
        if name == "environment" {
            let (kept, left_out) = rules::environments(&mut document, value, vocabulary);
            loaded.config.environments = kept;
            loaded.left_out = left_out.into_iter().map(Text::from).collect();
        } else if name == "metric" || name == "freeze" {
            // Judged below, once all environments are known: they may stand above them.
        } else if let Some(fields) = table(&mut document, name, value) {
            section(loaded, &mut document, name, fields, vocabulary);
        }
        loaded.origins.insert(name.to_owned(), Text::from(&source.file));
    }
    if let Some(value) = root.get("metric") {
        loaded.config.metrics = rules::metrics(&mut document, value, &loaded.config.environments, &loaded.left_out);
    }
    if let Some(value) = root.get("freeze") {
        let config = &mut loaded.config;
        let (kept, unreadable) = rules::freezes(&mut document, value, &config.environments, &loaded.left_out);
        config.freezes = kept;
        config.unreadable_freezes.extend(unreadable);
    }
    if !matches!(root.get("environment").map(toml::Spanned::get_ref), Some(DeValue::Array(_))) && document.errors() == 0
    {
        document.warning(&(0..0), "no environment: nothing to watch", Some("add an `[[environment]]`".to_owned()));
    }
    loaded.problems.extend(document.finish());
}

fn section(
    loaded: &mut Loaded,
    document: &mut Document<'_>,
    name: &str,
    fields: &DeTable<'_>,
    vocabulary: &Vocabulary,
) {
    let config = &mut loaded.config;
    match name {
        "thresholds" => {
            for (signal, levels) in rules::thresholds(document, name, fields, vocabulary) {
                config.thresholds.entry(signal).or_default().extend(levels);
            }
        }
        "cadence" => config.cadence = rules::cadence(document, fields, &config.cadence),
        "budget" => config.budget = rules::budget(document, fields, &config.budget),
        "display" => config.display = rules::display(document, fields, &config.display, vocabulary),
        "keys" => {
            let (keys, places) = rules::keys(document, fields, vocabulary);
            config.keys.extend(keys);
            let file = document.file();
            loaded.key_places.extend(places.into_iter().map(|(action, place)| (action, (file.clone(), place))));
        }
        "team" => config.team = rules::team(document, fields, &config.team, vocabulary),
        "naming" => config.naming = rules::naming(document, fields, &config.naming),
        _ => {}
    }
}
