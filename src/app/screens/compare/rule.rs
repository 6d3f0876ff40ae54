//! The manifest's rule about a setting, in words.

use crate::compare::verdict::{EXISTS, JudgedResource, JudgedSetting};
use crate::config::manifest::{Allowed, Manifest};

/// What the manifest says of a setting; `None` where no rule is about it.
pub fn rule(manifest: &Manifest, resource: &JudgedResource, setting: &JudgedSetting) -> Option<String> {
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
            let each: Vec<String> =
                by.iter().map(|(environment, approved)| format!("{environment} {approved}")).collect();
            format!("it may be {}", each.join(", "))
        }
    })
}
