//! UpdateNodegroupConfig: other bounds and another size of a managed node group.

use jiff::SignedDuration;
use winterbaume_eks::model::UpdateNodegroupConfigResponse;

use super::super::{ApiError, Edit, Reply, reply};
use super::{cluster, group, not_found, update_output};
use crate::drill::world::eks::{NodeGroup, Update};
use crate::drill::world::hash;

/// Parameters that the drill's node groups have.
const KNOWN: &[&str] = &["name", "nodegroupName", "scalingConfig", "clientRequestToken"];

pub(super) fn node_group_config(edit: &mut Edit<'_>) -> Reply {
    edit.only(KNOWN).map_err(|message| invalid(&message))?;
    let input = edit.input;
    let ask = edit.ask();
    let cluster = cluster(&ask)?;
    let held = group(cluster, input.text("nodegroupName").unwrap_or_default())?;
    let token = input.text("clientRequestToken");
    if let Some(known) = held.updates.iter().find(|known| token.is_some() && known.token.as_deref() == token) {
        return reply(&UpdateNodegroupConfigResponse { update: Some(update_output(known)) });
    }
    if held.status == "UPDATING" {
        let message = format!("Nodegroup {} is currently being updated.", held.name);
        return Err(ApiError::new(409, "ResourceInUseException", message));
    }
    let scaling =
        input.inner("scalingConfig").ok_or_else(|| invalid("No changes were requested: scalingConfig is missing."))?;
    let size = |key: &str, held: u32| match scaling.int(key) {
        Some(value) => u32::try_from(value).map_err(|_| invalid(&format!("{key} can't be less than 0"))),
        None => Ok(held),
    };
    let (min, max) = (size("minSize", held.min)?, size("maxSize", held.max)?);
    let desired = size("desiredSize", held.desired)?;
    check(min, desired, max)?;
    let (cluster, name) = (cluster.name.clone(), held.name.clone());
    let now = edit.now;
    let param = |name: &str, size: u32| (name.to_owned(), size.to_string());
    let lasts = 20 + i64::try_from(hash::of(&(&held.arn, now.as_second())) % 40).unwrap_or(0);
    let update = Update {
        id: hash::uuid(&(&held.arn, "ConfigUpdate", now.as_millisecond(), held.updates.len())),
        kind: "ConfigUpdate".to_owned(),
        status: "InProgress".to_owned(),
        params: vec![param("MinSize", min), param("MaxSize", max), param("DesiredSize", desired)],
        created: now,
        until: now.checked_add(SignedDuration::from_secs(lasts)).ok(),
        token: token.map(str::to_owned),
    };
    let answer = reply(&UpdateNodegroupConfigResponse { update: Some(update_output(&update)) });
    let groups = edit.world.eks_clusters.get_mut(&cluster).map(|cluster| &mut cluster.node_groups);
    let held: &mut NodeGroup =
        groups.and_then(|groups| groups.get_mut(&name)).ok_or_else(|| not_found(format!("No node group {name}.")))?;
    (held.min, held.desired, held.max) = (min, desired, max);
    "UPDATING".clone_into(&mut held.status);
    held.modified = now;
    held.updates.insert(0, update);
    answer
}

fn invalid(message: &str) -> ApiError {
    ApiError::bad("InvalidParameterException", message)
}

fn check(min: u32, desired: u32, max: u32) -> Result<(), ApiError> {
    if max < 1 {
        return Err(invalid("maxSize can't be less than 1"));
    }
    if min > max {
        return Err(invalid(&format!("Minimum capacity {min} can't be greater than max size {max}")));
    }
    if desired > max {
        return Err(invalid(&format!("desired capacity {desired} can't be greater than max size {max}")));
    }
    if desired < min {
        return Err(invalid(&format!("Minimum capacity {min} can't be greater than desired size {desired}")));
    }
    Ok(())
}
