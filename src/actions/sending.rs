//! The only way to a mutating client: leave of the guards in, one permitted request out.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::cloud::{Operator, Session, sent};
use crate::guard::Authorized;
use crate::model::{Fault, FaultKind, Plan, Sent, Values};

/// Sends the one request of an authorised plan. `request` gets the session whose gate lets `operation` through once,
/// and the plan; it answers with the receipt.
///
/// The leave is used up, whatever comes of it.
pub async fn once<E, R>(operator: &Operator, authorized: Authorized<Plan>, operation: &'static str, request: R) -> Sent
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: AsyncFnOnce(&Session, &Authorized<Plan>) -> Result<Values, SdkError<E, HttpResponse>>,
{
    let planned = authorized.what().operation.rsplit(':').next() == Some(operation);
    if !planned {
        let says = format!("the plan is for {}. Nothing was sent.", authorized.what().operation);
        return Sent::Rejected { fault: Fault::new(FaultKind::Invalid, operation, says) };
    }
    let permit = match operator.permit(operation) {
        Ok(permit) => permit,
        Err(fault) => return Sent::Rejected { fault },
    };
    match request(permit.session(), &authorized).await {
        Ok(receipt) => Sent::Accepted { receipt },
        Err(error) => sent::failed(permit.session(), operation, &error),
    }
}
