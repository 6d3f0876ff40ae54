//! What versions, aliases and the last modification tell of a function's past.

use std::collections::BTreeSet;

use aws_sdk_lambda::types::{AliasConfiguration, FunctionConfiguration};
use jiff::Timestamp;

use super::versions::{Published, number};
use crate::base::Text;
use crate::changes::span::Span;
use crate::model::{Change, ChangeKind, EnvId};

/// Publishes within `span`, and the aliases that point to what was published then.
pub fn changes(function: &Published, span: Span, env: EnvId) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, version) in function.versions.iter().enumerate() {
        let Some(at) = modified(version).filter(|at| span.contains(*at)) else { continue };
        let Some(number) = number(version) else { continue };
        let older = index.checked_sub(1).and_then(|older| function.versions.get(older));
        changes.push(publish(
            function,
            version,
            number,
            older,
            Change::new(at, env, ChangeKind::Publish, &function.name),
        ));
        for alias in function.aliases.iter().filter(|alias| points_to(alias, number)) {
            changes.push(moved(
                function,
                alias,
                number,
                older,
                Change::new(at, env, ChangeKind::Alias, &function.name),
            ));
        }
    }
    changes
}

fn publish(
    function: &Published,
    version: &FunctionConfiguration,
    number: u64,
    older: Option<&FunctionConfiguration>,
    change: Change,
) -> Change {
    let aliases: Vec<&str> =
        function.aliases.iter().filter(|a| points_to(a, number)).filter_map(|alias| alias.name()).collect();
    let serves = if aliases.is_empty() { String::new() } else { format!(", serves {}", aliases.join(", ")) };
    let (mut before, mut after) = (Vec::new(), vec![format!("v{number}")]);
    if let Some(older) = older {
        before.push(format!("v{}", super::versions::number(older).unwrap_or_default()));
        for (what, was, is) in differences(older, version) {
            before.push(format!("{what} {was}"));
            after.push(format!("{what} {is}"));
        }
    }
    Change {
        summary: format!("v{number} published{serves}").into(),
        arn: Text::new(version.function_arn().unwrap_or_default()),
        before: before.join(", ").into(),
        after: after.join(", ").into(),
        reason: Text::new(version.description().unwrap_or_default()),
        ..change
    }
}

/// AWS does not say when an alias was moved: not before the version that it points to was published.
fn moved(
    function: &Published,
    alias: &AliasConfiguration,
    number: u64,
    older: Option<&FunctionConfiguration>,
    change: Change,
) -> Change {
    let name = alias.name().unwrap_or_default();
    let share = alias
        .routing_config()
        .and_then(|routing| routing.additional_version_weights())
        .and_then(|weights| weights.get(&number.to_string()))
        .map(|weight| format!(" with {:.0} %", weight * 100.0))
        .unwrap_or_default();
    let before = older.and_then(super::versions::number).map(|older| format!("v{older}")).unwrap_or_default();
    Change {
        estimated: true,
        summary: format!("alias {name} → v{number}{share}").into(),
        arn: Text::new(alias.alias_arn().unwrap_or_default()),
        touches: vec![Text::new(format!("{}:{name}", function.name))],
        before: before.into(),
        after: format!("v{number}{share}").into(),
        reason: Text::new(alias.description().unwrap_or_default()),
        ..change
    }
}

fn points_to(alias: &AliasConfiguration, number: u64) -> bool {
    let number = number.to_string();
    let shared = alias.routing_config().and_then(|routing| routing.additional_version_weights());
    alias.function_version() == Some(&number) || shared.is_some_and(|weights| weights.contains_key(&number))
}

/// Code or configuration of `$LATEST` changed within `span`, and not only by what was published right after.
pub fn update(latest: &FunctionConfiguration, known: Option<&Published>, span: Span, env: EnvId) -> Option<Change> {
    let at = modified(latest).filter(|at| span.contains(*at))?;
    let newest = known.and_then(|known| known.versions.last());
    // Publishing right after a change tells the same more exactly.
    if newest.is_some_and(|newest| same(newest, latest) && modified(newest).is_some_and(|then| then >= at)) {
        return None;
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (what, was, is) in newest.map(|newest| differences(newest, latest)).unwrap_or_default() {
        before.push(format!("{what} {was}"));
        after.push(format!("{what} {is}"));
    }
    let status = latest.last_update_status_reason().or(latest.state_reason()).unwrap_or_default();
    Some(Change {
        summary: match after.first() {
            Some(_) => format!("$LATEST changed: {}", after.join(", ")).into(),
            None => "$LATEST changed".into(),
        },
        arn: Text::new(latest.function_arn().unwrap_or_default()),
        before: before.join(", ").into(),
        after: after.join(", ").into(),
        reason: status.into(),
        ..Change::new(at, env, ChangeKind::FunctionUpdate, latest.function_name().unwrap_or_default())
    })
}

fn same(a: &FunctionConfiguration, b: &FunctionConfiguration) -> bool {
    differences(a, b).is_empty()
}

/// What differs between two versions: what, was, is. Variables by name only.
fn differences(old: &FunctionConfiguration, new: &FunctionConfiguration) -> Vec<(&'static str, String, String)> {
    let sha = |of: &FunctionConfiguration| of.code_sha256().unwrap_or_default().chars().take(8).collect::<String>();
    let or_unknown = |number: Option<i32>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    let variables = |of: &FunctionConfiguration| {
        let names = of.environment().and_then(|environment| environment.variables()).map(|v| v.keys().cloned());
        names.into_iter().flatten().collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    let layers = |of: &FunctionConfiguration| {
        let arns = of.layers().iter().filter_map(|layer| layer.arn());
        arns.map(|arn| arn.rsplit_once("layer:").map_or(arn, |(_, name)| name)).collect::<Vec<_>>().join(" ")
    };
    let runtime = |of: &FunctionConfiguration| of.runtime().map(|r| r.as_str()).unwrap_or_default().to_owned();
    let facts = |of: &FunctionConfiguration| {
        [
            ("code", sha(of)),
            ("memory MB", or_unknown(of.memory_size())),
            ("timeout s", or_unknown(of.timeout())),
            ("runtime", runtime(of)),
            ("handler", of.handler().unwrap_or_default().to_owned()),
            ("variables", variables(of)),
            ("layers", layers(of)),
        ]
    };
    facts(old)
        .into_iter()
        .zip(facts(new))
        .filter(|((_, was), (_, is))| was != is)
        .map(|((what, was), (_, is))| (what, was, is))
        .collect()
}

/// Lambda writes `2026-11-21T03:04:00.000+0000` (Lambda API Reference, FunctionConfiguration).
fn modified(of: &FunctionConfiguration) -> Option<Timestamp> {
    let text = of.last_modified()?;
    text.parse().ok().or_else(|| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok())
}
