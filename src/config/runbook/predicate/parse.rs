//! From tokens to a condition, by descent of bounded depth.

use super::token::{Token, Unreadable, tokens};
use super::{Op, Predicate, Term};
use crate::model::Value;

/// No condition needs more brackets within each other.
const DEEPEST: usize = 32;

/// Reads a condition.
///
/// # Errors
/// What is wrong with it and where.
pub fn parse(text: &str) -> Result<Predicate, Unreadable> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, end: text.len(), depth: 0 };
    let predicate = parser.any()?;
    match parser.next() {
        None => Ok(predicate),
        Some(_) => Err(parser.wrong(parser.at - 1, "expected `&&`, `||` or the end here")),
    }
}

struct Parser<'t> {
    tokens: &'t [(usize, Token)],
    at: usize,
    end: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn eat(&mut self, wanted: &Token) -> bool {
        let is = self.peek() == Some(wanted);
        self.at += usize::from(is);
        is
    }

    /// An error at a token, or at the end of the text.
    fn wrong(&self, index: usize, what: &str) -> Unreadable {
        Unreadable::new(self.tokens.get(index).map_or(self.end, |(at, _)| *at), what)
    }

    fn any(&mut self) -> Result<Predicate, Unreadable> {
        self.row(&Token::Or, Self::all, Predicate::Any)
    }

    fn all(&mut self) -> Result<Predicate, Unreadable> {
        self.row(&Token::And, Self::unary, Predicate::All)
    }

    fn row(
        &mut self,
        between: &Token,
        part: fn(&mut Self) -> Result<Predicate, Unreadable>,
        make: fn(Vec<Predicate>) -> Predicate,
    ) -> Result<Predicate, Unreadable> {
        let first = part(self)?;
        if self.peek() != Some(between) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.eat(between) {
            parts.push(part(self)?);
        }
        Ok(make(parts))
    }

    fn deeper<T>(&mut self, what: impl FnOnce(&mut Self) -> Result<T, Unreadable>) -> Result<T, Unreadable> {
        if self.depth >= DEEPEST {
            return Err(self.wrong(self.at, "too many brackets within each other"));
        }
        self.depth += 1;
        let result = what(self);
        self.depth -= 1;
        result
    }

    fn unary(&mut self) -> Result<Predicate, Unreadable> {
        if self.eat(&Token::Not) {
            let inner = self.deeper(Self::unary)?;
            // `!a == b` would be read differently by different people.
            if let (Predicate::Compare(..) | Predicate::In(..), false) = (&inner, self.closed()) {
                let help = "put the comparison in brackets: `!(a == b)`";
                return Err(self.wrong(self.at.saturating_sub(1), "`!` before a comparison is ambiguous").help(help));
            }
            return Ok(Predicate::Not(Box::new(inner)));
        }
        if self.eat(&Token::Open) {
            let inner = self.deeper(Self::any)?;
            if self.eat(&Token::Close) {
                return Ok(inner);
            }
            return Err(self.wrong(self.at, "expected `)` here"));
        }
        self.comparison()
    }

    /// True where the last token closed a bracket.
    fn closed(&self) -> bool {
        self.at > 0 && matches!(self.tokens.get(self.at - 1), Some((_, Token::Close)))
    }

    fn comparison(&mut self) -> Result<Predicate, Unreadable> {
        let start = self.at;
        let left = self.term()?;
        match self.peek() {
            Some(Token::Op(op)) => {
                let op: Op = *op;
                self.at += 1;
                let right = self.term()?;
                if let Some(Token::Op(_) | Token::In) = self.peek() {
                    let help = "join comparisons with `&&`";
                    return Err(self.wrong(self.at, "a comparison has two sides").help(help));
                }
                Ok(Predicate::Compare(left, op, right))
            }
            Some(Token::In) => {
                self.at += 1;
                Ok(Predicate::In(left, self.list()?))
            }
            _ => match left {
                Term::Name(_) | Term::Literal(Value::Flag(_)) => Ok(Predicate::Is(left)),
                Term::Literal(_) => Err(self.wrong(start, "this is neither true nor false").help("compare it")),
            },
        }
    }

    fn list(&mut self) -> Result<Vec<Term>, Unreadable> {
        if !self.eat(&Token::OpenList) {
            return Err(self.wrong(self.at, "expected `[` here").help("write `in [A, B]`"));
        }
        let mut items = Vec::new();
        while !self.eat(&Token::CloseList) {
            items.push(self.term()?);
            if !self.eat(&Token::Comma) && self.peek() != Some(&Token::CloseList) {
                return Err(self.wrong(self.at, "expected `,` or `]` here"));
            }
        }
        Ok(items)
    }

    fn term(&mut self) -> Result<Term, Unreadable> {
        let at = self.at;
        let value = match self.next() {
            Some(Token::Name(name)) => return Ok(Term::Name(name)),
            Some(Token::Text(text)) => Value::Text(text),
            Some(Token::Count(count)) => Value::Count(count),
            Some(Token::Number(number)) => Value::Number(number),
            Some(Token::True) => Value::Flag(true),
            Some(Token::False) => Value::Flag(false),
            Some(Token::None) => Value::None,
            _ => return Err(self.wrong(at, "expected a name or a value here")),
        };
        Ok(Term::Literal(value))
    }
}
