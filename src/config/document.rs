//! One TOML document while it is checked: gathers what is wrong with it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::Text;
use crate::config::problem::{Position, Problem, Weight};
use crate::config::source::Source;

/// More problems than this are counted and not described: nobody reads them, and a hostile file must not cost time.
const MOST: usize = 100;

/// A value and where it stands.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// Gathers the problems of one source.
#[derive(Debug)]
pub(super) struct Document<'a> {
    source: &'a Source,
    problems: Vec<Problem>,
    errors: usize,
    more: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, problems: Vec::new(), errors: 0, more: 0 }
    }

    /// Reports what makes a part unusable.
    pub(super) fn error(&mut self, span: &Range<usize>, what: impl AsRef<str>, suggestion: Option<String>) {
        self.errors += 1;
        self.report(span, what, suggestion, Weight::Error);
    }

    /// Reports what is used as it stands, though it is probably a mistake.
    pub(super) fn warning(&mut self, span: &Range<usize>, what: impl AsRef<str>, suggestion: Option<String>) {
        self.report(span, what, suggestion, Weight::Warning);
    }

    /// The number of errors so far: whoever sees it unchanged after a check knows that the part is good.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    /// The source's name.
    pub(super) fn file(&self) -> Text {
        Text::from(&self.source.file)
    }

    /// The place of a span.
    pub(super) fn position(&self, span: &Range<usize>) -> Position {
        self.source.position(span)
    }

    /// The problems in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.position);
        if self.more > 0 {
            self.problems.push(Problem::error(&self.source.file, None, format!("and {} more", self.more)));
        }
        self.problems
    }

    fn report(&mut self, span: &Range<usize>, what: impl AsRef<str>, suggestion: Option<String>, weight: Weight) {
        if self.problems.len() >= MOST {
            self.more += 1;
            return;
        }
        let position = Some(self.source.position(span));
        let problem = Problem { weight, ..Problem::error(&self.source.file, position, shorten(what.as_ref())) };
        self.problems.push(problem.with_suggestion(suggestion));
    }
}

/// The entries of a table in the order of the file.
pub(super) fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t Spanned<std::borrow::Cow<'a, str>>, &'t Value<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// What a value is, in the words of messages.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Messages quote what was written; that may be of any length.
fn shorten(what: &str) -> String {
    const LONGEST: usize = 240;
    match what.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &what[..end]),
        None => what.to_owned(),
    }
}
