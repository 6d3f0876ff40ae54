//! Which log groups a resource writes to.

use aws_sdk_apigateway::types::MethodSetting;

use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::inquiry::logs::LogSource;
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// The groups of a resource, the likeliest first; those that are configured for its environment where it has none.
pub async fn find(session: &Session, source: &LogSource, configured: &[String]) -> Result<Vec<Text>, Fault> {
    let name = &source.name;
    let own = match source.signal.0 {
        "lambda-errors" => function(session, name).await?,
        "ecs-capacity" if !source.detail.is_empty() => service(session, &source.detail).await?,
        "api-gateway" => stage(session, &source.detail).await?,
        "rds" => match starting(session, &format!("/aws/rds/instance/{name}/")).await? {
            none if none.is_empty() => starting(session, &format!("/aws/rds/cluster/{name}/")).await?,
            instance => instance,
        },
        "eks-capacity" => {
            let arn = source.detail.starts_with("arn:");
            let cluster = if source.detail.is_empty() || arn { name } else { &source.detail };
            let mut groups = starting(session, &format!("/aws/containerinsights/{cluster}/")).await?;
            groups.extend(starting(session, &format!("/aws/eks/{cluster}/")).await?);
            groups
        }
        _ => Vec::new(),
    };
    Ok(if own.is_empty() { configured.iter().map(Text::from).collect() } else { own })
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

/// The access log of a stage, and the execution log of a REST API's (API Gateway Developer Guide, "Set up CloudWatch
/// logging for REST APIs"). The ARN is `…/restapis/<id>/stages/<name>`, of HTTP APIs `…/apis/<id>/stages/<name>`.
async fn stage(session: &Session, arn: &str) -> Result<Vec<Text>, Fault> {
    let Some((api, stage)) = arn.rsplit_once("/stages/") else { return Ok(Vec::new()) };
    if let Some((_, id)) = api.split_once("/restapis/") {
        let answer = session.apigateway().get_stage().rest_api_id(id).stage_name(stage).send().await;
        let answer = answer.map_err(|error| session.fault("GetStage", &error))?;
        let destination = answer.access_log_settings().and_then(|settings| settings.destination_arn());
        let level = |setting: &MethodSetting| setting.logging_level().is_some_and(|level| level != "OFF");
        let logs = answer.method_settings().is_some_and(|settings| settings.values().any(level));
        let execution = logs.then(|| Text::new(format!("API-Gateway-Execution-Logs_{id}/{stage}")));
        return Ok(destination.and_then(group_of).into_iter().chain(execution).collect());
    }
    let Some((_, id)) = api.split_once("/apis/") else { return Ok(Vec::new()) };
    let answer = session.apigatewayv2().get_stage().api_id(id).stage_name(stage).send().await;
    let answer = answer.map_err(|error| session.fault("GetStage", &error))?;
    let destination = answer.access_log_settings().and_then(|settings| settings.destination_arn());
    Ok(destination.and_then(group_of).into_iter().collect())
}

/// The group's name in `arn:aws:logs:<region>:<account>:log-group:<name>[:*]`; `None` for a delivery stream.
fn group_of(arn: &str) -> Option<Text> {
    let (_, name) = arn.split_once(":log-group:")?;
    Some(Text::from(name.strip_suffix(":*").unwrap_or(name)))
}

async fn starting(session: &Session, prefix: &str) -> Result<Vec<Text>, Fault> {
    let request = session.logs().describe_log_groups().log_group_name_prefix(prefix);
    let pages = request.into_paginator().page_size(limits::LOG_GROUPS_PAGE).send();
    all_pages(
        session,
        "DescribeLogGroups",
        pages,
        |page| page.next_token(),
        |page| page.log_groups().iter().filter_map(|group| group.log_group_name()).map(Text::from).collect(),
    )
    .await
}
