//! The filter: words that must all occur, or with `!` in front, must not.

use crate::base::text::clean;

/// Characters that a filter or a command may have.
pub const LONGEST: usize = 200;

/// A parsed filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    text: String,
    words: Vec<String>,
    inverted: bool,
}

impl Filter {
    /// Parses what was typed: `!` inverts, words are separated by spaces, case does not count.
    pub fn parse(typed: &str) -> Self {
        let text: String = clean(typed).chars().take(LONGEST).collect();
        let trimmed = text.trim_start();
        let (inverted, rest) = trimmed.strip_prefix('!').map_or((false, trimmed), |rest| (true, rest));
        let words: Vec<String> = rest.split_whitespace().map(str::to_lowercase).collect();
        Self { inverted: inverted && !words.is_empty(), words, text }
    }

    /// What was typed, cleaned.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True when everything passes.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// True when what matches is left out.
    pub fn is_inverted(&self) -> bool {
        self.inverted
    }

    /// True when something described by `parts` is to be shown: every word occurs in at least one part.
    pub fn passes<'a>(&self, parts: impl Iterator<Item = &'a str> + Clone) -> bool {
        let matches = self.words.iter().all(|word| parts.clone().any(|part| contains(part, word)));
        self.words.is_empty() || matches != self.inverted
    }
}

/// True when `text` contains `word`, which is in lower case; without allocating for ASCII.
fn contains(text: &str, word: &str) -> bool {
    if text.is_ascii() {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        let Some(first) = word.first() else { return true };
        let starts_at = |at: usize| text.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word));
        text.iter().enumerate().any(|(at, byte)| byte.to_ascii_lowercase() == *first && starts_at(at))
    } else {
        text.to_lowercase().contains(word)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", true)]
    #[case("prod", true)]
    #[case("PROD lambda", true)]
    #[case("prod dynamo", false)]
    #[case("!prod", false)]
    #[case("!dev", true)]
    #[case("! ", true)]
    #[case("!", true)]
    #[case("überlast", true)]
    fn words_must_all_occur(#[case] typed: &str, #[case] shown: bool) {
        let parts = ["Lambda errors", "payments/prod", "Überlast"];
        assert_eq!(Filter::parse(typed).passes(parts.into_iter()), shown);
    }

    #[test]
    fn what_is_typed_cannot_harm_the_screen() {
        let filter = Filter::parse(&format!("\u{1b}[2J\u{202e}{}", "x".repeat(1000)));
        assert!(filter.text().starts_with("[2Jx"));
        assert_eq!(filter.text().chars().count(), LONGEST);
    }
}
