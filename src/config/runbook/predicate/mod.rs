//! Conditions of runbooks: a small, typed, total language over named values. It reads nothing, calls nothing and always
//! ends.
//!
//! ```text
//! to.status == ACTIVE && to != current
//! !deployment_in_progress || running in [1, 2] || (desired >= 3 && engine == "aurora-mysql")
//! ```
//! Names are lower case, with dots; words that begin with a capital letter are text, as is what stands in quotes.

mod check;
mod judge;
mod parse;
mod print;
mod token;
mod truth;

use crate::model::Value;

pub use check::Wrong;
pub use parse::parse;
pub use token::{Unreadable, is_name};
pub use truth::Truth;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// `a && b`; at least two.
    All(Vec<Predicate>),
    /// `a || b`; at least two.
    Any(Vec<Predicate>),
    /// `!a`
    Not(Box<Predicate>),
    /// A name that stands for yes or no, or `true`, `false`.
    Is(Term),
    /// `a == b`
    Compare(Term, Op, Term),
    /// `a in [b, c]`; the list may be empty.
    In(Term, Vec<Term>),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// What the name stands for when it is judged.
    Name(String),
    /// A constant: anything but a list.
    Literal(Value),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `==`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Op {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Different => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl Predicate {
    /// Every name that it speaks of, from the left.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.visit(&mut |term| {
            if let Term::Name(name) = term {
                names.push(name.as_str());
            }
        });
        names
    }

    fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Term)) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.visit(see);
                }
            }
            Self::Not(inner) => inner.visit(see),
            Self::Is(term) => see(term),
            Self::Compare(left, _, right) => {
                see(left);
                see(right);
            }
            Self::In(left, list) => {
                see(left);
                list.iter().for_each(see);
            }
        }
    }
}

impl std::str::FromStr for Predicate {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text)
    }
}

impl serde::Serialize for Predicate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
