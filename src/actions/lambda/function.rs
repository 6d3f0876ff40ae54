//! Reading functions, their versions and their aliases.

use std::collections::BTreeMap;

use aws_sdk_lambda::types::{AliasConfiguration, FunctionConfiguration};
use jiff::Timestamp;

use crate::actions::{Wanted, targets};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, Target, TargetKind};
use crate::signals::Signal;
use crate::signals::lambda_errors::LambdaErrors;
use crate::signals::paging::{all_pages_unless_gone, unless_gone};

use super::route::Route;

/// IAM actions of [`find`].
pub const FIND: &str = "lambda:ListFunctions";

/// The functions that are meant. The ARN of an alias or a version stands for its function.
///
/// # Errors
/// The functions could not be listed.
pub async fn find(session: &Session, wanted: &Wanted) -> Result<Vec<Target>, Fault> {
    let wanted = Wanted { arn: wanted.arn.as_deref().map(unqualified), ..wanted.clone() };
    let functions = Signal::inventory(&LambdaErrors, session).await?;
    let mut found = Vec::new();
    for function in targets::meant(session, &wanted, &functions, |one| &one.arn, |one| vec![one.name.clone()]) {
        found.push(targets::target(session, TargetKind::LambdaFunction, &function.name, &function.arn).await?);
    }
    Ok(found)
}

/// `arn:…:function:NAME:QUALIFIER` → `arn:…:function:NAME`.
fn unqualified(arn: &str) -> Text {
    let parts: Vec<&str> = arn.splitn(8, ':').collect();
    Text::new(parts.get(..7).map_or_else(|| arn.to_owned(), |parts| parts.join(":")))
}

/// An alias.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    /// Its name.
    pub name: Text,
    /// What it serves.
    pub route: Route,
    /// Changes with every update of the alias.
    pub revision_id: Text,
}

/// A version, as ListVersionsByFunction describes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Version {
    /// Its number.
    pub number: u64,
    /// SHA-256 of its code, in Base64.
    pub sha: Text,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// What was said when it was published.
    pub description: Text,
    /// Memory in MB.
    pub memory_mb: Option<i32>,
    /// Seconds.
    pub timeout_s: Option<i32>,
    /// Runtime; empty for an image.
    pub runtime: Text,
    /// Execution role.
    pub role: Text,
    /// Dead-letter target.
    pub dead_letters: Text,
    /// `Active`, `Inactive`, `Pending`, `Failed`; empty where AWS does not say.
    pub state: Text,
}

impl Version {
    /// The beginning of the SHA-256: enough to tell versions apart.
    pub fn short_sha(&self) -> String {
        self.sha.chars().take(8).collect()
    }
}

/// All aliases by name.
///
/// # Errors
/// They could not be listed, or the function is gone.
pub async fn aliases(session: &Session, function: &Target) -> Result<Vec<Alias>, Fault> {
    let request = session.lambda().list_aliases().function_name(&*function.name).into_paginator();
    let aliases = all_pages_unless_gone(
        session,
        "ListAliases",
        request.page_size(limits::LAMBDA_PAGE).send(),
        |page| page.next_marker(),
        |page| page.aliases.unwrap_or_default(),
    )
    .await?;
    let aliases = aliases.ok_or_else(|| targets::gone("ListAliases", "the function", &function.name))?;
    let mut aliases: Vec<Alias> = aliases.iter().map(alias_of).collect();
    aliases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(aliases)
}

/// One alias.
///
/// # Errors
/// It could not be read, or is gone.
pub async fn alias(session: &Session, function: &Target, name: &str) -> Result<Alias, Fault> {
    let answer = session.lambda().get_alias().function_name(&*function.name).name(name).send().await;
    let Some(answer) = unless_gone(session, "GetAlias", answer)? else {
        return Err(targets::gone("GetAlias", "the alias", &format!("{}:{name}", function.name)));
    };
    let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
    let weights = answer.routing_config().and_then(|routing| routing.additional_version_weights());
    Ok(Alias {
        name: text(answer.name()),
        route: Route::new(answer.function_version().unwrap_or_default(), weights.into_iter().flatten()),
        revision_id: text(answer.revision_id()),
    })
}

fn alias_of(alias: &AliasConfiguration) -> Alias {
    let weights = alias.routing_config().and_then(|routing| routing.additional_version_weights());
    Alias {
        name: Text::new(alias.name().unwrap_or_default()),
        route: Route::new(alias.function_version().unwrap_or_default(), weights.into_iter().flatten()),
        revision_id: Text::new(alias.revision_id().unwrap_or_default()),
    }
}

/// All published versions by number, without `$LATEST`.
///
/// # Errors
/// They could not be listed, or the function is gone.
pub async fn versions(session: &Session, function: &Target) -> Result<BTreeMap<u64, Version>, Fault> {
    let request = session.lambda().list_versions_by_function().function_name(&*function.name).into_paginator();
    let versions = all_pages_unless_gone(
        session,
        "ListVersionsByFunction",
        request.page_size(limits::LAMBDA_VERSIONS_PAGE).send(),
        |page| page.next_marker(),
        |page| page.versions.unwrap_or_default(),
    )
    .await?;
    let versions = versions.ok_or_else(|| targets::gone("ListVersionsByFunction", "the function", &function.name))?;
    Ok(versions.iter().filter_map(version_of).map(|version| (version.number, version)).collect())
}

fn version_of(listed: &FunctionConfiguration) -> Option<Version> {
    let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
    Some(Version {
        number: listed.version()?.parse().ok()?,
        sha: text(listed.code_sha256()),
        published: listed.last_modified().and_then(published),
        description: text(listed.description()),
        memory_mb: listed.memory_size(),
        timeout_s: listed.timeout(),
        runtime: text(listed.runtime().map(|runtime| runtime.as_str())),
        role: text(listed.role()),
        dead_letters: text(listed.dead_letter_config().and_then(|config| config.target_arn())),
        state: text(listed.state().map(|state| state.as_str())),
    })
}

/// Lambda's own form of ISO 8601, e.g. `2026-11-21T03:04:05.000+0000`.
fn published(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok().or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_arns_are_read_as_lambda_writes_them() {
        let expected = "2026-11-21T03:04:05Z".parse().ok();
        assert_eq!(published("2026-11-21T03:04:05.000+0000"), expected);
        assert_eq!(published("2026-11-21T03:04:05Z"), expected);
        assert_eq!(published("yesterday"), None);
        let arn = "arn:aws:lambda:us-east-1:111122223333:function:pay";
        assert_eq!(unqualified(&format!("{arn}:live")), arn);
        assert_eq!(unqualified(arn), arn);
    }
}
