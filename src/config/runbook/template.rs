//! Texts with names in them: `Is revision {{to}} safe?`. A name is replaced by what it stands for; nothing else is
//! understood.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::base::Text;
use crate::config::runbook::predicate::is_name;
use crate::model::{Value, Values};

/// No template is longer (bytes).
const LONGEST: usize = 4000;

/// A text with names in it, or a constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Words(Text),
    Name(String),
    Constant(Value),
}

impl Template {
    /// Reads a text with names in it.
    ///
    /// # Errors
    /// Byte offset and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        if text.len() > LONGEST {
            return Err((0, format!("a text has at most {LONGEST} bytes")));
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find("{{") {
            let start = at + open;
            let Some(length) = text[start..].find("}}") else {
                return Err((start, "`{{` without `}}`".to_owned()));
            };
            let name = text[start + 2..start + length].trim();
            if !is_name(name) {
                return Err((start, format!("`{{{{{name}}}}}` holds no name")));
            }
            if open > 0 {
                parts.push(Part::Words(Text::new(&text[at..start])));
            }
            parts.push(Part::Name(name.to_owned()));
            at = start + length + 2;
        }
        if at < text.len() {
            parts.push(Part::Words(Text::new(&text[at..])));
        }
        Ok(Self { parts })
    }

    /// A constant.
    pub fn constant(value: Value) -> Self {
        Self { parts: vec![Part::Constant(value)] }
    }

    /// The names in it, from the left.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Words(_) | Part::Constant(_) => None,
        })
    }

    /// To be shown: what is not known is a question mark.
    pub fn words(&self, values: &Values) -> Text {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Words(words) => out.push_str(words),
                Part::Constant(value) => out.push_str(&value.to_string()),
                Part::Name(name) => match values.get(name) {
                    Some(value) => out.push_str(&value.to_string()),
                    None => out.push('?'),
                },
            }
        }
        out.into()
    }

    /// To be sent: a lone name keeps the type of its value. `None` where a name is not known, and where a text would
    /// hold something that is not set: then nothing may be sent.
    pub fn value(&self, values: &Values) -> Option<Value> {
        match self.parts.as_slice() {
            [Part::Constant(value)] => Some(value.clone()),
            [Part::Name(name)] => values.get(name).cloned(),
            parts => {
                let known = |part: &Part| match part {
                    Part::Name(name) => values.get(name).is_some_and(|value| *value != Value::None),
                    Part::Words(_) | Part::Constant(_) => true,
                };
                parts.iter().all(known).then(|| Value::Text(self.words(values)))
            }
        }
    }

    /// The constant, where there is no name in it.
    pub fn as_constant(&self) -> Option<Value> {
        if self.names().next().is_some() { None } else { self.value(&Values::new()) }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Words(words) => f.write_str(words)?,
                Part::Name(name) => write!(f, "{{{{{name}}}}}")?,
                Part::Constant(value) => write!(f, "{value}")?,
            }
        }
        Ok(())
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.parts.as_slice() {
            [Part::Constant(value)] => value.serialize(serializer),
            _ => serializer.collect_str(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::from([
            ("to".to_owned(), "app:41".into()),
            ("desired".to_owned(), Value::Count(12)),
            ("reason".to_owned(), "\u{1b}[31mred {{to}}".into()),
            ("max".to_owned(), Value::None),
        ])
    }

    #[test]
    fn names_are_replaced_once() {
        let words = |text: &str| Template::parse(text).unwrap().words(&values()).to_string();
        assert_eq!(words("Is {{to}} safe with {{ desired }} tasks?"), "Is app:41 safe with 12 tasks?");
        assert_eq!(words("{{reason}}"), "[31mred {{to}}", "what is put in is not read again");
        assert_eq!(words("{{current}} {}"), "? {}");
    }

    #[test]
    fn a_value_keeps_its_type_and_an_unknown_one_is_none() {
        let value = |text: &str| Template::parse(text).unwrap().value(&values());
        assert_eq!(value("{{desired}}"), Some(Value::Count(12)));
        assert_eq!(value("{{desired}} tasks"), Some(Value::Text("12 tasks".into())));
        assert_eq!(value("{{max}}"), Some(Value::None));
        assert_eq!((value("at {{max}}"), value("{{current}}"), value("x {{current}}")), (None, None, None));
        assert_eq!(Template::constant(Value::Count(3)).as_constant(), Some(Value::Count(3)));
        assert_eq!(Template::parse("{{to}}").unwrap().as_constant(), None);
    }

    #[test]
    fn what_is_no_name_is_refused_with_its_place() {
        assert_eq!(Template::parse("a {{to").unwrap_err(), (2, "`{{` without `}}`".to_owned()));
        assert_eq!(Template::parse("{{ 1 + 1 }}").unwrap_err().0, 0);
        assert!(Template::parse("é{{env:HOME}}").is_err_and(|(at, what)| at == 2 && what.contains("no name")));
    }
}
