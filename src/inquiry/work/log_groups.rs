//! Which log groups a resource writes to.

use crate::base::Text;
use crate::cloud::Session;
use crate::inquiry::logs::LogSource;
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// Groups on one page (CloudWatch Logs API Reference, DescribeLogGroups).
const PAGE: i32 = 50;

/// The groups of a resource, the likeliest first.
pub async fn find(session: &Session, source: &LogSource) -> Result<Vec<Text>, Fault> {
    match source.signal.0 {
        "lambda-errors" => function(session, &source.name).await,
        "ecs-capacity" if !source.detail.is_empty() => service(session, &source.detail).await,
        "rds" => starting(session, &format!("/aws/rds/instance/{}/", source.name)).await,
        "eks-capacity" => {
            let cluster = if source.detail.is_empty() { &source.name } else { &source.detail };
            starting(session, &format!("/aws/containerinsights/{cluster}/")).await
        }
        _ => starting(session, &format!("/aws/{}", source.name)).await,
    }
}

/// A function's own choice, or the group that Lambda makes for it (Lambda Developer Guide, "Log groups").
async fn function(session: &Session, name: &str) -> Result<Vec<Text>, Fault> {
    let answer = session.lambda().get_function_configuration().function_name(name).send().await;
    let answer = answer.map_err(|error| session.fault("GetFunctionConfiguration", &error))?;
    let own = answer.logging_config().and_then(|logging| logging.log_group());
    Ok(vec![own.map_or_else(|| Text::new(format!("/aws/lambda/{name}")), Text::from)])
}

/// The `awslogs-group` of each container of a task definition.
async fn service(session: &Session, definition: &str) -> Result<Vec<Text>, Fault> {
    let answer = session.ecs().describe_task_definition().task_definition(definition).send().await;
    let answer = answer.map_err(|error| session.fault("DescribeTaskDefinition", &error))?;
    let containers = answer.task_definition().map(|definition| definition.container_definitions()).unwrap_or_default();
    let options = containers.iter().filter_map(|container| container.log_configuration()?.options());
    let mut groups: Vec<Text> = options.filter_map(|options| options.get("awslogs-group")).map(Text::from).collect();
    groups.sort();
    groups.dedup();
    Ok(groups)
}

async fn starting(session: &Session, prefix: &str) -> Result<Vec<Text>, Fault> {
    let request = session.logs().describe_log_groups().log_group_name_prefix(prefix);
    let pages = request.into_paginator().page_size(PAGE).send();
    all_pages(
        session,
        "DescribeLogGroups",
        pages,
        |page| page.next_token(),
        |page| page.log_groups().iter().filter_map(|group| group.log_group_name()).map(Text::from).collect(),
    )
    .await
}
