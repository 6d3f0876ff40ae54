//! Condition and update expressions of DynamoDB items: a parser and its judgement. Attributes of the top level only.
//!
//! Grammar as in the DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions".

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::names::Names;
use super::tokens::{Token, tokens};

/// Parentheses and `NOT` within each other.
const DEPTH: usize = 60;
/// An item: attribute name → typed value, e.g. `{"S": "x"}`.
pub type Item = Map<String, Value>;

/// A condition on an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Both.
    And(Box<Self>, Box<Self>),
    /// One or both.
    Or(Box<Self>, Box<Self>),
    /// The opposite.
    Not(Box<Self>),
    /// `attribute_exists`.
    Exists(String),
    /// `begins_with`.
    BeginsWith(Operand, Operand),
    /// `=`, `<>`, `<`, `<=`, `>`, `>=`.
    Compare(Operand, &'static str, Operand),
    /// `BETWEEN … AND …`, bounds included.
    Between(Operand, Operand, Operand),
}

/// What a comparison compares.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// An attribute of the item.
    Attribute(String),
    /// A given value.
    Given(Value),
}

impl Operand {
    fn of<'a>(&'a self, item: &'a Item) -> Option<&'a Value> {
        match self {
            Self::Attribute(name) => item.get(name),
            Self::Given(value) => Some(value),
        }
    }
}

impl Condition {
    /// Reads an expression.
    ///
    /// # Errors
    /// DynamoDB's sentence, without the name of the expression.
    pub fn parse(text: &str, names: &Names<'_>) -> Result<Self, String> {
        let mut parser = Parser::new(text, names)?;
        let condition = parser.or(0)?;
        parser.end()?;
        Ok(condition)
    }

    /// True where the item is so; an item that is not there has no attributes.
    pub fn holds(&self, item: &Item) -> bool {
        match self {
            Self::And(a, b) => a.holds(item) && b.holds(item),
            Self::Or(a, b) => a.holds(item) || b.holds(item),
            Self::Not(inner) => !inner.holds(item),
            Self::Exists(name) => item.contains_key(name),
            Self::BeginsWith(of, with) => {
                let text = |operand: &Operand| operand.of(item)?.get("S")?.as_str().map(str::to_owned);
                text(of).zip(text(with)).is_some_and(|(of, with)| of.starts_with(&with))
            }
            Self::Compare(a, sign, b) => match (a.of(item), b.of(item)) {
                (Some(a), Some(b)) => compares(a, sign, b),
                // What is not there equals nothing.
                (None, _) | (_, None) => *sign == "<>",
            },
            Self::Between(of, low, high) => {
                let (of, low, high) = (of.of(item), low.of(item), high.of(item));
                of.zip(low).is_some_and(|(of, low)| compares(of, ">=", low))
                    && of.zip(high).is_some_and(|(of, high)| compares(of, "<=", high))
            }
        }
    }
}

fn compares(a: &Value, sign: &str, b: &Value) -> bool {
    let order = order(a, b);
    match sign {
        "=" => order == Some(Ordering::Equal) || a == b,
        "<>" => order != Some(Ordering::Equal) && a != b,
        "<" => order == Some(Ordering::Less),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        ">" => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

/// The order of two texts, numbers or binaries; none between types.
pub fn order(a: &Value, b: &Value) -> Option<Ordering> {
    let both = |kind: &str| Some((a.get(kind)?.as_str()?, b.get(kind)?.as_str()?));
    if let Some((a, b)) = both("N") {
        return a.parse::<f64>().ok()?.partial_cmp(&b.parse::<f64>().ok()?);
    }
    both("S").or_else(|| both("B")).map(|(a, b)| a.as_bytes().cmp(b.as_bytes()))
}

/// A change of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// `SET name = value`.
    Set(String, Operand),
    /// `REMOVE name`.
    Remove(String),
}

/// Reads an update expression: `SET a = :a, b = :b REMOVE c`.
///
/// # Errors
/// DynamoDB's sentence, without the name of the expression.
pub fn changes(text: &str, names: &Names<'_>) -> Result<Vec<Change>, String> {
    let mut parser = Parser::new(text, names)?;
    let mut changes = Vec::new();
    while let Some(token) = parser.next() {
        let Token::Word(clause) = &token else { return Err(parser.unexpected(&token)) };
        loop {
            let name = parser.attribute()?;
            if clause.eq_ignore_ascii_case("SET") {
                parser.expect("=")?;
                changes.push(Change::Set(name, parser.operand()?));
            } else if clause.eq_ignore_ascii_case("REMOVE") {
                changes.push(Change::Remove(name));
            } else {
                return Err(format!("The drill does not offer the clause {clause}"));
            }
            if !parser.take(",") {
                break;
            }
        }
    }
    if changes.is_empty() { Err("The expression can not be empty;".to_owned()) } else { Ok(changes) }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    names: &'a Names<'a>,
}

impl<'a> Parser<'a> {
    fn new(text: &str, names: &'a Names<'a>) -> Result<Self, String> {
        Ok(Self { tokens: tokens(text)?, at: 0, names })
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn take(&mut self, sign: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Sign(next)) if *next == sign);
        self.at += usize::from(there);
        there
    }

    fn take_word(&mut self, word: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.next().map_or_else(too_short, |token| self.unexpected(&token)))
    }

    fn unexpected(&self, token: &Token) -> String {
        let near: Vec<String> = self.tokens.iter().skip(self.at.saturating_sub(2)).take(3).map(Token::text).collect();
        format!("Syntax error; token: \"{}\", near: \"{}\"", token.text(), near.join(" "))
    }

    fn end(&mut self) -> Result<(), String> {
        self.next().map_or(Ok(()), |token| Err(self.unexpected(&token)))
    }

    fn or(&mut self, depth: usize) -> Result<Condition, String> {
        let mut left = self.and(depth)?;
        while self.take_word("OR") {
            left = Condition::Or(Box::new(left), Box::new(self.and(depth)?));
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Condition, String> {
        let mut left = self.not(depth)?;
        while self.take_word("AND") {
            left = Condition::And(Box::new(left), Box::new(self.not(depth)?));
        }
        Ok(left)
    }

    fn not(&mut self, depth: usize) -> Result<Condition, String> {
        if depth > DEPTH {
            return Err("The expression contains too many nested conditions".to_owned());
        }
        if self.take_word("NOT") {
            return Ok(Condition::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.or(depth + 1)?;
            self.expect(")")?;
            return Ok(inner);
        }
        self.plain()
    }

    fn plain(&mut self) -> Result<Condition, String> {
        if let (Some(Token::Word(function)), Some(Token::Sign("("))) =
            (self.tokens.get(self.at).cloned(), self.tokens.get(self.at + 1))
        {
            self.at += 2;
            let condition = match function.as_str() {
                "attribute_exists" => Condition::Exists(self.attribute()?),
                "attribute_not_exists" => Condition::Not(Box::new(Condition::Exists(self.attribute()?))),
                "begins_with" => {
                    let of = self.operand()?;
                    self.expect(",")?;
                    Condition::BeginsWith(of, self.operand()?)
                }
                other => return Err(format!("Invalid function name; function: {other}")),
            };
            self.expect(")")?;
            return Ok(condition);
        }
        let left = self.operand()?;
        if self.take_word("BETWEEN") {
            let low = self.operand()?;
            if !self.take_word("AND") {
                return Err(self.next().map_or_else(too_short, |token| self.unexpected(&token)));
            }
            return Ok(Condition::Between(left, low, self.operand()?));
        }
        match self.next() {
            Some(Token::Sign(sign)) if ["=", "<>", "<", "<=", ">", ">="].contains(&sign) => {
                Ok(Condition::Compare(left, sign, self.operand()?))
            }
            Some(token) => Err(self.unexpected(&token)),
            None => Err(too_short()),
        }
    }

    fn attribute(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Token::Word(word)) if !word.starts_with(':') => self.names.name(&word),
            Some(token) => Err(self.unexpected(&token)),
            None => Err(too_short()),
        }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) if word.starts_with(':') => {
                let value = self.names.value(word)?;
                self.at += 1;
                Ok(Operand::Given(value))
            }
            _ => self.attribute().map(Operand::Attribute),
        }
    }
}

