//! ARNs of things that AWS names without one.

use crate::cloud::Session;

/// The ARN of a thing of the session's environment; empty where its account is not configured.
pub fn of(session: &Session, service: &str, resource: &str) -> String {
    let environment = &session.environment;
    let Some(account) = &environment.account else { return String::new() };
    let region = &environment.region;
    format!("arn:{}:{service}:{region}:{account}:{resource}", partition(region))
}

/// The partition that a region is in (AWS General Reference, Amazon Resource Names).
pub fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// The part of an ARN after its last `/`.
pub fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
