//! Which of the resources that exist are meant: by ARN, by AWS's name, or by the logical name.

use crate::actions::Wanted;
use crate::base::Text;
use crate::cloud::Session;
use crate::model::{Fault, FaultKind, Target, TargetKind};
use crate::signals::naming::Naming;

/// A resource of the session's environment. `arn` as AWS gives it.
///
/// # Errors
/// The ARN names no account, the configuration neither, and STS does not tell.
pub async fn target(session: &Session, kind: TargetKind, name: &Text, arn: &Text) -> Result<Target, Fault> {
    let environment = &session.environment;
    Ok(Target {
        environment: format!("{}/{}", environment.system, environment.name).into(),
        account: account(session, arn).await?,
        region: environment.region.clone(),
        kind,
        name: name.clone(),
        arn: arn.clone(),
    })
}

/// The account of an ARN; of one without it (API Gateway's), the environment's.
async fn account(session: &Session, arn: &str) -> Result<Text, Fault> {
    if let Some(account) = arn.split(':').nth(4).filter(|account| !account.is_empty()) {
        return Ok(account.into());
    }
    match &session.environment.account {
        Some(account) => Ok(account.clone()),
        None => Ok(session.verify_identity().await?.account),
    }
}

/// Those of `all` that are meant: by the ARN where one is wanted, else by AWS's name, else by the logical name.
/// `names` gives the names under which AWS knows one.
pub fn meant<'a, T>(
    session: &Session,
    wanted: &Wanted,
    all: &'a [T],
    arn: impl Fn(&T) -> &Text,
    names: impl Fn(&T) -> Vec<Text>,
) -> Vec<&'a T> {
    if let Some(wanted) = &wanted.arn {
        return all.iter().filter(|one| arn(one) == wanted).collect();
    }
    let Some(wanted) = &wanted.name else { return Vec::new() };
    let exact: Vec<&T> = all.iter().filter(|one| names(one).contains(wanted)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let environment = &session.environment;
    let naming = Naming::new([environment].into_iter(), &[]);
    let logical = |one: &&T| names(one).iter().any(|name| naming.logical(name, environment) == *wanted);
    all.iter().filter(logical).collect()
}

/// The fault for a resource that AWS does not have (any more).
pub fn gone(operation: &'static str, what: &str, name: &str) -> Fault {
    Fault::new(FaultKind::Invalid, operation, format!("{what} {name} does not exist (any more)"))
}
