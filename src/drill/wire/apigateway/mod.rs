//! API Gateway, REST APIs.

mod update;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::{Value, json};
use winterbaume_apigateway::model::{
    AccessLogSettings, Account, Deployment, EndpointConfiguration, Method, MethodSetting, Resource,
    RestApi as RestApiOutput, Stage as StageOutput, Stages, ThrottleSettings,
};

use super::{ApiError, Ask, Edit, Reply, epoch, reply};
use crate::drill::world::apigateway::{ApiDeployment, RestApi, Stage};
use crate::drill::world::hash;
use crate::drill::world::logs::{LogGroup, LogSource};

/// Items of a page where the client names no number, and the most that it may name.
const DEFAULT_PAGE: usize = 25;
const MAX_PAGE: usize = 500;
/// Throttle of an account and region by default.
const ACCOUNT_RATE: f64 = 10_000.0;
const ACCOUNT_BURST: i32 = 5_000;
/// What a line of an access log holds.
const ACCESS_LOG_FORMAT: &str = "{\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",\
    \"httpMethod\":\"$context.httpMethod\",\"resourcePath\":\"$context.resourcePath\",\"status\":$context.status,\
    \"responseLatency\":$context.responseLatency}";

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "GetAccount" => reply(&Account {
            features: Some(vec!["UsagePlans".to_owned()]),
            throttle_settings: Some(ThrottleSettings {
                burst_limit: Some(ACCOUNT_BURST),
                rate_limit: Some(ACCOUNT_RATE),
            }),
            ..Account::default()
        }),
        "GetRestApis" => items(ask, ask.world.rest_apis.values().map(rest_api).collect(), ""),
        "GetRestApi" => reply(&rest_api(api(ask)?)),
        "GetResources" => {
            let api = api(ask)?;
            let methods = ask.input.texts("embed").contains(&"methods");
            items(ask, resources(api, methods), &api.id)
        }
        "GetStages" => {
            let deployment = ask.input.text("deploymentId");
            let stages = api(ask)?.stages.values();
            let wanted = stages.filter(|stage| deployment.is_none_or(|deployment| stage.deployment == deployment));
            let log = access_log(ask);
            reply(&Stages { item: Some(wanted.map(|one| stage(one, log.as_deref())).collect()) })
        }
        "GetStage" => {
            let name = ask.input.text("stageName").unwrap_or_default();
            let found = api(ask)?.stages.get(name);
            let found = found.ok_or_else(|| not_found("Invalid stage identifier specified"))?;
            reply(&stage(found, access_log(ask).as_deref()))
        }
        "GetDeployments" => {
            let api = api(ask)?;
            items(ask, api.deployments.iter().rev().map(deployment).collect(), &api.id)
        }
        "GetDeployment" => {
            let id = ask.input.text("deploymentId").unwrap_or_default();
            let found = api(ask)?.deployments.iter().find(|one| one.id == id);
            reply(&deployment(found.ok_or_else(|| not_found("Invalid Deployment identifier specified"))?))
        }
        "GetTags" => get_tags(ask),
        _ => Err(ask.unknown()),
    }
}

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "UpdateStage" => update::update(edit),
        _ => Err(edit.unknown()),
    }
}

pub(super) fn not_found(message: &str) -> ApiError {
    ApiError::new(404, "NotFoundException", message)
}

fn api<'a>(ask: &Ask<'a>) -> Result<&'a RestApi, ApiError> {
    let id = ask.input.text("restApiId").unwrap_or_default();
    let message = || format!("Invalid API identifier specified {}:{id}", ask.world.account);
    ask.world.rest_apis.get(id).ok_or_else(|| not_found(&message()))
}

/// A page as `item` and `position`. The typed outputs of these lists have no `position`.
fn items<T: Serialize>(ask: &Ask<'_>, all: Vec<T>, filter: &str) -> Reply {
    let size = ask.size("limit", DEFAULT_PAGE, MAX_PAGE);
    let page = ask
        .page(all, size, ask.input.text("position"), filter)
        .map_err(|_| ApiError::bad("BadRequestException", "Invalid position parameter"))?;
    let mut output = json!({"item": reply(&page.items)?});
    if let (Value::Object(members), Some(next)) = (&mut output, page.next) {
        members.insert("position".to_owned(), Value::String(next));
    }
    Ok(output)
}

fn root_id(api: &RestApi) -> String {
    hash::id(&(api.id.as_str(), "/"), 10)
}

fn rest_api(api: &RestApi) -> RestApiOutput {
    RestApiOutput {
        api_key_source: Some("HEADER".to_owned()),
        created_date: Some(epoch(api.created)),
        description: Some(api.description.clone()),
        disable_execute_api_endpoint: Some(false),
        endpoint_configuration: Some(EndpointConfiguration {
            types: Some(vec!["REGIONAL".to_owned()]),
            ..EndpointConfiguration::default()
        }),
        id: Some(api.id.clone()),
        name: Some(api.name.clone()),
        root_resource_id: Some(root_id(api)),
        tags: Some(api.tags.clone().into_iter().collect()),
        ..RestApiOutput::default()
    }
}

