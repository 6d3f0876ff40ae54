//! KMS: customer managed keys by their aliases, one without an alias by its id; rotation and state.

use std::collections::BTreeMap;

use aws_sdk_kms::types::{AliasListEntry, KeyManagerType, KeySpec};
use futures_util::future::{BoxFuture, join};

use super::source::{Found, Inventory, ask_each, value};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::Fault;
use crate::signals::paging::{all_pages, unless_gone};

/// The inventory. A key without an alias has no name to match it by: it is called by its id, and a `[[match]]` of the
/// manifest says which row it belongs to.
#[derive(Debug)]
pub struct Keys;

const KEY: &str = "kms key";

impl Inventory for Keys {
    fn id(&self) -> &'static str {
        "kms"
    }
    fn title(&self) -> &'static str {
        "KMS"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[KEY]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListKeys"]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            match keys(session).await {
                Ok((keys, key_names, unnamed)) => {
                    let found = ask_each(keys, |(key, aliases)| described(session, key, aliases)).await;
                    let resources = found.into_iter().flatten().collect();
                    let unlisted = unnamed.map(|fault| Found::unlisted(self.kinds(), &fault)).unwrap_or_default();
                    Found { resources, key_names, ..Found::default() }.and(unlisted)
                }
                Err(fault) => Found::unlisted(self.kinds(), &fault),
            }
        })
    }
}

/// Ids of keys with their aliases.
type Aliases = Vec<(String, Vec<String>)>;

/// The keys that are compared, the names of all, and why those without an alias could not be listed. `alias/aws/…` are
/// AWS's own: they are only named.
async fn keys(session: &Session) -> Result<(Aliases, BTreeMap<Text, Text>, Option<Fault>), Fault> {
    let pages = session.kms().list_aliases().into_paginator().page_size(limits::KMS_PAGE).send();
    let aliases =
        all_pages(session, "ListAliases", pages, |page| page.next_marker(), |page| page.aliases.unwrap_or_default());
    let pages = session.kms().list_keys().into_paginator().page_size(limits::KEYS_PAGE).send();
    let all = all_pages(session, "ListKeys", pages, |page| page.next_marker(), |page| page.keys.unwrap_or_default());
    let (aliases, all) = join(aliases, all).await;
    let aliases = aliases?;
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let selection = session.selection().await?;
    let own = |alias: &&AliasListEntry| {
        let name = alias.alias_name().unwrap_or_default();
        !name.starts_with("alias/aws/") && selection.may_admit(name.trim_start_matches("alias/"))
    };
    let mut names = BTreeMap::new();
    for alias in &aliases {
        if let (Some(key), Some(name)) = (alias.target_key_id(), alias.alias_name()) {
            names.entry(Text::new(key)).or_insert_with(|| Text::new(name));
        }
    }
    for alias in aliases.iter().filter(own) {
        if let (Some(key), Some(name)) = (alias.target_key_id(), alias.alias_name()) {
            keys.entry(key.to_owned()).or_default().push(name.to_owned());
        }
    }
    let (all, fault) = match all {
        Ok(all) => (all, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    for key in all.into_iter().filter_map(|key| key.key_id) {
        if !names.contains_key(&*key) && selection.may_admit(&key) {
            keys.entry(key).or_default();
        }
    }
    Ok((keys.into_iter().collect(), names, fault))
}

/// One resource for each alias; one by its id where it has none.
async fn described(session: &Session, key: String, mut aliases: Vec<String>) -> Option<Vec<Configured>> {
    let client = session.kms();
    let (about, rotation) =
        join(client.describe_key().key_id(&key).send(), client.get_key_rotation_status().key_id(&key).send()).await;
    let about = match unless_gone(session, "DescribeKey", about) {
        Ok(answer) => Ok(answer?.key_metadata?),
        Err(fault) => Err(fault),
    };
    if about.as_ref().is_ok_and(|about| about.key_manager() == Some(&KeyManagerType::Aws)) {
        return None;
    }
    let arn = about.as_ref().map(|about| about.arn().unwrap_or_default().to_owned()).unwrap_or_default();
    let selection = session.selection().await.ok()?;
    let rotation = rotation.map_err(|error| session.fault("GetKeyRotationStatus", &error));
    let word = |of: Option<&str>| Value::text(of);
    // Only symmetric keys rotate: of others AWS does not say.
    let rotates =
        about.as_ref().map_or(true, |about| about.key_spec().is_none_or(|spec| *spec == KeySpec::SymmetricDefault));
    let rotated =
        if rotates { value(&rotation, |rotation| Value::Bool(rotation.key_rotation_enabled())) } else { Value::Absent };
    let days = if rotates {
        value(&rotation, |rotation| Value::number(rotation.rotation_period_in_days()))
    } else {
        Value::Absent
    };
    let settings = vec![
        Setting::new("state", value(&about, |about| word(about.key_state().map(|state| state.as_str())))),
        Setting::new("spec", value(&about, |about| word(about.key_spec().map(|spec| spec.as_str())))),
        Setting::new("usage", value(&about, |about| word(about.key_usage().map(|usage| usage.as_str())))),
        Setting::new("origin", value(&about, |about| word(about.origin().map(|origin| origin.as_str())))),
        Setting::new("multi_region", value(&about, |about| Value::flag(about.multi_region()))),
        Setting::new("rotation", rotated),
        Setting::new("rotation_days", days),
    ];
    let arn_or_id = if arn.is_empty() { key.clone() } else { arn };
    let tags = match &about {
        Ok(_) => Tags::Elsewhere,
        Err(fault) => Tags::Unknown(fault.clone()),
    };
    let belongs = |alias: &&String| about.is_err() || selection.admits(alias.trim_start_matches("alias/"), &arn_or_id);
    let resource = |alias: &String| {
        let name = alias.trim_start_matches("alias/");
        Configured::new(KEY, name, &arn_or_id, settings.clone()).tagged(tags.clone())
    };
    if aliases.is_empty() {
        aliases.push(key);
    }
    Some(aliases.iter().filter(belongs).map(resource).collect())
}
