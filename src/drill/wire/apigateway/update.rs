//! UpdateStage: throttles of a stage and of single methods.

use super::super::{ApiError, Edit, Input, Reply, reply};
use super::{ACCOUNT_BURST, ACCOUNT_RATE, access_log, api, not_found, stage};
use crate::drill::world::apigateway::{Stage, Throttle};

fn bad(message: impl Into<String>) -> ApiError {
    ApiError::bad("BadRequestException", message)
}

/// A change of one setting. A limit of `None` is switched off.
enum Patch {
    Rate(String, Option<f64>),
    Burst(String, Option<u32>),
    /// A method has no settings of its own any more.
    Remove(String),
}

/// Carries all patch operations out, or none.
pub(super) fn update(edit: &mut Edit<'_>) -> Reply {
    edit.only(&["restApiId", "stageName", "patchOperations"]).map_err(bad)?;
    let name = edit.input.text("stageName").unwrap_or_default();
    let id = api(&edit.ask())?.id.clone();
    let patches: Vec<Patch> = edit.input.list("patchOperations").into_iter().map(read).collect::<Result<_, _>>()?;
    let now = edit.now;
    let held = edit.world.rest_apis.get_mut(&id).and_then(|api| api.stages.get_mut(name));
    let held = held.ok_or_else(|| not_found("Invalid stage identifier specified"))?;
    let missing = patches.iter().find_map(|patch| match patch {
        Patch::Remove(key) if !held.methods.contains_key(key) => Some(key),
        _ => None,
    });
    if let Some(key) = missing {
        let says = "because there is no method setting for this method";
        return Err(bad(format!("Cannot remove method setting {key} {says}")));
    }
    for patch in patches {
        apply(held, patch);
        held.updated = now;
    }
    let ask = edit.ask();
    let shown = api(&ask)?.stages.get(name).ok_or_else(|| not_found("Invalid stage identifier specified"))?;
    reply(&stage(shown, access_log(&ask).as_deref()))
}

fn apply(stage: &mut Stage, patch: Patch) {
    match patch {
        Patch::Rate(key, rate) if key == "*/*" => stage.rate_limit = rate.unwrap_or(f64::INFINITY),
        Patch::Burst(key, burst) if key == "*/*" => stage.burst_limit = burst.unwrap_or(u32::MAX),
        Patch::Rate(key, rate) => method(stage, key).rate_limit = rate,
        Patch::Burst(key, burst) => method(stage, key).burst_limit = burst,
        Patch::Remove(key) => {
            stage.methods.remove(&key);
        }
    }
}

/// The settings of a method. New ones have AWS's defaults in every field that no patch names, not the stage's.
fn method(stage: &mut Stage, key: String) -> &mut Throttle {
    let defaults = Throttle { rate_limit: Some(ACCOUNT_RATE), burst_limit: u32::try_from(ACCOUNT_BURST).ok() };
    stage.methods.entry(key).or_insert(defaults)
}

/// `/{path}/{method}/throttling/rateLimit` and `…/burstLimit`, where `*/*` is the stage and `~1` a slash of the path.
fn read(operation: Input<'_>) -> Result<Patch, ApiError> {
    let path = operation.text("path").unwrap_or_default();
    let unknown = || bad(format!("Invalid patch path {path}"));
    let parts: Vec<&str> = path.strip_prefix('/').ok_or_else(unknown)?.split('/').collect();
    let value = operation.text("value").unwrap_or_default();
    let invalid = || bad(format!("Invalid value '{value}' for path {path}"));
    match (operation.text("op"), parts.as_slice()) {
        (Some("replace"), [resource, method, "throttling", "rateLimit"]) => {
            let rate: f64 = value.parse().map_err(|_| invalid())?;
            let is_off = (rate + 1.0).abs() < f64::EPSILON;
            if !(is_off || rate.is_finite() && rate >= 0.0) {
                return Err(invalid());
            }
            Ok(Patch::Rate(format!("{resource}/{method}"), (!is_off).then_some(rate)))
        }
        (Some("replace"), [resource, method, "throttling", "burstLimit"]) => {
            let burst = if value == "-1" { None } else { Some(value.parse().map_err(|_| invalid())?) };
            Ok(Patch::Burst(format!("{resource}/{method}"), burst))
        }
        (Some("remove"), [resource, method]) if *resource != "*" => Ok(Patch::Remove(format!("{resource}/{method}"))),
        (Some("replace" | "remove"), _) => Err(unknown()),
        (op, _) => Err(bad(format!("Invalid patch operation {}", op.unwrap_or_default()))),
    }
}
