//! Key notation: how a configuration writes a key, e.g. `ctrl-r`, `shift-g` or `G`, `f5`, `enter`, `?`.
//! The keymap gives it a meaning; here it is only checked.

use crokey::OneToThree;

const EXAMPLES: &str = "write it like `ctrl-r`, `G`, `f5`, `enter`, `space` or `?`";

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

/// Checks a notation: one key, or several with spaces between. The error is the part that is no key and what to write
/// instead.
pub(super) fn check(written: &str) -> Result<(), (String, String)> {
    if written.trim().is_empty() {
        return Err((written.to_owned(), EXAMPLES.to_owned()));
    }
    match written.split_whitespace().find(|key| !is_key(key)) {
        Some(wrong) => Err((wrong.to_owned(), suggestion(wrong))),
        None => Ok(()),
    }
}

fn is_key(written: &str) -> bool {
    // One character is itself, a capital with shift; several keys at once are more than most terminals tell apart.
    written.chars().count() == 1 || crokey::parse(written).is_ok_and(|key| matches!(key.codes, OneToThree::One(_)))
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
        _ => EXAMPLES.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read() {
        for written in ["ctrl-r", "alt-enter", "f5", "?", ":", "-", "space", "pagedown", "ctrl--", "G", "é", "k up"] {
            assert_eq!(check(written), Ok(()), "{written}");
        }
    }

    #[test]
    fn what_is_no_key_gets_a_suggestion() {
        let suggestion = |written| check(written).unwrap_err().1;
        assert_eq!(suggestion("control-r"), "did you mean `ctrl-r`?");
        assert_eq!(suggestion("k ctrl+r"), "did you mean `ctrl-r`?");
        assert_eq!(suggestion("entr"), "did you mean `enter`?");
        assert!(suggestion("hyper-q-q-q-q").starts_with("write it like"));
        for written in ["", " ", "a-b", "ctrl-", "éé", &"x".repeat(10_000)] {
            assert!(check(written).is_err(), "{written}");
        }
    }
}
