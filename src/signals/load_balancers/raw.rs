//! What AWS says of a load balancer, or a target group and the health of its targets.

use futures_util::join;

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::raw::{Raw, raw};

/// DescribeLoadBalancers, or DescribeTargetGroups and DescribeTargetHealth.
pub async fn ask(session: &Session, resource: &Resource) -> Vec<Raw> {
    let (client, arn) = (session.load_balancing(), &*resource.arn);
    if arn.contains(":targetgroup/") {
        let group = raw!(session, "DescribeTargetGroups", client.describe_target_groups().target_group_arns(arn));
        let health = raw!(session, "DescribeTargetHealth", client.describe_target_health().target_group_arn(arn));
        let (group, health) = join!(group, health);
        return vec![group, health];
    }
    let request = client.describe_load_balancers();
    let request = if arn.is_empty() { request.names(&*resource.name) } else { request.load_balancer_arns(arn) };
    vec![raw!(session, "DescribeLoadBalancers", request).await]
}
