//! Whether a condition makes sense: its names are known, and what is compared can be.

use super::token::{Token, tokens};
use super::{Op, Predicate, Term};
use crate::config::runbook::kind::Kind;
use crate::model::Value;

/// What is wrong with a condition that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The name that it is about; `None` where it is about the whole.
    pub name: Option<String>,
    /// The reason.
    pub what: String,
}

impl Wrong {
    fn of(term: &Term, what: String) -> Self {
        let name = match term {
            Term::Name(name) => Some(name.clone()),
            Term::Literal(_) => None,
        };
        Self { name, what }
    }

    /// Where the name stands in the text of the condition (byte offset); 0 where it is about the whole.
    pub fn at(&self, text: &str) -> usize {
        let Some(name) = &self.name else { return 0 };
        let tokens = tokens(text).unwrap_or_default();
        let found = tokens.iter().find(|(_, token)| matches!(token, Token::Name(found) if found == name));
        found.map_or(0, |(at, _)| *at)
    }
}

impl Predicate {
    /// Everything that makes no sense. `kind` tells the kind of what a name stands for: `None` for a name that there is
    /// not, `Some(None)` where its kind is not known.
    pub fn check(&self, kind: &impl Fn(&str) -> Option<Option<Kind>>) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        for name in self.names() {
            if kind(name).is_none() {
                wrong.push(Wrong { name: Some(name.to_owned()), what: format!("there is no `{name}` here") });
            }
        }
        if self.names().is_empty() {
            let what = "it speaks of nothing that is read: it is always the same".to_owned();
            wrong.push(Wrong { name: None, what });
        }
        self.types(&|name| kind(name).flatten(), &mut wrong);
        wrong
    }

    fn types(&self, kind: &impl Fn(&str) -> Option<Kind>, wrong: &mut Vec<Wrong>) {
        let of = |term: &Term| match term {
            Term::Name(name) => kind(name),
            Term::Literal(value) => of_value(value),
        };
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.types(kind, wrong)),
            Self::Not(inner) => inner.types(kind, wrong),
            Self::Is(term) => {
                if let Some(found) = of(term).filter(|kind| *kind != Kind::Flag) {
                    wrong.push(Wrong::of(term, format!("`{term}` is {}, neither true nor false", found.word())));
                }
            }
            Self::Compare(left, op @ (Op::Equal | Op::Different), right) => {
                if let (Some(a), Some(b)) = (of(left), of(right))
                    && a != b
                {
                    wrong.push(unequal(left, a, right, b, op.sign()));
                }
            }
            Self::Compare(left, op, right) => {
                for term in [left, right] {
                    let none = matches!(term, Term::Literal(Value::None));
                    if let Some(word) = of(term).filter(|kind| *kind != Kind::Number).map(Kind::word) {
                        let what = format!("`{}` compares numbers, and `{term}` is {word}", op.sign());
                        wrong.push(Wrong::of(term, what));
                    } else if none {
                        wrong.push(Wrong::of(left, format!("`{}` compares numbers, not `none`", op.sign())));
                    }
                }
            }
            Self::In(left, list) => {
                for item in list {
                    if let (Some(a), Some(b)) = (of(left), of(item))
                        && a != b
                    {
                        wrong.push(unequal(left, a, item, b, "in"));
                    }
                }
            }
        }
    }
}

fn unequal(left: &Term, a: Kind, right: &Term, b: Kind, sign: &str) -> Wrong {
    let what = format!("`{left} {sign} {right}` compares {} with {}", a.word(), b.word());
    let about = if matches!(left, Term::Name(_)) { left } else { right };
    Wrong::of(about, what)
}

fn of_value(value: &Value) -> Option<Kind> {
    match value {
        Value::Flag(_) => Some(Kind::Flag),
        Value::Count(_) | Value::Number(_) => Some(Kind::Number),
        Value::Text(_) => Some(Kind::Text),
        Value::None | Value::List(_) => None,
    }
}
