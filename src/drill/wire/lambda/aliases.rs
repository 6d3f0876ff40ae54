//! Aliases of functions: GetAlias, ListAliases and UpdateAlias.

use std::collections::BTreeMap;

use serde_json::Value;
use winterbaume_lambda::model::{AliasConfiguration, AliasRoutingConfiguration, ListAliasesResponse};

use super::super::{ApiError, Ask, Edit, Reply, reply};
use super::{PAGE, bad_marker, function, missing};
use crate::drill::world::hash;
use crate::drill::world::lambda::{Alias, Function};

/// Bounds of a weight (Lambda API, AliasRoutingConfiguration).
const WEIGHTS: std::ops::RangeInclusive<f64> = 0.0..=1.0;

pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let (function, _) = function(ask)?;
    let version = ask.input.text("FunctionVersion");
    let aliases = function.aliases.values();
    let wanted = aliases.filter(|alias| version.is_none_or(|version| alias.version.to_string() == version));
    let filter = format!("{}{version:?}", function.name);
    let size = ask.size("MaxItems", PAGE, PAGE);
    let page = ask.page(wanted.map(alias).collect(), size, ask.input.text("Marker"), &filter).map_err(bad_marker)?;
    reply(&ListAliasesResponse { aliases: Some(page.items), next_marker: page.next })
}

fn alias(alias: &Alias) -> AliasConfiguration {
    let weights = alias.additional.iter().map(|(version, weight)| (version.to_string(), *weight)).collect();
    let routing = AliasRoutingConfiguration { additional_version_weights: Some(weights) };
    AliasConfiguration {
        alias_arn: Some(alias.arn.clone()),
        description: Some(alias.description.clone()),
        function_version: Some(alias.version.to_string()),
        name: Some(alias.name.clone()),
        revision_id: Some(alias.revision_id.clone()),
        routing_config: (!alias.additional.is_empty()).then_some(routing),
    }
}

pub(super) fn get(ask: &Ask<'_>) -> Reply {
    reply(&alias(find(ask)?.1))
}

/// The alias that the request names, and its function.
fn find<'a>(ask: &Ask<'a>) -> Result<(&'a Function, &'a Alias), ApiError> {
    let (function, _) = function(ask)?;
    let name = ask.input.text("Name").unwrap_or_default();
    let found = function.aliases.get(name);
    Ok((function, found.ok_or_else(|| missing("alias", &format!("{}:{name}", function.arn)))?))
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("InvalidParameterValueException", message)
}

/// Moves an alias. Weights that are not given stay as they are, as in Lambda.
pub(super) fn update(edit: &mut Edit<'_>) -> Reply {
    let input = edit.input;
    let ask = edit.ask();
    let (function, current) = find(&ask)?;
    if let Some(asked) = input.text("RevisionId").filter(|asked| *asked != current.revision_id) {
        let message = format!(
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId for your resource. ({asked})"
        );
        return Err(ApiError::new(412, "PreconditionFailedException", message));
    }
    let version = match input.text("FunctionVersion") {
        Some(asked) => published(function, asked)?,
        None => current.version,
    };
    let additional = match input.inner("RoutingConfig") {
        Some(routing) => weights(function, routing.inner("AdditionalVersionWeights").map(|weights| weights.0))?,
        None => current.additional.clone(),
    };
    if additional.contains_key(&version) {
        return Err(invalid("The alias's version and its additional version must not be the same."));
    }
    let mut moved = current.clone();
    moved.version = version;
    moved.additional = additional;
    if let Some(description) = input.0.get("Description").and_then(Value::as_str) {
        description.clone_into(&mut moved.description);
    }
    moved.revision_id = hash::uuid(&(&current.arn, &current.revision_id, edit.now.as_millisecond()));
    let name = function.name.clone();
    let answer = reply(&alias(&moved));
    if let Some(function) = edit.world.functions.get_mut(&name) {
        function.aliases.insert(moved.name.clone(), moved);
    }
    answer
}

fn published(function: &Function, asked: &str) -> Result<u32, ApiError> {
    if asked == "$LATEST" {
        return Err(invalid("The drill's aliases point to published versions."));
    }
    let found = asked.parse().ok().and_then(|number| function.version(number));
    found.map(|version| version.number).ok_or_else(|| {
        let message = format!("Function not found: {}:{asked}", function.arn);
        ApiError::new(404, "ResourceNotFoundException", message)
    })
}

/// At most one version besides the alias's own (Lambda Developer Guide, "Implement Lambda canary deployments").
fn weights(function: &Function, asked: Option<&Value>) -> Result<BTreeMap<u32, f64>, ApiError> {
    let given = asked.and_then(Value::as_object).into_iter().flatten();
    let mut weights = BTreeMap::new();
    for (version, weight) in given {
        let weight = weight.as_f64().filter(|weight| WEIGHTS.contains(weight));
        let weight = weight.ok_or_else(|| invalid("A weight must be between 0.0 and 1.0."))?;
        weights.insert(published(function, version)?, weight);
    }
    if weights.len() > 1 {
        return Err(invalid("Number of items in AdditionalVersionWeights cannot be greater than 1"));
    }
    Ok(weights)
}
