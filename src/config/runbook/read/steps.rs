//! `steps` and `verify`: each does one thing, in time.

use std::time::Duration;

use toml::Spanned;

use super::Reader;
use crate::config::nearest::suggest;
use crate::config::runbook::file::{File, StepEntry, VerifyEntry};
use crate::config::runbook::kind::Kind;
use crate::config::runbook::schema::{Check, Do, Step};
use crate::config::runbook::span;
use crate::model::{Severity, Value};

/// A signal has this long to recover where nothing else is said.
const WITHIN: Duration = Duration::from_secs(10 * 60);

impl Reader<'_> {
    pub(super) fn steps(&mut self, file: &File) -> Vec<Step> {
        if file.steps.is_empty() {
            self.problem(&file.id.span(), "there are no steps", Some("add `steps = [ … ]`".to_owned()));
        }
        let mut steps: Vec<Step> = Vec::new();
        for entry in &file.steps {
            let Some(step) = self.step(entry) else { continue };
            if steps.iter().any(|other| other.id == step.id) {
                self.problem(&entry.span(), format!("there are two steps `{}`", step.id), None);
            }
            let sent = steps.iter().any(|other| matches!(other.does, Do::Send { .. }));
            let waits = steps.iter().find(|other| matches!(other.does, Do::Until(_) | Do::Hold(_)));
            if let (Do::Send { .. }, false, Some(waits)) = (&step.does, sent, waits) {
                let what =
                    format!("step `{}` would wait before the first `send`: the plan grows old meanwhile", waits.id);
                let suggestion = "put what must hold before it into `require`".to_owned();
                self.problem(&entry.span(), what, Some(suggestion));
            }
            steps.push(step);
        }
        self.required_params(file, &steps);
        steps
    }

    fn step(&mut self, entry: &Spanned<StepEntry>) -> Option<Step> {
        let (place, entry) = (entry.span(), entry.get_ref());
        match &entry.id {
            Some(id) => self.kebab(id, "id"),
            None => self.problem(&place, "this step has no `id`", Some("add `id = \"apply\"`".to_owned())),
        }
        let given = [
            ("confirm", entry.confirm.is_some()),
            ("send", entry.send.is_some()),
            ("until", entry.until.is_some()),
            ("hold", entry.hold.is_some()),
        ];
        let given: Vec<&str> = given.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        if given.len() != 1 {
            let what = match given.as_slice() {
                [] => "this step does nothing".to_owned(),
                many => format!("a step does one thing, and this one has `{}`", many.join("` and `")),
            };
            self.problem(&place, what, Some("one of `confirm`, `send`, `until`, `hold`".to_owned()));
            return None;
        }
        if let Some(value) = entry.value.as_ref().filter(|_| entry.send.is_none()) {
            self.problem(&value.span(), "`value` belongs to `send`", None);
        }
        let timeout = entry.timeout.as_ref().and_then(|text| self.timely(text, "timeout"));
        if let (Some(text), Some(_)) = (&entry.timeout, &entry.hold) {
            self.problem(&text.span(), "`hold` needs no `timeout`: it ends by itself", None);
        }
        let does = if let Some(text) = &entry.confirm {
            Do::Confirm(self.template(text)?)
        } else if let Some(text) = &entry.until {
            Do::Until(self.predicate(text)?)
        } else if let Some(text) = &entry.hold {
            Do::Hold(self.timely(text, "hold")?)
        } else {
            self.send(entry)?
        };
        Some(Step { id: entry.id.as_ref()?.get_ref().clone(), does, timeout })
    }

    /// A length of time that ends before the whole run does.
    fn timely(&mut self, text: &Spanned<String>, field: &str) -> Option<Duration> {
        let found = self.span(text, field)?;
        if found > self.deadline {
            let deadline = span::text(self.deadline);
            let what = format!("`{field}` is {}, and the deadline of the whole run is {deadline}", span::text(found));
            self.problem(&text.span(), what, Some("give the run a longer `deadline`".to_owned()));
        }
        Some(found)
    }

    /// Holds that together take the whole time leave none for anything else.
    pub(super) fn holds_fit(&mut self, file: &File, steps: &[Step]) {
        let holds = steps.iter().map(|step| match step.does {
            Do::Hold(span) => span,
            _ => Duration::ZERO,
        });
        let all = holds.fold(Duration::ZERO, Duration::saturating_add);
        if all >= self.deadline && self.errors == 0 {
            let what = format!("the steps hold for {}, the deadline is {}", span::text(all), span::text(self.deadline));
            self.problem(&file.id.span(), what, Some("give the run a longer `deadline`".to_owned()));
        }
    }

    fn send(&mut self, entry: &StepEntry) -> Option<Do> {
        let named = entry.send.as_ref()?;
        let send = named.get_ref().clone();
        let value = entry.value.as_ref().map(|value| self.value_template(value));
        let Some(action) = self.action else { return Some(Do::Send { send, sets: None, value: value.flatten() }) };
        let sets = match (action.param(&send), action.sends.iter().find(|(word, _)| *word == send)) {
            (Some(param), _) => Some(param.name.clone()),
            (None, Some((_, sets))) => sets.clone(),
            (None, None) => {
                let params = action.params.iter().map(|param| param.name.as_str());
                let known: Vec<&str> = action.sends.iter().map(|(word, _)| word.as_str()).chain(params).collect();
                let what = format!("`{}` sends no `{send}`", action.id);
                self.problem(&named.span(), what, suggest(&send, &known));
                return None;
            }
        };
        if let (Some(at), None) = (&entry.value, &sets) {
            self.problem(&at.span(), format!("`{send}` has no value"), Some("leave `value` out".to_owned()));
        }
        if let (Some(at), Some(param), Some(constant)) =
            (&entry.value, &sets, value.as_ref().and_then(|value| value.as_ref()?.as_constant()))
        {
            self.constant(&at.span(), param, &constant);
        }
        let value = match value {
            Some(value) => Some(value?),
            None => None,
        };
        Some(Do::Send { send, sets, value })
    }

    /// A constant must be what the parameter takes, within its bounds.
    fn constant(&mut self, place: &std::ops::Range<usize>, name: &str, constant: &Value) {
        if let Some(param) = self.declared.iter().find(|param| param.name == name) {
            if let Err(what) = param.check(constant) {
                self.problem(place, what, None);
            }
            return;
        }
        let accepts = self.action.and_then(|action| action.param(name)).map(|param| param.accepts.clone());
        let fits = accepts.unwrap_or_default().iter().any(|kind| {
            let kind = kind.kind();
            match constant {
                Value::Count(_) | Value::Number(_) => kind == Kind::Number,
                Value::Flag(_) => kind == Kind::Flag,
                _ => kind == Kind::Text,
            }
        });
        if !fits {
            self.problem(place, format!("`{name}` cannot be `{constant}`"), None);
        }
    }

    /// What the action cannot be planned without is declared, or set by every step that sends.
    fn required_params(&mut self, file: &File, steps: &[Step]) {
        let Some(action) = self.action else { return };
        let sends: Vec<&Do> =
            steps.iter().map(|step| &step.does).filter(|does| matches!(does, Do::Send { .. })).collect();
        for param in action.params.iter().filter(|param| param.required) {
            let declared = file.params.contains_key(&param.name);
            let set =
                |does: &&Do| matches!(does, Do::Send { sets: Some(sets), value: Some(_), .. } if *sets == param.name);
            if !declared && (sends.is_empty() || !sends.iter().all(set)) {
                let what = format!("`{}` needs the parameter `{}`", action.id, param.name);
                self.problem(&file.action.span(), what, Some(format!("add `params.{}`", param.name)));
            }
        }
    }

    pub(super) fn check(&mut self, entry: &Spanned<VerifyEntry>) -> Option<Check> {
        let (place, entry) = (entry.span(), entry.get_ref());
        match (&entry.that, &entry.signal) {
            (Some(that), None) => {
                if let Some(text) = entry.is.as_ref().or(entry.within.as_ref()) {
                    self.problem(&text.span(), "`is` and `within` belong to `signal`", None);
                }
                Some(Check::That { that: self.predicate(that)? })
            }
            (None, Some(signal)) => {
                let id = signal.get_ref();
                if !self.words.signals.contains(id) {
                    let known: Vec<&str> = self.words.signals.iter().map(String::as_str).collect();
                    self.problem(&signal.span(), format!("there is no signal `{id}`"), suggest(id, &known));
                }
                let is = entry.is.as_ref().map_or(Some(Severity::Ok), |is| self.severity(is));
                let within = entry.within.as_ref().map(|within| self.timely(within, "within"));
                Some(Check::Signal { signal: id.clone(), is: is?, within: within.unwrap_or(Some(WITHIN))? })
            }
            _ => {
                let what = "verify either `that` or a `signal`";
                self.problem(&place, what, Some("write `{ that = \"…\" }` or `{ signal = \"alarms\" }`".to_owned()));
                None
            }
        }
    }

    fn severity(&mut self, is: &Spanned<String>) -> Option<Severity> {
        match is.get_ref().to_ascii_lowercase().as_str() {
            "ok" => Some(Severity::Ok),
            "warning" => Some(Severity::Warning),
            other => {
                let what = format!("a signal cannot be verified to be `{other}`");
                self.problem(&is.span(), what, Some("`OK` or `WARNING`".to_owned()));
                None
            }
        }
    }
}
