//! Key notation: how a configuration writes a key, e.g. `ctrl-r`, `shift-g` or `G`, `f5`, `enter`, `?`.

use crokey::{KeyCombination, OneToThree};

/// Named keys, for suggestions.
const NAMED: [&str; 17] = [
    "esc",
    "enter",
    "left",
    "right",
    "up",
    "down",
    "home",
    "end",
    "pageup",
    "pagedown",
    "backtab",
    "backspace",
    "delete",
    "insert",
    "space",
    "tab",
    "minus",
];

/// The text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{written}` is not a key")]
pub struct NotAKey {
    /// What was written.
    pub written: String,
    /// What may have been meant.
    pub suggestion: String,
}

/// Reads a notation. A single upper-case letter is that letter with shift.
pub fn parse(written: &str) -> Result<KeyCombination, NotAKey> {
    let upper = written.len() == 1 && written.bytes().all(|b| b.is_ascii_uppercase());
    let notation = if upper { format!("shift-{written}") } else { written.to_owned() };
    let parsed = crokey::parse(&notation).ok().filter(|key| matches!(key.codes, OneToThree::One(_)));
    parsed.ok_or_else(|| NotAKey { written: written.to_owned(), suggestion: suggestion(written) })
}

fn suggestion(written: &str) -> String {
    let (modifiers, key) = written.rsplit_once(['-', '+']).unwrap_or(("", written));
    let modifier = |word: &str| {
        let word = word.to_lowercase();
        super::nearest::nearest(&word, ["ctrl", "alt", "shift"])
            .or_else(|| word.starts_with("con").then_some("ctrl"))
            .map(str::to_owned)
    };
    let modifiers: Option<Vec<_>> = modifiers.split(['-', '+']).filter(|word| !word.is_empty()).map(modifier).collect();
    let key = super::nearest::nearest(key, NAMED).or(Some(key).filter(|key| key.len() == 1));
    match (modifiers, key) {
        (Some(mut parts), Some(key)) => {
            parts.push(key.to_owned());
            let candidate = parts.join("-");
            format!("did you mean `{candidate}`?")
        }
        _ => "write it like `ctrl-r`, `G`, `f5`, `enter`, `space` or `?`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn keys_are_read() {
        assert_eq!(parse("G").unwrap(), parse("shift-g").unwrap());
        assert_ne!(parse("G").unwrap(), parse("g").unwrap());
        for written in ["ctrl-r", "alt-enter", "f5", "?", ":", "-", "space", "pagedown", "ctrl--"] {
            assert!(parse(written).is_ok(), "{written}");
        }
    }

    #[test]
    fn what_is_no_key_gets_a_suggestion() {
        let suggestion = |written| parse(written).unwrap_err().suggestion;
        assert_eq!(suggestion("control-r"), "did you mean `ctrl-r`?");
        assert_eq!(suggestion("ctrl+r"), "did you mean `ctrl-r`?");
        assert_eq!(suggestion("entr"), "did you mean `enter`?");
        assert!(suggestion("hyper-q-q-q-q").starts_with("write it like"));
        for written in ["", "é", "a-b", "ctrl-", &"x".repeat(10_000)] {
            assert!(parse(written).is_err(), "{written}");
        }
    }
}
