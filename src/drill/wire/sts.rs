//! STS: who am I, and temporary credentials for a role of any account of the estate.

use std::time::{Duration, SystemTime};

use winterbaume_sts::model::{AssumeRoleResponse, AssumedRoleUser, Credentials, GetCallerIdentityResponse};

use super::{ApiError, Call, Common, Input, Reply, reply};
use crate::drill::accounts::Accounts;

/// Seconds that a role session lasts where the client names no duration.
const DEFAULT_DURATION_S: i64 = 3600;

pub(super) fn answer(call: &Call, accounts: &Accounts) -> Reply {
    match call.operation.as_str() {
        "GetCallerIdentity" => reply(&GetCallerIdentityResponse {
            account: Some(call.caller.account.clone()),
            arn: Some(call.caller.arn.clone()),
            user_id: Some(call.caller.user_id.clone()),
        }),
        "AssumeRole" => assume_role(call, accounts),
        _ => Err(call.unknown_operation()),
    }
}

fn assume_role(call: &Call, accounts: &Accounts) -> Reply {
    let input = Input(&call.input);
    let missing = |name: &str| ApiError::bad("ValidationError", format!("{name} is required"));
    let role = input.text("RoleArn").ok_or_else(|| missing("RoleArn"))?;
    let session = input.text("RoleSessionName").ok_or_else(|| missing("RoleSessionName"))?;
    let seconds = input.int("DurationSeconds").unwrap_or(DEFAULT_DURATION_S);
    let duration = u64::try_from(seconds)
        .ok()
        .filter(|seconds| (900..=43_200).contains(seconds))
        .ok_or_else(|| ApiError::bad("ValidationError", "DurationSeconds must be between 900 and 43200"))?;
    // Clients compare the expiry with their machine's clock, not with the estate's.
    let Some(given) = accounts.assume(role, session, Duration::from_secs(duration), SystemTime::now()) else {
        let message = call.denied(&format!("{role} is not a role of an account of the estate"));
        return Err(Common::Denied.error(call.protocol, message));
    };
    reply(&AssumeRoleResponse {
        assumed_role_user: Some(AssumedRoleUser {
            arn: Some(given.caller.arn),
            assumed_role_id: Some(given.caller.user_id),
        }),
        credentials: Some(Credentials {
            access_key_id: Some(given.access_key_id),
            expiration: Some(given.expiration.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            secret_access_key: Some(given.secret_access_key),
            session_token: Some(given.session_token),
        }),
        packed_policy_size: None,
        source_identity: input.text("SourceIdentity").map(str::to_owned),
    })
}
