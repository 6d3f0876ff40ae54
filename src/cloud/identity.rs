//! Who the credentials belong to, and whether that is who they should belong to.

use crate::base::Text;
use crate::model::{Environment, Fault, FaultKind, Identity};

/// Refuses an identity of another account than the configured one.
pub fn verify(environment: &Environment, identity: &Identity) -> Result<(), Fault> {
    match &environment.account {
        Some(expected) if *expected != identity.account => Err(Fault::new(
            FaultKind::WrongAccount,
            "GetCallerIdentity",
            format!("the credentials belong to account {}, the configuration says {expected}", identity.account),
        )
        .with_remedy(match &environment.profile {
            Some(profile) => {
                format!("check profile {profile} and `account` of {}/{}", environment.system, environment.name)
            }
            None => format!("set `profile` for {}/{}", environment.system, environment.name),
        })),
        _ => Ok(()),
    }
}

/// An identity from STS's answer.
pub fn identity(account: Option<&str>, arn: Option<&str>) -> Result<Identity, Fault> {
    match (account, arn) {
        (Some(account), arn) if !account.is_empty() => {
            Ok(Identity { account: Text::new(account), arn: Text::new(arn.unwrap_or_default()) })
        }
        _ => Err(Fault::new(FaultKind::Service, "GetCallerIdentity", "the answer names no account")),
    }
}