/// The root and one resource a path; `methods` embeds what each method is.
fn resources(api: &RestApi, methods: bool) -> Vec<Resource> {
    let mut by_path: BTreeMap<&str, (String, HashMap<String, Method>)> = BTreeMap::new();
    by_path.insert("/", (root_id(api), HashMap::new()));
    for route in &api.routes {
        let method = Method {
            api_key_required: Some(false),
            authorization_type: Some("NONE".to_owned()),
            http_method: Some(route.method.clone()),
            ..Method::default()
        };
        let (_, held) = by_path.entry(&route.path).or_insert_with(|| (route.id.clone(), HashMap::new()));
        held.insert(route.method.clone(), if methods { method } else { Method::default() });
    }
    let parent = |path: &str| {
        let mut above = path.trim_end_matches('/').rsplit_once('/').map(|(above, _)| above);
        while let Some(path) = above {
            let path = if path.is_empty() { "/" } else { path };
            if let Some((id, _)) = by_path.get(path) {
                return Some(id.clone());
            }
            above = path.rsplit_once('/').map(|(above, _)| above);
        }
        None
    };
    let resource = |(path, (id, methods)): (&&str, &(String, HashMap<String, Method>))| Resource {
        id: Some(id.clone()),
        parent_id: (*path != "/").then(|| parent(path)).flatten(),
        path: Some((*path).to_owned()),
        path_part: path.rsplit('/').next().filter(|part| !part.is_empty()).map(str::to_owned),
        resource_methods: (!methods.is_empty()).then(|| methods.clone()),
    };
    by_path.iter().map(resource).collect()
}

/// ARN of the log group of the API's requests.
fn access_log(ask: &Ask<'_>) -> Option<String> {
    let name = &api(ask).ok()?.name;
    let ours = |group: &&LogGroup| group.source == LogSource::RestApi(name.clone());
    ask.world.log_groups.values().find(ours).map(|group| group.arn.clone())
}

fn stage(stage: &Stage, access_log: Option<&str>) -> StageOutput {
    // -1 stands for a limit that is switched off.
    let setting = |rate: f64, burst: u32| MethodSetting {
        cache_data_encrypted: Some(false),
        cache_ttl_in_seconds: Some(300),
        caching_enabled: Some(false),
        data_trace_enabled: Some(false),
        logging_level: Some("OFF".to_owned()),
        metrics_enabled: Some(stage.detailed_metrics),
        require_authorization_for_cache_control: Some(true),
        throttling_burst_limit: Some(i32::try_from(burst).unwrap_or(-1)),
        throttling_rate_limit: Some(if rate.is_finite() { rate } else { -1.0 }),
        unauthorized_cache_control_header_strategy: Some("SUCCEED_WITH_RESPONSE_HEADER".to_owned()),
    };
    let mut settings = HashMap::from([("*/*".to_owned(), setting(stage.rate_limit, stage.burst_limit))]);
    settings.extend(stage.methods.iter().map(|(key, own)| {
        let rate = own.rate_limit.unwrap_or(f64::INFINITY);
        (key.clone(), setting(rate, own.burst_limit.unwrap_or(u32::MAX)))
    }));
    StageOutput {
        access_log_settings: access_log.map(|arn| AccessLogSettings {
            destination_arn: Some(arn.to_owned()),
            format: Some(ACCESS_LOG_FORMAT.to_owned()),
        }),
        cache_cluster_enabled: Some(false),
        cache_cluster_status: Some("NOT_AVAILABLE".to_owned()),
        created_date: Some(epoch(stage.created)),
        deployment_id: Some(stage.deployment.clone()),
        last_updated_date: Some(epoch(stage.updated)),
        method_settings: Some(settings),
        stage_name: Some(stage.name.clone()),
        tags: Some(stage.tags.clone().into_iter().collect()),
        tracing_enabled: Some(false),
        ..StageOutput::default()
    }
}

fn deployment(deployment: &ApiDeployment) -> Deployment {
    Deployment {
        created_date: Some(epoch(deployment.created)),
        description: Some(deployment.description.clone()),
        id: Some(deployment.id.clone()),
        ..Deployment::default()
    }
}

fn get_tags(ask: &Ask<'_>) -> Reply {
    let arn = ask.input.text("resourceArn").unwrap_or_default();
    let tagged = ask.world.tagged();
    let tags = tagged.get(arn).filter(|_| arn.contains(":apigateway:"));
    let tags = tags.ok_or_else(|| not_found("Invalid resource identifier specified"))?;
    Ok(json!({"tags": tags}))
}