fn too_short() -> String {
    "Syntax error; token: \"<EOF>\"".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(text: &str, item: &Value) -> Result<bool, String> {
        let (names, values) = (json!({"#n": "name"}), json!({":s": {"S": "b"}, ":n": {"N": "10"}, ":m": {"N": "9.5"}}));
        let names = Names::new(Some(&names), Some(&values));
        Ok(Condition::parse(text, &names)?.holds(item.as_object().unwrap()))
    }

    #[test]
    fn conditions_judge_an_item() {
        let item = json!({"name": {"S": "bob"}, "age": {"N": "010.0"}, "pk": {"S": "b"}});
        for (text, wanted) in [
            ("attribute_exists(pk)", true),
            ("attribute_not_exists(pk)", false),
            ("attribute_not_exists(nope) AND pk = :s", true),
            ("age = :n", true),
            ("age > :m and age <= :n", true),
            ("age < :n", false),
            ("age <> :s", true),
            ("nope = :s", false),
            ("nope <> :s", true),
            ("nope < :s", false),
            ("begins_with(#n, :s)", true),
            ("begins_with(pk, :s) AND NOT #n = :s", true),
            ("pk = :n OR pk = :s AND age = :m", false),
            ("(pk = :n OR pk = :s) AND age = :n", true),
            ("NOT (pk = :s)", false),
            ("age BETWEEN :m AND :n", true),
            ("age BETWEEN :m AND :n AND pk = :n", false),
        ] {
            assert_eq!(holds(text, &item), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let deep = format!("{}pk = :s{}", "(".repeat(500), ")".repeat(500));
        for (text, why) in [
            ("", "Syntax error"),
            ("pk", "Syntax error"),
            ("pk = ", "Syntax error"),
            ("pk = :s )", "Syntax error"),
            ("pk = :nope", "not defined; attribute value: :nope"),
            ("#nope = :s", "not defined; attribute name: #nope"),
            ("status = :s", "reserved keyword: status"),
            ("size(pk) > :n", "Invalid function name; function: size"),
            ("pk ? :s", "Syntax error"),
            (deep.as_str(), "nested"),
        ] {
            let error = holds(text, &json!({})).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn updates_are_read_and_unused_placeholders_are_refused() {
        let (given, values) = (json!({"#s": "status"}), json!({":a": {"S": "x"}, ":b": {"N": "1"}}));
        let names = Names::new(Some(&given), Some(&values));
        let read = changes("SET #s = :a, other = #s REMOVE gone, went", &names).unwrap();
        assert_eq!(read.len(), 4);
        assert_eq!(read[0], Change::Set("status".into(), Operand::Given(json!({"S": "x"}))));
        assert_eq!(read[3], Change::Remove("went".into()));
        assert!(names.all_used().unwrap_err().contains("{:b}"));
        assert!(changes("ADD n :b", &names).is_err() && changes("", &names).is_err());
    }
}
