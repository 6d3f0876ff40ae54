//! The one place where an SDK error becomes a [`Fault`].

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::model::{Fault, FaultKind};

/// Maps any SDK error. `profile` and `region` make the remedy precise.
pub fn fault_of<E>(
    operation: &'static str,
    error: &SdkError<E, HttpResponse>,
    profile: Option<&str>,
    region: &str,
) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    if let Some(credentials) = find::<CredentialsError>(error) {
        return credentials_fault(operation, credentials, profile);
    }
    let chain = messages(error);
    let kind_and_message = match error {
        SdkError::TimeoutError(_) => (FaultKind::Timeout, "no answer in time".to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (FaultKind::Timeout, "no connection in time".to_owned())
        }
        SdkError::DispatchFailure(_) => (FaultKind::Unreachable, chain),
        SdkError::ConstructionFailure(_) => (FaultKind::Invalid, chain),
        SdkError::ResponseError(response) => {
            let status = response.raw().status().as_u16();
            let kind = by_status(status).unwrap_or(FaultKind::Service);
            (kind, format!("unreadable answer (HTTP {status})"))
        }
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let meta = service.err().meta();
            let kind = meta.code().and_then(by_code).or_else(|| by_status(status)).unwrap_or(FaultKind::Invalid);
            let code = meta.code().map_or_else(|| format!("HTTP {status}"), str::to_owned);
            match meta.code() {
                // A success that cannot be read is not AWS's own answer: the login page of a network, for one.
                None if status < 400 => (FaultKind::Service, format!("unreadable answer (HTTP {status})")),
                _ => (kind, meta.message().map_or_else(|| code.clone(), |message| format!("{code}: {message}"))),
            }
        }
        _ => (FaultKind::Service, chain),
    };
    let (kind, message) = kind_and_message;
    let fault = Fault::new(kind, operation, message);
    match remedy(kind, &fault.message, operation, profile, region) {
        Some(remedy) => fault.with_remedy(remedy),
        None => fault,
    }
}

/// Maps a failure to load credentials, before any call.
pub fn credentials_fault(operation: &'static str, error: &CredentialsError, profile: Option<&str>) -> Fault {
    let message = messages(error);
    let lower = message.to_lowercase();
    let kind = if lower.contains("expired") {
        FaultKind::Expired
    } else if lower.contains("accessdenied") || lower.contains("not authorized") {
        FaultKind::Denied
    } else {
        match error {
            CredentialsError::ProviderTimedOut(_) => FaultKind::Timeout,
            CredentialsError::InvalidConfiguration(_) => FaultKind::Invalid,
            _ if lower.contains("dispatch failure") => FaultKind::Unreachable,
            _ => FaultKind::NoCredentials,
        }
    };
    let fault = Fault::new(kind, operation, message);
    match remedy(kind, "", operation, profile, "") {
        Some(remedy) => fault.with_remedy(remedy),
        None => fault,
    }
}

/// Error codes of AWS services; throttling codes as in the SDKs' retry specification.
fn by_code(code: &str) -> Option<FaultKind> {
    let code = code.rsplit('#').next().unwrap_or(code);
    Some(match code {
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "BandwidthLimitExceeded"
        | "LimitExceededException"
        | "LimitExceeded"
        | "SlowDown"
        | "PriorRequestNotComplete"
        | "TransactionInProgressException"
        | "EC2ThrottledException"
        | "ProvisionedThroughputExceededException" => FaultKind::Throttled,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" | "ExpiredTokenError" => {
            FaultKind::Expired
        }
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "NotAuthorized"
        | "AuthorizationError"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "AuthFailure"
        | "OptInRequired"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "UnauthorizedException"
        | "ForbiddenException"
        | "IncompleteSignature" => FaultKind::Denied,
        "UnknownOperationException"
        | "UnknownOperation"
        | "InvalidAction"
        | "NotImplemented"
        | "NotImplementedException"
        | "UnsupportedOperationException" => FaultKind::Unsupported,
        "InternalFailure"
        | "InternalServerError"
        | "InternalServerErrorException"
        | "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "ServerException"
        | "ServiceException"
        | "InternalServiceFault"
        | "InternalServiceError"
        | "InternalServiceException" => FaultKind::Service,
        "RequestTimeout" | "RequestTimeoutException" => FaultKind::Timeout,
        _ => return None,
    })
}

fn by_status(status: u16) -> Option<FaultKind> {
    match status {
        401 | 403 => Some(FaultKind::Denied),
        404 | 405 | 501 => Some(FaultKind::Unsupported),
        408 => Some(FaultKind::Timeout),
        429 => Some(FaultKind::Throttled),
        500.. => Some(FaultKind::Service),
        _ => None,
    }
}

fn remedy(kind: FaultKind, message: &str, operation: &str, profile: Option<&str>, region: &str) -> Option<String> {
    let login = || match profile {
        Some(profile) => format!("run: aws sso login --profile {profile}"),
        None => "renew the credentials, e.g. run: aws sso login".to_owned(),
    };
    match kind {
        FaultKind::Expired => Some(login()),
        FaultKind::NoCredentials => Some(match profile {
            Some(profile) => format!("check profile {profile}, or run: aws sso login --profile {profile}"),
            None => "set a profile for this environment, or run: aws configure sso".to_owned(),
        }),
        FaultKind::Denied if not_recognised(message) => {
            Some(format!("these credentials are not valid here, or region {region} is not enabled for the account"))
        }
        FaultKind::Denied => Some(format!("the role needs permission for {operation}")),
        FaultKind::Unreachable if region.is_empty() => Some("check the network, proxy and VPN".to_owned()),
        FaultKind::Unreachable => Some(format!("check the network, and that {region} is the region meant")),
        FaultKind::Unsupported => Some("this endpoint does not offer the operation".to_owned()),
        FaultKind::Throttled | FaultKind::Timeout | FaultKind::Service => Some("tried again by itself".to_owned()),
        FaultKind::WrongAccount | FaultKind::NotKept | FaultKind::Invalid => None,
    }
}

fn not_recognised(message: &str) -> bool {
    ["UnrecognizedClient", "InvalidClientTokenId", "AuthFailure", "SignatureDoesNotMatch", "InvalidSignature"]
        .iter()
        .any(|code| message.contains(code))
}

/// An error and its causes, outermost first.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let current = next?;
        next = current.source();
        Some(current)
    })
}

/// The first error of type `T` in the chain of causes.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|e| e.downcast_ref())
}

/// All messages of the chain, outermost first, without repetitions.
fn messages(error: &(dyn Error + 'static)) -> String {
    let mut all: Vec<String> = Vec::new();
    for cause in chain(error) {
        let message = cause.to_string();
        if !all.iter().any(|known| known.contains(&message)) {
            all.push(message);
        }
    }
    all.join(": ")
}
