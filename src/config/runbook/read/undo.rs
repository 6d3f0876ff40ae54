//! `undo`: an action of the same kind of resource, with parameters that it has.

use std::collections::BTreeMap;

use toml::{Spanned, Value as Toml};

use super::Reader;
use crate::config::nearest::suggest;
use crate::config::runbook::schema::UndoTemplate;

impl Reader<'_> {
    pub(super) fn undo(&mut self, undo: &Spanned<BTreeMap<String, Spanned<Toml>>>) -> Option<UndoTemplate> {
        let (place, entries) = (undo.span(), undo.get_ref());
        let Some(named) = entries.get("action") else {
            self.problem(&place, "`undo` has no `action`", Some("add `action = \"…\"`".to_owned()));
            return None;
        };
        let Toml::String(id) = named.get_ref() else {
            self.problem(&named.span(), "`undo.action` is the id of an action", None);
            return None;
        };
        let Some(action) = self.words.action(id) else {
            let known: Vec<&str> = self.words.actions.iter().map(|action| action.id.as_str()).collect();
            self.problem(&named.span(), format!("there is no action `{id}`"), suggest(id, &known));
            return None;
        };
        if let Some(own) = self.action.filter(|own| own.kind != action.kind) {
            let what = format!("`{id}` is for {}, the runbook is for {}", action.kind, own.kind);
            self.problem(&named.span(), what, None);
        }
        let mut params = BTreeMap::new();
        let mut given: Vec<_> = entries.iter().filter(|(name, _)| *name != "action").collect();
        given.sort_by_key(|(_, value)| value.span().start);
        for (name, value) in given {
            if action.param(name).is_none() {
                let known: Vec<&str> = action.params.iter().map(|param| param.name.as_str()).collect();
                self.problem(&value.span(), format!("`{id}` has no parameter `{name}`"), suggest(name, &known));
                continue;
            }
            params.insert(name.clone(), self.value_template(value)?);
        }
        for param in action.params.iter().filter(|param| param.required && !params.contains_key(&param.name)) {
            self.problem(&place, format!("`{id}` needs the parameter `{}`", param.name), None);
        }
        Some(UndoTemplate { action: id.clone(), params })
    }
}
