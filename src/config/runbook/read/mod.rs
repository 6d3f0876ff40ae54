//! From the text of a runbook to the runbook, or to what is wrong with it.

use std::ops::Range;
use std::time::Duration;

use globset::GlobBuilder;
use toml::Spanned;

use super::file::File;
use super::schema::{AppliesTo, Limits, NameGlob, OnFailure, Requirement, Runbook};
use super::span;
use super::words::{ActionWords, RunbookWords};
use crate::base::Text;
use crate::config::nearest::suggest;
use crate::config::problem::{Position, Problem, Weight};
use crate::config::source::Source;
use crate::model::Risk;

mod names;
mod params;
mod steps;
mod undo;

/// The whole run ends after this long where the file says nothing else.
const DEADLINE: Duration = Duration::from_secs(30 * 60);
/// Characters of an id.
const LONGEST_ID: usize = 64;
/// Second persons, targets: nobody has more to ask or to watch.
const MOST_APPROVALS: i64 = 6;
const MOST_TARGETS: i64 = 20;

/// What came of reading a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Read {
    /// The runbook; `None` where anything is wrong with it: it is used as a whole or not at all.
    pub runbook: Option<Runbook>,
    /// The id that the file gives, where it can be read.
    pub id: Option<(String, Position)>,
    /// The runbooks that it offers instead, and where it does.
    pub offers: Vec<(String, Position)>,
    /// What is wrong, and what is probably a mistake.
    pub problems: Vec<Problem>,
}

/// Reads a runbook. Whether the runbooks that it offers exist only the whole library knows.
pub fn read(source: &Source, words: &RunbookWords) -> Read {
    let file: File = match toml::from_str(&source.text) {
        Ok(file) => file,
        Err(error) => {
            let position = error.span().map(|span| source.position(&span));
            let problem = Problem::error(&source.file, position, plain(error.message()));
            let problems = vec![problem.with_suggestion(suggestion(error.message()))];
            return Read { problems, ..Read::default() };
        }
    };
    let action = words.action(file.action.get_ref());
    let mut reader =
        Reader { source, words, action, declared: Vec::new(), errors: 0, problems: Vec::new(), deadline: DEADLINE };
    let id = (file.id.get_ref().clone(), source.position(&file.id.span()));
    let offered = file.require.iter().filter_map(|entry| entry.else_offer.as_ref());
    let offers = offered.map(|offer| (offer.get_ref().clone(), source.position(&offer.span()))).collect();
    let runbook = reader.runbook(&file);
    let runbook = runbook.filter(|_| reader.errors == 0);
    reader.problems.sort_by_key(|problem| problem.position);
    Read { runbook, id: Some(id), offers, problems: reader.problems }
}

/// The part of serde's message that says what is wrong.
fn plain(message: &str) -> &str {
    message.split(", expected").next().unwrap_or(message)
}

/// The nearest of the names that serde's message says it expected.
fn suggestion(message: &str) -> Option<String> {
    let (unknown, expected) = message.split_once(", expected ")?;
    let unknown = unknown.strip_prefix("unknown field ").or_else(|| unknown.strip_prefix("unknown variant "))?;
    let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    suggest(unknown.trim_matches('`'), &names)
}

/// True for kebab case: `ecs-rollback`.
fn is_kebab(id: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    id.len() <= LONGEST_ID && id.split('-').all(part)
}

struct Reader<'a> {
    source: &'a Source,
    words: &'a RunbookWords,
    /// `None` where there is no such action: then names cannot be checked.
    action: Option<&'a ActionWords>,
    declared: Vec<super::Param>,
    errors: usize,
    problems: Vec<Problem>,
    deadline: Duration,
}

