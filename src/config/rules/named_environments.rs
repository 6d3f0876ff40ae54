//! Lists of environments by `name` or `system/name`: each must be configured.

use toml::de::DeValue;

use crate::base::Text;
use crate::config::EnvironmentConfig;
use crate::config::document::{Document, Value};
use crate::config::metric::is_called;
use crate::config::nearest::suggest;

/// `environments` are those in use and `left_out` those that are configured but wrong: both may be named. `path` is how
/// messages call the list.
pub(super) fn named_environments(
    document: &mut Document<'_>,
    path: &str,
    value: &Value<'_>,
    environments: &[EnvironmentConfig],
    left_out: &[Text],
) {
    let DeValue::Array(elements) = value.get_ref() else { return };
    for element in elements.iter() {
        let DeValue::String(wanted) = element.get_ref() else { continue };
        let is_used = environments.iter().any(|e| is_called(wanted, &e.system, &e.name));
        let is_wrong = left_out.iter().any(|label| {
            label.as_str() == wanted.as_ref() || label.split_once('/').is_some_and(|(_, name)| name == wanted)
        });
        if !is_used && !is_wrong {
            let labels: Vec<String> = environments.iter().map(EnvironmentConfig::label).collect();
            let by_name = environments.iter().filter(|_| !wanted.contains('/')).map(|e| e.name.as_str());
            let mut names: Vec<&str> = by_name.chain(labels.iter().map(String::as_str)).collect();
            names.dedup();
            let what = format!("`{path}`: no environment `{wanted}`");
            document.error(&element.span(), what, suggest(wanted, &names));
        }
    }
}
