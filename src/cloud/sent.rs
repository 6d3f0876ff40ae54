//! What one sent mutation came to: accepted, known not applied, or unknown. In doubt it is unknown.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::cloud::Session;
use crate::model::{Fault, FaultKind, Sent};

/// Judges a failed send. What may have reached AWS is unknown; what was refused by a clear answer, or never had a
/// connection, was not applied.
pub fn failed<E>(session: &Session, operation: &'static str, error: &SdkError<E, HttpResponse>) -> Sent
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let fault = session.fault(operation, error);
    if is_known_not_applied(error, &fault) { Sent::Rejected { fault } } else { Sent::Unknown { fault } }
}

fn is_known_not_applied<E>(error: &SdkError<E, HttpResponse>, fault: &Fault) -> bool
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(_) => never_sent(error),
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let named = service.err().code().is_some();
            is_refusal(status) || (named && ((400..500).contains(&status) || fault.kind == FaultKind::Throttled))
        }
        SdkError::ResponseError(response) => is_refusal(response.raw().status().as_u16()),
        _ => false,
    }
}

/// A clear refusal. 408 alone is not: whoever lost patience may stand between us and AWS.
fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && status != 408
}

/// True where no credentials could be loaded, and so nothing was signed; or no connection was opened: refused, no such host, or not within the time for connecting (the SDK's own
/// words, `HTTP connect timeout`; a timeout while waiting for the answer reads `HTTP read timeout`).
fn never_sent(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return true;
        }
        if error.is::<CredentialsError>() {
            return true;
        }
        let says = error.to_string();
        if says.contains("HTTP connect timeout") || says.contains("dns error") || says.contains("(Connect)") {
            return true;
        }
        next = error.source();
    }
    false
}
