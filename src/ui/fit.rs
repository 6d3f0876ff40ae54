//! Fitting text into a number of terminal columns: wide characters count two, combining ones none.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Of a name with less room only the beginning is shown.
const SHORTEST_NAME: u16 = 10;

/// Columns that `text` takes on the terminal.
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// `text` in at most `columns` columns; what does not fit is replaced by `mark` (one column wide).
pub fn fit<'a>(text: &'a str, columns: u16, mark: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if used + wide > columns - 1 {
            break;
        }
        used += wide;
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    kept.push_str(mark);
    Cow::Owned(kept)
}

/// Like [`fit`], but what does not fit is left out of the middle: names in AWS begin alike and differ at their ends.
pub fn fit_name<'a>(text: &'a str, columns: u16, mark: &str) -> Cow<'a, str> {
    if width(text) <= columns || columns < SHORTEST_NAME {
        return fit(text, columns, mark);
    }
    let begin = fit(text, columns / 3, mark);
    let room = columns - width(&begin);
    let mut end = text;
    while width(end) > room {
        end = end.grapheme_indices(true).nth(1).map_or("", |(at, _)| &end[at..]);
    }
    Cow::Owned(format!("{begin}{end}"))
}

/// `text` broken at spaces into lines of at most `columns` columns, at most `lines` of them; a longer word is cut, and
/// a text that needs more lines ends in `mark`.
pub fn wrap(text: &str, columns: u16, lines: usize, mark: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut line = String::new();
    if columns == 0 || lines == 0 {
        return out;
    }
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let needed = if line.is_empty() { width(word) } else { width(&line).saturating_add(1 + width(word)) };
        if needed <= columns {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if out.len() + 1 == lines {
            let rest = std::iter::once(word).chain(words.by_ref()).collect::<Vec<_>>().join(" ");
            let all = if line.is_empty() { rest } else { format!("{line} {rest}") };
            out.push(fit(&all, columns, mark).into_owned());
            return out;
        }
        if !line.is_empty() {
            out.push(std::mem::take(&mut line));
        }
        line = word.to_owned();
        if width(&line) > columns {
            out.push(fit(&line, columns, mark).into_owned());
            line.clear();
            if out.len() == lines {
                return out;
            }
        }
    }
    if !line.is_empty() {
        out.push(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cuts_at_the_width_and_marks_the_cut() {
        assert_eq!(fit("payment-processing", 18, "…"), "payment-processing");
        assert_eq!(fit("payment-processing", 8, "…"), "payment…");
        assert_eq!(fit("payment-processing", 1, "~"), "~");
        assert_eq!(fit("x", 0, "…"), "");
    }

    #[test]
    fn a_wide_character_is_never_halved() {
        assert_eq!(fit("支払い処理", 4, "…"), "支…");
        assert_eq!(width(&fit("支払い処理", 5, "…")), 5);
    }

    #[test]
    fn a_name_keeps_its_end() {
        assert_eq!(fit_name("payments-prod-audit-logs-read-throttles", 20, "…"), "payme…read-throttles");
        assert_eq!(fit_name("payments-prod", 13, "…"), "payments-prod");
        assert_eq!(fit_name("payments-prod", 9, "…"), "payments…");
        assert_eq!(fit_name("支払い処理支払い処理", 11, "…"), "支…払い処理");
    }

    #[test]
    fn wraps_at_spaces_and_marks_what_is_left_out() {
        assert_eq!(wrap("one two three four", 9, 2, "…"), ["one two", "three fo…"]);
        assert_eq!(wrap("one two", 20, 3, "…"), ["one two"]);
        assert_eq!(wrap("abcdefghijkl x", 5, 3, "…"), ["abcd…", "x"]);
    }

    proptest! {
        #[test]
        fn never_wider_than_asked(text in "\\PC{0,40}", columns in 0u16..30) {
            prop_assert!(width(&fit(&text, columns, "…")) <= columns);
            prop_assert!(width(&fit_name(&text, columns, "…")) <= columns);
            for line in wrap(&text, columns, 4, "…") {
                prop_assert!(width(&line) <= columns);
            }
        }
    }
}
