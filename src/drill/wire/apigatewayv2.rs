//! API Gateway, HTTP APIs.

use jiff::Timestamp;
use winterbaume_apigatewayv2::model::{Api, GetApisResponse, GetStagesResponse, RouteSettings, Stage as StageOutput};

use super::apigateway::not_found;
use super::{ApiError, Ask, Edit, Reply, reply};
use crate::drill::world::apigateway::{HttpApi, Stage, Throttle};

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

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "UpdateStage" => update_stage(edit),
        _ => Err(edit.unknown()),
    }
}

/// Throttles of a stage, and of routes by their keys.
fn update_stage(edit: &mut Edit<'_>) -> Reply {
    let bad = |message: String| ApiError::bad("BadRequestException", message);
    edit.only(&["apiId", "stageName", "defaultRouteSettings", "routeSettings"]).map_err(bad)?;
    let input = edit.input;
    let throttle = |settings: super::Input<'_>| {
        let rate = settings.0.get("throttlingRateLimit").and_then(serde_json::Value::as_f64);
        let burst = settings.int("throttlingBurstLimit");
        let wrong = rate.is_some_and(|rate| rate < 0.0) || burst.is_some_and(|burst| u32::try_from(burst).is_err());
        let burst_limit = burst.and_then(|burst| u32::try_from(burst).ok());
        if wrong {
            Err(bad("Invalid throttling settings".to_owned()))
        } else {
            Ok(Throttle { rate_limit: rate, burst_limit })
        }
    };
    let default = input.inner("defaultRouteSettings").map(throttle).transpose()?.unwrap_or_default();
    let routes = input.0.get("routeSettings").and_then(serde_json::Value::as_object).into_iter().flatten();
    let routes: Vec<(String, Throttle)> =
        routes.map(|(key, one)| Ok((key.clone(), throttle(super::Input(one))?))).collect::<Result<_, ApiError>>()?;
    let id = api(&edit.ask())?.id.clone();
    let (name, now) = (input.text("stageName").unwrap_or_default(), edit.now);
    let held = edit.world.http_apis.get_mut(&id).and_then(|api| api.stages.get_mut(name));
    let held = held.ok_or_else(|| not_found("Invalid stage identifier specified"))?;
    held.rate_limit = default.rate_limit.unwrap_or(held.rate_limit);
    held.burst_limit = default.burst_limit.unwrap_or(held.burst_limit);
    held.methods.extend(routes);
    held.updated = now;
    reply(&stage(held))
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

fn route(own: &Throttle) -> RouteSettings {
    RouteSettings {
        throttling_burst_limit: own.burst_limit.and_then(|burst| i32::try_from(burst).ok()),
        throttling_rate_limit: own.rate_limit,
        ..RouteSettings::default()
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
        route_settings: Some(stage.methods.iter().map(|(key, own)| (key.clone(), route(own))).collect()),
        stage_name: Some(stage.name.clone()),
        tags: Some(stage.tags.clone().into_iter().collect()),
        ..StageOutput::default()
    }
}
