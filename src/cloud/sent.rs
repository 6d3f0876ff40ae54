//! What one sent mutation came to: accepted, known not applied, or unknown. In doubt it is unknown.

use std::error::Error;

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
        SdkError::DispatchFailure(_) => never_connected(error) || fault.kind == FaultKind::NoCredentials,
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            (400..500).contains(&status) || (fault.kind == FaultKind::Throttled && service.err().code().is_some())
        }
        SdkError::ResponseError(response) => (400..500).contains(&response.raw().status().as_u16()),
        _ => false,
    }
}

/// True where no connection was opened: refused, no such host, or not within the time for connecting (the SDK's own
/// words, `HTTP connect timeout`; a timeout while waiting for the answer reads `HTTP read timeout`).
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
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
