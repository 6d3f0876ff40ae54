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

    /// The words, in lower case.
    pub fn words(&self) -> &[String] {
        &self.words
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

/// Bytes that are looked at together: enough for the compiler to compare them in one step.
const BLOCK: usize = 32;

/// True when `text` contains `word`, which is in lower case. A log of fifty thousand lines is searched with every
/// character typed, so that ASCII is searched without allocating and by blocks: only where the first and the last byte
/// of the word are at its distance is the word compared.
pub fn contains(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let (Some(first), Some(last)) = (word.first(), word.last()) else { return true };
    let Some(starts) = (text.len() + 1).checked_sub(word.len()) else { return false };
    let (heads, tails) = (&text[..starts], &text[word.len() - 1..]);
    let is = |byte: &u8, wanted: &u8| (byte == wanted) | (*byte == wanted.to_ascii_uppercase());
    for (block, (heads, tails)) in heads.chunks(BLOCK).zip(tails.chunks(BLOCK)).enumerate() {
        // No early end here: it would keep the bytes from being compared together.
        if heads.iter().zip(tails).fold(false, |found, (head, tail)| found | (is(head, first) & is(tail, last))) {
            let mut places = (block * BLOCK..).take(heads.len());
            if places.any(|at| text[at..at + word.len()].eq_ignore_ascii_case(word)) {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
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

    proptest! {
        #[test]
        fn a_word_is_found_wherever_it_is(text in "[abAB .é]{0,90}", word in "[abAB.é]{1,4}") {
            let word = word.to_lowercase();
            prop_assert_eq!(contains(&text, &word), text.to_lowercase().contains(&word));
        }
    }
}
