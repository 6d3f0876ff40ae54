//! API Gateway, HTTP APIs.

use jiff::Timestamp;
use winterbaume_apigatewayv2::model::{Api, GetApisResponse, GetStagesResponse, RouteSettings, Stage as StageOutput};

use super::apigateway::not_found;
use super::{ApiError, Ask, Reply, reply};
use crate::drill::world::apigateway::{HttpApi, Stage};

/// Items of a page where the client names no number, and the most that it may name.
const DEFAULT_PAGE: usize = 25;
const MAX_PAGE: usize = 500;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "GetApis" => {
            let (items, next_token) = page(ask, ask.world.http_apis.values().map(http_api).collect(), "")?;
            reply(&GetApisResponse { items: Some(items), next_token })
        }
        "GetApi" => reply(&http_api(api(ask)?)),
        "GetStages" => {
            let api = api(ask)?;
            let (items, next_token) = page(ask, api.stages.values().map(stage).collect(), &api.id)?;
            reply(&GetStagesResponse { items: Some(items), next_token })
        }
        "GetStage" => {
            let name = ask.input.text("stageName").unwrap_or_default();
            let found = api(ask)?.stages.get(name);
            reply(&stage(found.ok_or_else(|| not_found("Invalid stage identifier specified"))?))
        }
        _ => Err(ask.unknown()),
    }
}

fn api<'a>(ask: &Ask<'a>) -> Result<&'a HttpApi, ApiError> {
    let id = ask.input.text("apiId").unwrap_or_default();
    ask.world.http_apis.get(id).ok_or_else(|| not_found(&format!("Invalid API identifier specified {id}")))
}

fn page<T>(ask: &Ask<'_>, all: Vec<T>, filter: &str) -> Result<(Vec<T>, Option<String>), ApiError> {
    let size = ask.size("maxResults", DEFAULT_PAGE, MAX_PAGE);
    let page = ask
        .page(all, size, ask.input.text("nextToken"), filter)
        .map_err(|_| ApiError::bad("BadRequestException", "Invalid nextToken"))?;
    Ok((page.items, page.next))
}

/// This service carries times as ISO 8601.
fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn http_api(api: &HttpApi) -> Api {
    Api {
        api_endpoint: Some(api.endpoint.clone()),
        api_id: Some(api.id.clone()),
        api_key_selection_expression: Some("$request.header.x-api-key".to_owned()),
        created_date: Some(iso(api.created)),
        disable_execute_api_endpoint: Some(false),
        name: Some(api.name.clone()),
        protocol_type: Some("HTTP".to_owned()),
        route_selection_expression: Some("$request.method $request.path".to_owned()),
        tags: Some(api.tags.clone().into_iter().collect()),
        ..Api::default()
    }
}

fn stage(stage: &Stage) -> StageOutput {
    StageOutput {
        auto_deploy: Some(true),
        created_date: Some(iso(stage.created)),
        default_route_settings: Some(RouteSettings {
            detailed_metrics_enabled: Some(stage.detailed_metrics),
            throttling_burst_limit: i32::try_from(stage.burst_limit).ok(),
            throttling_rate_limit: Some(stage.rate_limit),
            ..RouteSettings::default()
        }),
        deployment_id: Some(stage.deployment.clone()),
        last_updated_date: Some(iso(stage.updated)),
        stage_name: Some(stage.name.clone()),
        tags: Some(stage.tags.clone().into_iter().collect()),
        ..StageOutput::default()
    }
}
