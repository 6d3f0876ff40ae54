//! The manifest's rule about a setting, in words.

use crate::compare::verdict::{EXISTS, JudgedResource, JudgedSetting};
use crate::config::manifest::Allowed;
use crate::inquiry::compare::Comparison;

/// What the manifest says of a setting, in the order of the environments; `None` where no rule is about it.
pub fn rule(comparison: &Comparison, resource: &JudgedResource, setting: &JudgedSetting) -> Option<String> {
    let Comparison { manifest, judged, .. } = comparison;
    if &*setting.key == EXISTS {
        let rule = manifest.resources.iter().find(|rule| rule.kind == resource.kind && rule.name == resource.name)?;
        return Some(match &rule.only {
            None => "it must be everywhere".to_owned(),
            Some(only) => format!("it must be in {} and nowhere else", only.join(", ")),
        });
    }
    let tag = setting.key.strip_prefix("tag:");
    if tag.is_some_and(|tag| manifest.required_tags.iter().any(|required| **required == *tag)) {
        return Some("every resource must carry this tag".to_owned());
    }
    let fits = |rule: &&crate::config::manifest::Variation| {
        rule.kind.fits(&resource.kind) && rule.name.fits(&resource.name) && rule.setting.fits(&setting.key)
    };
    let rule = manifest.variations.iter().find(fits)?;
    Some(match &rule.allowed {
        Allowed::Any => "it may differ in every way".to_owned(),
        Allowed::By(by) => {
            let columns = judged.columns.iter();
            let each: Vec<String> = columns
                .filter_map(|column| Some(format!("{} {}", column.environment, by.get(&column.environment)?)))
                .collect();
            match each.is_empty() {
                true => "it must be the same in the environments that are compared".to_owned(),
                false => format!("it may be {}", each.join(", ")),
            }
        }
    })
}
