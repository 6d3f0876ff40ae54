//! From the text of a condition to its tokens.

use super::Op;
use crate::base::Text;

/// No condition is longer (bytes).
const LONGEST: usize = 2000;

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Byte offset in the text.
    pub at: usize,
    /// The reason.
    pub what: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Unreadable {
    pub(super) fn new(at: usize, what: impl Into<String>) -> Self {
        Self { at, what: what.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// The smallest part of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(Text),
    Count(i64),
    Number(f64),
    True,
    False,
    None,
    In,
    Op(Op),
    And,
    Or,
    Not,
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
}

/// The tokens with their byte offsets.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Unreadable> {
    if text.len() > LONGEST {
        return Err(Unreadable::new(0, format!("a condition has at most {LONGEST} bytes")));
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, length) = one(text, at, c)?;
        found.push((at, token));
        at += length;
    }
    Ok(found)
}

fn one(text: &str, at: usize, c: char) -> Result<(Token, usize), Unreadable> {
    let rest = &text[at..];
    const SIGNS: &[(&str, Token)] = &[
        ("==", Token::Op(Op::Equal)),
        ("!=", Token::Op(Op::Different)),
        ("<=", Token::Op(Op::AtMost)),
        (">=", Token::Op(Op::AtLeast)),
        ("&&", Token::And),
        ("||", Token::Or),
        ("<", Token::Op(Op::Less)),
        (">", Token::Op(Op::More)),
        ("!", Token::Not),
        ("(", Token::Open),
        (")", Token::Close),
        ("[", Token::OpenList),
        ("]", Token::CloseList),
        (",", Token::Comma),
    ];
    if let Some((sign, token)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
        return Ok((token.clone(), sign.len()));
    }
    match c {
        '"' | '\'' => quoted(rest, at, c),
        '0'..='9' => number(rest, at),
        '-' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => number(rest, at),
        'a'..='z' | 'A'..='Z' => word(rest, at),
        '=' => Err(Unreadable::new(at, "unexpected `=`").help("write `==`")),
        '&' => Err(Unreadable::new(at, "unexpected `&`").help("write `&&`")),
        '|' => Err(Unreadable::new(at, "unexpected `|`").help("write `||`")),
        c => {
            let what = format!("unexpected `{c}`");
            Err(Unreadable::new(at, what).help("put text in quotes"))
        }
    }
}

fn quoted(rest: &str, at: usize, quote: char) -> Result<(Token, usize), Unreadable> {
    let mut text = String::new();
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            c if escaped && (c == '\\' || c == quote) => {
                text.push(c);
                escaped = false;
            }
            _ if escaped => return Err(Unreadable::new(at + index, "after `\\` comes a quote or another `\\`")),
            '\\' => escaped = true,
            c if c == quote => return Ok((Token::Text(text.into()), index + 1)),
            c => text.push(c),
        }
    }
    Err(Unreadable::new(at, "this text has no end").help(format!("close it with {quote}")))
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Unreadable> {
    let mut length = 0;
    for (index, c) in rest.char_indices() {
        let after_exponent = matches!(rest.as_bytes().get(index.wrapping_sub(1)), Some(b'e' | b'E'));
        match c {
            '0'..='9' | 'e' | 'E' => length = index + 1,
            '.' if rest[index + 1..].starts_with(|c: char| c.is_ascii_digit()) => length = index + 1,
            '-' | '+' if index == 0 || after_exponent => length = index + 1,
            _ => break,
        }
    }
    let digits = &rest[..length];
    let all = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+'))).unwrap_or(rest.len());
    let wrong = || Unreadable::new(at, format!("`{}` is not a number", &rest[..all]));
    if rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
        return Err(wrong().help("put text in quotes"));
    }
    let whole = !digits.contains(['.', 'e', 'E']);
    let token = if whole {
        Token::Count(digits.parse().map_err(|_| wrong())?)
    } else {
        Token::Number(digits.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(wrong)?)
    };
    Ok((token, length))
}

fn word(rest: &str, at: usize) -> Result<(Token, usize), Unreadable> {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
    let word = &rest[..end];
    if rest[end..].starts_with(char::is_alphanumeric) {
        let what = "a name has plain letters, digits, `_` and `.`";
        return Err(Unreadable::new(at + end, what).help("put text in quotes"));
    }
    let token = match word {
        "true" => Token::True,
        "false" => Token::False,
        "none" => Token::None,
        "in" => Token::In,
        "and" => return Err(Unreadable::new(at, "unexpected `and`").help("write `&&`")),
        "or" => return Err(Unreadable::new(at, "unexpected `or`").help("write `||`")),
        "not" => return Err(Unreadable::new(at, "unexpected `not`").help("write `!`")),
        _ if is_word(word) => Token::Text(word.into()),
        _ if is_name(word) => Token::Name(word.to_owned()),
        _ => {
            let what = format!("`{word}` is neither a name nor a word");
            return Err(Unreadable::new(at, what).help("names are lower case, text is in quotes"));
        }
    };
    Ok((token, end))
}

/// True for text that needs no quotes: `ACTIVE`, `InProgress`.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// True for a name: `running`, `to.status`.
pub fn is_name(text: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('.').all(part)
        && !matches!(text, "true" | "false" | "none" | "in" | "and" | "or" | "not")
}
