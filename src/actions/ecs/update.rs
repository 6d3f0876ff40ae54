//! UpdateService: the one request of most actions on a service, and its receipt.

use aws_sdk_ecs::operation::update_service::UpdateServiceOutput;
use aws_sdk_ecs::operation::update_service::builders::UpdateServiceFluentBuilder;

use crate::actions::ecs::service::Service;
use crate::actions::sending;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{Plan, Sent, Value, Values};

/// IAM action of it.
pub const OPERATION: &str = "ecs:UpdateService";

/// Sends UpdateService for the service that the plan pins, with the fields that `with` sets and no others.
pub async fn send(
    operator: &Operator,
    authorized: Authorized<Plan>,
    with: impl Fn(UpdateServiceFluentBuilder, &Values) -> UpdateServiceFluentBuilder,
) -> Sent {
    sending::once(operator, authorized, "UpdateService", async |session: &Session, leave: &Authorized<Plan>| {
        let plan = leave.what();
        let cluster = plan.observed.get("cluster").and_then(Value::text).map(|cluster| cluster.as_str());
        let request = session.ecs().update_service().set_cluster(cluster.map(str::to_owned));
        let request = with(request.service(plan.target.name.as_str()), &plan.request);
        Ok(receipt(&request.send().await?))
    })
    .await
}

/// `deployment_id` of the newest deployment, and what ECS now wants.
fn receipt(answer: &UpdateServiceOutput) -> Values {
    let mut receipt = Values::new();
    if let Some(service) = answer.service().map(Service::new) {
        receipt.insert("deployment_id".to_owned(), service.primary().map(|one| &one.id).into());
        receipt.insert("task_definition".to_owned(), service.current().into());
        receipt.insert("desired".to_owned(), service.desired.into());
    }
    receipt
}
