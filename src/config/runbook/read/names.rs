//! The names in conditions and texts: known ones only, each under the name that is read.

use std::ops::Range;

use toml::{Spanned, Value as Toml};

use super::Reader;
use crate::config::nearest::suggest;
use crate::config::runbook::kind::Kind;
use crate::config::runbook::predicate::{self, Predicate};
use crate::config::runbook::scope::{BEFORE, COMMON, NOW};
use crate::config::runbook::template::Template;
use crate::model::Value;

impl Reader<'_> {
    pub(super) fn predicate(&mut self, text: &Spanned<String>) -> Option<Predicate> {
        let (span, text) = (text.span(), text.get_ref());
        let parsed = match predicate::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.problem(
                    &self.inside(&span, text, error.at),
                    format!("not a condition: {}", error.what),
                    error.help,
                );
                return None;
            }
        };
        let wrong = parsed.check(&|name| self.kind(name));
        for wrong in &wrong {
            let suggestion = wrong.name.as_ref().filter(|name| self.kind(name).is_none());
            let suggestion = suggestion.and_then(|name| self.nearest(name));
            self.problem(&self.inside(&span, text, wrong.at(text)), &wrong.what, suggestion);
        }
        wrong.is_empty().then_some(parsed)
    }

    pub(super) fn template(&mut self, text: &Spanned<String>) -> Option<Template> {
        self.template_at(&text.span(), text.get_ref())
    }

    fn template_at(&mut self, span: &Range<usize>, text: &str) -> Option<Template> {
        let template = match Template::parse(text) {
            Ok(template) => template,
            Err((at, what)) => {
                self.problem(&self.inside(span, text, at), what, None);
                return None;
            }
        };
        let unknown: Vec<&str> = template.names().filter(|name| self.kind(name).is_none()).collect();
        for name in &unknown {
            let at = place_of(text, name);
            let suggestion = self.nearest(name);
            self.problem(&self.inside(span, text, at), format!("there is no `{name}` here"), suggestion);
        }
        unknown.is_empty().then_some(template)
    }

    /// A text with names in it, or a constant.
    pub(super) fn value_template(&mut self, value: &Spanned<Toml>) -> Option<Template> {
        match value.get_ref() {
            Toml::String(text) => self.template_at(&value.span(), text),
            _ => self.scalar(value).map(Template::constant),
        }
    }

    /// A constant.
    pub(super) fn scalar(&mut self, value: &Spanned<Toml>) -> Option<Value> {
        match value.get_ref() {
            Toml::String(text) => Some(Value::Text(text.into())),
            Toml::Integer(count) => Some(Value::Count(*count)),
            Toml::Float(number) if number.is_finite() => Some(Value::Number(*number)),
            Toml::Boolean(flag) => Some(Value::Flag(*flag)),
            _ => {
                self.problem(&value.span(), "a value is a number, a text, true or false", None);
                None
            }
        }
    }

    /// What a name stands for: `None` where there is no such name, `Some(None)` where its kind is not known.
    fn kind(&self, name: &str) -> Option<Option<Kind>> {
        let Some(action) = self.action else { return Some(None) };
        let field = |word: &str| action.field(word).map(|field| field.kind);
        if let Some(read) = name.strip_prefix(BEFORE).or_else(|| name.strip_prefix(NOW)) {
            return field(read);
        }
        if let Some(param) = self.declared.iter().find(|param| param.name == name) {
            return Some(Some(param.kind.kind()));
        }
        // One that must be given and is not declared has no value.
        if let Some(param) = action.param(name).filter(|param| !param.required) {
            return Some(param.accepts.first().map(|kind| kind.kind()));
        }
        if COMMON.contains(&name) {
            return Some(Some(Kind::Text));
        }
        field(name)
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let action = self.action?;
        let fields: Vec<&str> = action.fields.iter().map(|field| field.name.as_str()).collect();
        for prefix in [BEFORE, NOW] {
            if let Some(read) = name.strip_prefix(prefix) {
                return suggest(read, &fields);
            }
        }
        let params = action.params.iter().map(|param| param.name.as_str());
        let all: Vec<&str> = fields.iter().copied().chain(params).chain(COMMON.iter().copied()).collect();
        suggest(name, &all)
    }

    /// The place of a byte of a text in the file: exact where the text stands there without escapes, else its start.
    fn inside(&self, span: &Range<usize>, text: &str, at: usize) -> Range<usize> {
        let written = self.source.text.get(span.clone()).unwrap_or_default();
        let start = written.find(text).filter(|start| *start <= 4).map_or(span.start, |start| span.start + start + at);
        start..span.end
    }
}

/// Where `{{name}}` has its name in a text (byte offset).
fn place_of(text: &str, name: &str) -> usize {
    let mut opens = text.match_indices("{{").map(|(at, open)| at + open.len());
    let starts = |at: &usize| text[*at..].trim_start().starts_with(name);
    opens.find(starts).map_or(0, |at| text.len() - text[at..].trim_start().len())
}
