//! Names and values that stand for others in DynamoDB's expressions.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Words that DynamoDB reserves and that a record's attributes are likely to be called (Developer Guide, "Reserved
/// words in DynamoDB").
const RESERVED: &[&str] = &[
    "ACTION",
    "ALL",
    "ANY",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "COMMENT",
    "CONDITION",
    "COUNT",
    "COUNTER",
    "CREATE",
    "CURRENT",
    "DATA",
    "DATE",
    "DATETIME",
    "DAY",
    "DELETE",
    "DESC",
    "DURATION",
    "END",
    "ERROR",
    "EXISTS",
    "EXPRESSION",
    "FILE",
    "FILTER",
    "FIRST",
    "FORMAT",
    "FROM",
    "GROUP",
    "HASH",
    "HOUR",
    "IN",
    "INDEX",
    "ITEM",
    "ITEMS",
    "KEY",
    "KEYS",
    "LAST",
    "LEVEL",
    "LIMIT",
    "LIST",
    "LOCK",
    "LOCKS",
    "LOG",
    "MAP",
    "MAX",
    "MIN",
    "MINUTE",
    "MODE",
    "MONTH",
    "NAME",
    "NAMES",
    "NULL",
    "NUMBER",
    "OBJECT",
    "OFFSET",
    "ORDER",
    "OWNER",
    "PARTITION",
    "PATH",
    "PLAN",
    "POSITION",
    "PRIMARY",
    "PROCESS",
    "RANGE",
    "READ",
    "REGION",
    "RELEASE",
    "REQUEST",
    "RESOURCE",
    "RESULT",
    "ROLE",
    "ROW",
    "RULE",
    "SCAN",
    "SESSION",
    "SET",
    "SIZE",
    "SOURCE",
    "START",
    "STATE",
    "STATUS",
    "STEP",
    "STORAGE",
    "STRING",
    "SYSTEM",
    "TABLE",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TO",
    "TOKEN",
    "TOTAL",
    "TTL",
    "TYPE",
    "UPDATE",
    "USER",
    "USERS",
    "UUID",
    "VALUE",
    "VALUES",
    "VERSION",
    "VIEW",
    "WHERE",
    "WRITE",
    "YEAR",
    "ZONE",
];

/// What an expression's placeholders stand for.
pub struct Names<'a> {
    names: Option<&'a Map<String, Value>>,
    values: Option<&'a Map<String, Value>>,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Names<'a> {
    /// Of `ExpressionAttributeNames` and `ExpressionAttributeValues`.
    pub fn new(names: Option<&'a Value>, values: Option<&'a Value>) -> Self {
        let map = |value: Option<&'a Value>| value.and_then(Value::as_object);
        Self { names: map(names), values: map(values), used: RefCell::default() }
    }

    /// The attribute that a word means.
    ///
    /// # Errors
    /// A reserved word, or a placeholder that stands for nothing.
    pub fn name(&self, word: &str) -> Result<String, String> {
        if !word.starts_with('#') {
            if RESERVED.contains(&word.to_ascii_uppercase().as_str()) {
                return Err(format!("Attribute name is a reserved keyword; reserved keyword: {word}"));
            }
            return Ok(word.to_owned());
        }
        self.used.borrow_mut().insert(word.to_owned());
        let found = self.names.and_then(|names| names.get(word)).and_then(Value::as_str);
        found.map(str::to_owned).ok_or_else(|| {
            format!("An expression attribute name used in the document path is not defined; attribute name: {word}")
        })
    }

    /// The value that a placeholder stands for.
    ///
    /// # Errors
    /// It stands for nothing.
    pub fn value(&self, word: &str) -> Result<Value, String> {
        self.used.borrow_mut().insert(word.to_owned());
        self.values.and_then(|values| values.get(word)).cloned().ok_or_else(|| {
            format!("An expression attribute value used in expression is not defined; attribute value: {word}")
        })
    }

    /// Refuses placeholders that no expression used.
    pub fn all_used(&self) -> Result<(), String> {
        let used = self.used.borrow();
        for (what, given) in [("ExpressionAttributeNames", self.names), ("ExpressionAttributeValues", self.values)] {
            if let Some(spare) = given.into_iter().flatten().map(|(key, _)| key).find(|key| !used.contains(*key)) {
                return Err(format!("Value provided in {what} unused in expressions: keys: {{{spare}}}"));
            }
        }
        Ok(())
    }
}