impl Reader<'_> {
    fn problem(&mut self, span: &Range<usize>, what: impl AsRef<str>, suggestion: Option<String>) {
        self.errors += 1;
        let position = Some(self.source.position(span));
        self.problems.push(Problem::error(&self.source.file, position, what).with_suggestion(suggestion));
    }

    fn warning(&mut self, span: &Range<usize>, what: impl AsRef<str>) {
        let position = Some(self.source.position(span));
        let problem = Problem::error(&self.source.file, position, what);
        self.problems.push(Problem { weight: Weight::Warning, ..problem });
    }

    fn runbook(&mut self, file: &File) -> Option<Runbook> {
        let at = file.id.span();
        if *file.schema.get_ref() != 1 {
            let what = format!("schema {} is not known here", file.schema.get_ref());
            self.problem(&file.schema.span(), what, Some("write `schema = 1`".to_owned()));
        }
        self.kebab(&file.id, "id");
        let title = Text::new(file.title.get_ref());
        if title.trim().is_empty() {
            self.problem(&file.title.span(), "the title is empty", None);
        }
        if self.action.is_none() {
            let name = file.action.get_ref();
            let known: Vec<&str> = self.words.actions.iter().map(|action| action.id.as_str()).collect();
            self.problem(&file.action.span(), format!("there is no action `{name}`"), suggest(name, &known));
        }
        if let Some(deadline) = &file.deadline {
            self.deadline = self.span(deadline, "deadline").unwrap_or(DEADLINE);
        }
        let applies_to = self.applies_to(file);
        let params = self.params(file);
        self.declared.clone_from(&params);
        let limits = self.limits(file);
        let approvals = self.approvals(file);
        let require = file.require.iter().filter_map(|entry| self.requirement(entry)).collect();
        let steps = self.steps(file);
        self.holds_fit(file, &steps);
        let verify = file.verify.iter().filter_map(|entry| self.check(entry)).collect::<Vec<_>>();
        let sends = file.steps.iter().any(|step| step.get_ref().send.is_some());
        if sends && file.verify.is_empty() {
            self.warning(&at, "nothing is verified at the end: add `verify`");
        }
        let undo = file.undo.as_ref().and_then(|undo| self.undo(undo));
        let on_failure = file.on_failure.as_ref().map(|found| *found.get_ref()).unwrap_or_default();
        if let Some(undo) = &file.undo
            && !sends
        {
            self.problem(&undo.span(), "nothing is sent, so there is nothing to undo", None);
        }
        if let Some(found) = &file.on_failure
            && on_failure == OnFailure::Undo
            && file.undo.is_none()
        {
            self.problem(&found.span(), "`on_failure = \"undo\"` without `undo`", Some("add `undo`".to_owned()));
        }
        Some(Runbook {
            id: file.id.get_ref().clone(),
            title,
            action: file.action.get_ref().clone(),
            risk: file.risk,
            deadline: self.deadline,
            applies_to: applies_to?,
            params,
            limits,
            approvals,
            require,
            steps,
            verify,
            undo,
            on_failure,
        })
    }

    fn kebab(&mut self, id: &Spanned<String>, field: &str) {
        if !is_kebab(id.get_ref()) {
            let what = format!("`{field}` is not in kebab case, or longer than {LONGEST_ID} characters");
            self.problem(&id.span(), what, Some("write it like `ecs-rollback`".to_owned()));
        }
    }

    fn span(&mut self, text: &Spanned<String>, field: &str) -> Option<Duration> {
        match span::parse(text.get_ref()) {
            Ok(span) => Some(span),
            Err(what) => {
                self.problem(&text.span(), format!("`{field}` {what}"), None);
                None
            }
        }
    }

    fn applies_to(&mut self, file: &File) -> Option<AppliesTo> {
        let entry = &file.applies_to;
        let own = self.action.map(|action| action.kind);
        if let (Some(kind), Some(own)) = (&entry.kind, own)
            && *kind.get_ref() != own
        {
            let what = format!("`{}` is for {own}, not for {}", file.action.get_ref(), kind.get_ref());
            self.problem(&kind.span(), what, Some(format!("write `{own}`")));
        }
        let mut names = Vec::new();
        for text in &entry.names {
            match GlobBuilder::new(text.get_ref()).literal_separator(false).build() {
                Ok(_) if text.get_ref().is_empty() => self.problem(&text.span(), "this glob is empty", None),
                Ok(glob) => names.push(NameGlob { text: text.get_ref().into(), glob: glob.compile_matcher() }),
                Err(error) => self.problem(&text.span(), format!("not a glob: {}", error.kind()), None),
            }
        }
        let kind = entry.kind.as_ref().map(|kind| *kind.get_ref()).or(own)?;
        Some(AppliesTo { kind, names, tiers: entry.tiers.clone() })
    }

    fn limits(&mut self, file: &File) -> Limits {
        let entry = &file.limits;
        Limits {
            floor: self.within(entry.floor.as_ref(), "limits.floor", 0, i64::from(u32::MAX)),
            healthy_percent: self
                .within(entry.healthy_percent.as_ref(), "limits.healthy_percent", 0, 100)
                .and_then(|percent| u8::try_from(percent).ok()),
            step: self.within(entry.step.as_ref(), "limits.step", 1, i64::from(u32::MAX)),
            targets: self
                .within(entry.targets.as_ref(), "limits.targets", 1, MOST_TARGETS)
                .and_then(|targets| usize::try_from(targets).ok()),
        }
    }

    fn within(&mut self, found: Option<&Spanned<i64>>, field: &str, least: i64, most: i64) -> Option<i64> {
        let found = found?;
        let number = *found.get_ref();
        if (least..=most).contains(&number) {
            return Some(number);
        }
        self.problem(&found.span(), format!("`{field}` is a whole number from {least} to {most}"), None);
        None
    }

    fn approvals(&mut self, file: &File) -> u8 {
        let approvals = self.within(file.approvals.as_ref(), "approvals", 0, MOST_APPROVALS).unwrap_or(0);
        if let Some(found) = &file.approvals
            && approvals > 0
        {
            if file.risk != Risk::Critical {
                let what = "a second person is asked for only where the risk is critical";
                self.problem(&found.span(), what, Some("write `risk = \"critical\"`".to_owned()));
            } else if approvals == 1 {
                let what = "`approvals` counts the operator too: 1 asks nobody else";
                self.problem(&found.span(), what, Some("write 2 for the operator and one other person".to_owned()));
            }
        }
        u8::try_from(approvals).unwrap_or(0)
    }

    fn requirement(&mut self, entry: &super::file::RequireEntry) -> Option<Requirement> {
        let that = self.predicate(&entry.that);
        let says = entry.says.as_ref().and_then(|says| self.template(says));
        if let Some(offer) = &entry.else_offer {
            self.kebab(offer, "else_offer");
        }
        let else_offer = entry.else_offer.as_ref().map(|offer| offer.get_ref().clone());
        Some(Requirement { that: that?, says, else_offer })
    }
}

#[cfg(test)]
mod tests;
