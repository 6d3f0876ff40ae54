//! The parameters of a request, the same for every protocol.

use jiff::Timestamp;
use serde_json::Value;

/// A structure of parameters. Numbers and truth values may be text, as in the query protocol and in URLs; times may be
/// seconds since 1970 or ISO 8601.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a>(pub &'a Value);

impl<'a> Input<'a> {
    /// A text that is there and not empty.
    pub fn text(self, key: &str) -> Option<&'a str> {
        self.0.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// A whole number.
    pub fn int(self, key: &str) -> Option<i64> {
        match self.0.get(key)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A truth value.
    pub fn flag(self, key: &str) -> Option<bool> {
        match self.0.get(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A time.
    pub fn time(self, key: &str) -> Option<Timestamp> {
        match self.0.get(key)? {
            Value::Number(number) => {
                let seconds = number.as_f64()?;
                #[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
                Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
            }
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A structure within.
    pub fn inner(self, key: &str) -> Option<Input<'a>> {
        self.0.get(key).filter(|value| value.is_object()).map(Input)
    }

    /// A list of structures; a single value counts as a list of one, as in URLs.
    pub fn list(self, key: &str) -> Vec<Input<'a>> {
        match self.0.get(key) {
            Some(Value::Array(values)) => values.iter().map(Input).collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(one) => vec![Input(one)],
        }
    }

    /// A list of texts.
    pub fn texts(self, key: &str) -> Vec<&'a str> {
        self.list(key).into_iter().filter_map(|item| item.0.as_str()).collect()
    }

    /// True when the parameter was given.
    pub fn has(self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !value.is_null())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_times_and_flags_may_be_text() {
        let value =
            json!({"a": 5, "b": "5", "t": 1.5, "u": "1970-01-01T00:00:01.5Z", "f": "true", "one": "x", "e": ""});
        let input = Input(&value);
        assert_eq!((input.int("a"), input.int("b")), (Some(5), Some(5)));
        assert_eq!(input.time("t"), input.time("u"));
        assert_eq!(input.time("t").map(Timestamp::as_millisecond), Some(1500));
        assert_eq!(input.flag("f"), Some(true));
        assert_eq!(input.texts("one"), ["x"]);
        assert_eq!((input.text("e"), input.text("none"), input.int("one")), (None, None, None));
    }
}
