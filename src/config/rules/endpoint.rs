//! `environment.endpoint_url`: where another endpoint than AWS's own is used.

use toml::de::DeValue;

use crate::config::document::{Document, Value};

pub(super) fn endpoint(document: &mut Document<'_>, path: &str, value: &Value<'_>) {
    let DeValue::String(text) = value.get_ref() else { return };
    let usable = text.parse::<http::Uri>().is_ok_and(|uri| {
        uri.host().is_some_and(|host| !host.is_empty()) && matches!(uri.scheme_str(), Some("http" | "https"))
    });
    if !usable {
        let suggestion = Some("write it like `http://127.0.0.1:4566`".to_owned());
        document.error(&value.span(), format!("`{path}.endpoint_url`: `{text}` is not an http(s) URL"), suggestion);
    }
}
