//! `environment.account`: 12 digits, in quotes because it may begin with a zero.

use toml::de::DeValue;

use crate::config::document::{Document, Value};

pub(super) fn account(document: &mut Document<'_>, path: &str, value: &Value<'_>) {
    let span = value.span();
    match value.get_ref() {
        DeValue::String(text) if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) => {}
        DeValue::String(text) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let suggestion = (digits.len() == 12).then(|| format!("did you mean `{digits}`?"));
            let what = format!("`{path}.account` must be 12 digits: `{text}` is not");
            document.error(&span, what, suggestion);
        }
        DeValue::Integer(number) => {
            let suggestion = Some(format!("write `account = \"{number}\"`"));
            document.error(&span, format!("`{path}.account` must be text in quotes, not a number"), suggestion);
        }
        _ => {}
    }
}
