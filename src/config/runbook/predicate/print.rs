//! A condition as text that reads back as the same condition.

use std::fmt::{self, Write as _};

use super::token::is_word;
use super::{Predicate, Term};
use crate::model::Value;

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => row(f, parts, " && ", |part| matches!(part, Self::All(_) | Self::Any(_))),
            Self::Any(parts) => row(f, parts, " || ", |part| matches!(part, Self::Any(_))),
            Self::Not(inner) => {
                f.write_char('!')?;
                let closed = !matches!(**inner, Self::Not(_) | Self::Is(_));
                one(f, inner, closed)
            }
            Self::Is(term) => term.fmt(f),
            Self::Compare(left, op, right) => write!(f, "{left} {} {right}", op.sign()),
            Self::In(left, list) => {
                write!(f, "{left} in [")?;
                for (index, term) in list.iter().enumerate() {
                    write!(f, "{}{term}", if index > 0 { ", " } else { "" })?;
                }
                f.write_char(']')
            }
        }
    }
}

fn row(f: &mut fmt::Formatter<'_>, parts: &[Predicate], between: &str, closed: fn(&Predicate) -> bool) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        one(f, part, closed(part))?;
    }
    Ok(())
}

fn one(f: &mut fmt::Formatter<'_>, part: &Predicate, closed: bool) -> fmt::Result {
    if closed { write!(f, "({part})") } else { write!(f, "{part}") }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Literal(Value::Text(text)) if is_word(text) => f.write_str(text),
            Self::Literal(Value::Text(text)) => {
                write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            Self::Literal(value) => f.write_str(&plain(value)),
        }
    }
}

/// A value as explanations show it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::None => "none".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Number(number) => format!("{number:?}"),
        Value::Text(text) => text.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
    }
}
