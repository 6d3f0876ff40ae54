//! What is wrong with a configuration or theme, and where.

use std::fmt;

use serde::Serialize;

use crate::base::Text;

/// How much a problem costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Everything written is still used.
    Warning,
    /// What the problem is about is left out or replaced by its default.
    Error,
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A place in a file, counted from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl Position {
    /// The place of a byte offset; one beyond the end is the end.
    pub fn at(source: &str, offset: usize) -> Self {
        let mut offset = offset.min(source.len());
        while !source.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &source[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// One thing that is wrong. Displays as `file:line:column: error: what; help: suggestion`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, or the variable or flag, e.g. `WATCHFLOOR_THEME`, `--theme`.
    pub file: Text,
    /// Where in the file; `None` when it is about the whole of it.
    pub position: Option<Position>,
    /// What it costs.
    pub weight: Weight,
    /// The reason, in one sentence without a full stop.
    pub what: Text,
    /// What to write instead, e.g. ``did you mean `region`?``.
    pub suggestion: Option<Text>,
}

impl Problem {
    /// An error.
    pub fn error(file: impl AsRef<str>, position: Option<Position>, what: impl AsRef<str>) -> Self {
        Self { file: Text::new(file), position, weight: Weight::Error, what: Text::new(what), suggestion: None }
    }

    /// A warning.
    pub fn warning(file: impl AsRef<str>, position: Option<Position>, what: impl AsRef<str>) -> Self {
        Self { weight: Weight::Warning, ..Self::error(file, position, what) }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn with_suggestion(mut self, suggestion: Option<impl AsRef<str>>) -> Self {
        self.suggestion = suggestion.map(Text::new);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}: {}", self.weight, self.what)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; help: {suggestion}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = "a = 1\nnäme = 2\n";
        assert_eq!(Position::at(source, 0), Position { line: 1, column: 1 });
        assert_eq!(Position::at(source, 6), Position { line: 2, column: 1 });
        let value = source.find('2').unwrap_or_default();
        assert_eq!(Position::at(source, value), Position { line: 2, column: 8 });
        assert_eq!(Position::at(source, 8), Position { line: 2, column: 2 }, "inside a character is its start");
        assert_eq!(Position::at(source, 1000), Position { line: 3, column: 1 });
    }

    #[test]
    fn a_problem_reads_as_one_line() {
        let problem = Problem::error("config.toml", Some(Position { line: 3, column: 5 }), "unknown\nfield `regoin`")
            .with_suggestion(Some("did you mean `region`?"));
        assert_eq!(problem.to_string(), "config.toml:3:5: error: unknown field `regoin`; help: did you mean `region`?");
    }
}
