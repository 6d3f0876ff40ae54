//! UpdateStage: throttles of a stage and of single methods.

use super::super::{ApiError, Edit, Input, Reply, reply};
use super::{access_log, api, not_found, stage};
use crate::drill::world::apigateway::Stage;

fn bad(message: impl Into<String>) -> ApiError {
    ApiError::bad("BadRequestException", message)
}

/// A change of one setting.
enum Patch {
    Rate(String, f64),
    Burst(String, u32),
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
        Patch::Rate(key, rate) if key == "*/*" => stage.rate_limit = rate,
        Patch::Burst(key, burst) if key == "*/*" => stage.burst_limit = burst,
        Patch::Rate(key, rate) => stage.methods.entry(key).or_default().rate_limit = Some(rate),
        Patch::Burst(key, burst) => stage.methods.entry(key).or_default().burst_limit = Some(burst),
        Patch::Remove(key) => {
            stage.methods.remove(&key);
        }
    }
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
            let rate = value.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate >= 0.0).ok_or_else(invalid)?;
            Ok(Patch::Rate(format!("{resource}/{method}"), rate))
        }
        (Some("replace"), [resource, method, "throttling", "burstLimit"]) => {
            Ok(Patch::Burst(format!("{resource}/{method}"), value.parse().map_err(|_| invalid())?))
        }
        (Some("remove"), [resource, method]) if *resource != "*" => Ok(Patch::Remove(format!("{resource}/{method}"))),
        (Some("replace" | "remove"), _) => Err(unknown()),
        (op, _) => Err(bad(format!("Invalid patch operation {}", op.unwrap_or_default()))),
    }
}
