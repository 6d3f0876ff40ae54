//! `environment.profile` and `environment.actions_profile`: AWS profile names. One that is not there is warned of: the
//! AWS files may come later, or from elsewhere.

use toml::de::DeValue;

use crate::config::Vocabulary;
use crate::config::document::{Document, Value};
use crate::config::nearest::suggest;

pub(super) fn profile(
    document: &mut Document<'_>,
    path: &str,
    field: &str,
    value: &Value<'_>,
    vocabulary: &Vocabulary,
) {
    let DeValue::String(text) = value.get_ref() else { return };
    let span = value.span();
    if text.trim().is_empty() {
        let suggestion = Some("leave the line out for the default credentials".to_owned());
        document.error(&span, format!("`{path}.{field}` is empty"), suggestion);
    } else if let Some(profiles) = &vocabulary.profiles
        && !profiles.iter().any(|known| known == text.as_ref())
    {
        let names: Vec<_> = profiles.iter().map(String::as_str).collect();
        let what = format!("`{path}.{field}`: no AWS profile `{text}`");
        let suggestion = suggest(text, &names).or_else(|| Some(format!("aws configure sso --profile {text}")));
        document.warning(&span, what, suggestion);
    }
}
