//! `params`: parameters that the action has, of types that it takes, within bounds.

use toml::{Spanned, Value as Toml};

use super::Reader;
use crate::base::Text;
use crate::config::nearest::suggest;
use crate::config::runbook::file::{File, ParamEntry};
use crate::config::runbook::param::{Param, ParamType};
use crate::config::runbook::span;

impl Reader<'_> {
    pub(super) fn params(&mut self, file: &File) -> Vec<Param> {
        let mut entries: Vec<_> = file.params.iter().collect();
        entries.sort_by_key(|(_, entry)| entry.span().start);
        entries.into_iter().filter_map(|(name, entry)| self.param(name, entry)).collect()
    }

    fn param(&mut self, name: &str, entry: &Spanned<ParamEntry>) -> Option<Param> {
        let (span, entry) = (entry.span(), entry.get_ref());
        let kind = *entry.kind.get_ref();
        let mut required = entry.required.unwrap_or(false);
        if let Some(action) = self.action {
            let Some(known) = action.param(name) else {
                let names: Vec<&str> = action.params.iter().map(|param| param.name.as_str()).collect();
                let what = format!("`{}` has no parameter `{name}`", action.id);
                self.problem(&span, what, suggest(name, &names));
                return None;
            };
            if !known.accepts.contains(&kind) {
                let words: Vec<String> = known.accepts.iter().map(|kind| format!("`{}`", kind.word())).collect();
                let what = format!("`params.{name}` cannot be a {}", kind.word());
                self.problem(&entry.kind.span(), what, Some(format!("write {}", words.join(" or "))));
                return None;
            }
            required = entry.required.unwrap_or(known.required) && entry.default.is_none();
        }
        let min = entry.min.as_ref().and_then(|bound| self.bound(name, kind, bound));
        let max = entry.max.as_ref().and_then(|bound| self.bound(name, kind, bound));
        if matches!(kind, ParamType::Count | ParamType::Number) {
            for (field, given) in [("min", entry.min.is_some()), ("max", entry.max.is_some())] {
                if !given {
                    let what = format!("`params.{name}` is unbounded: it has no `{field}`");
                    self.problem(&span, what, Some(format!("add `{field} = …`")));
                }
            }
        }
        if let (Some(least), Some(most)) = (min, max)
            && least > most
        {
            self.problem(&span, format!("`params.{name}`: `min` is above `max`"), None);
        }
        let mut param = Param {
            name: name.to_owned(),
            kind,
            default: None,
            min,
            max,
            choices: Vec::new(),
            help: Text::new(&entry.help),
            required,
        };
        param.choices = entry.choices.iter().filter_map(|choice| self.fitting(&param, choice)).collect();
        // Judged with the choices in place.
        param.default = entry.default.as_ref().and_then(|default| self.fitting(&param, default));
        Some(param)
    }

    fn fitting(&mut self, param: &Param, value: &Spanned<Toml>) -> Option<crate::model::Value> {
        let found = self.scalar(value)?;
        match param.check(&found) {
            Ok(()) => Some(found),
            Err(what) => {
                self.problem(&value.span(), format!("`params.{}`: {what}", param.name), None);
                None
            }
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "no bound of AWS reaches 2^53")]
    fn bound(&mut self, name: &str, kind: ParamType, bound: &Spanned<Toml>) -> Option<f64> {
        let found = match (kind, bound.get_ref()) {
            (ParamType::Count | ParamType::Number, Toml::Integer(count)) => Some(*count as f64),
            (ParamType::Number, Toml::Float(number)) if number.is_finite() => Some(*number),
            (ParamType::Duration, Toml::String(text)) => span::parse(text).ok().map(|span| span.as_secs_f64()),
            _ => None,
        };
        if found.is_none() {
            let what = match kind {
                ParamType::Count => format!("a bound of `params.{name}` is a whole number"),
                ParamType::Number => format!("a bound of `params.{name}` is a number"),
                ParamType::Duration => format!("a bound of `params.{name}` is a length of time such as \"2h\""),
                other => format!("`params.{name}` is a {}: it has no bounds", other.word()),
            };
            self.problem(&bound.span(), what, None);
        }
        found
    }
}
