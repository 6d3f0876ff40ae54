//! API Gateway, REST APIs: routes, stages, throttles of stages and methods, logging.

use std::collections::BTreeMap;

use aws_sdk_apigateway::types::{MethodSetting, Resource, RestApi, Stage};
use futures_util::future::{BoxFuture, join};

use super::source::{Found, Inventory, ask_each};
use crate::changes::arn::partition;
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::Fault;
use crate::signals::paging::{all_pages, all_pages_unless_gone, unless_gone};

/// The inventory.
#[derive(Debug)]
pub struct RestApis;

const API: &str = "rest api";
const ROUTE: &str = "rest api route";
const STAGE: &str = "rest api stage";

impl Inventory for RestApis {
    fn id(&self) -> &'static str {
        "api-gateway"
    }
    fn title(&self) -> &'static str {
        "API Gateway"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[API, ROUTE, STAGE]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["apigateway:GET"]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            match apis(session).await {
                Ok(apis) => {
                    let found = ask_each(apis, |api| described(session, api)).await;
                    found.into_iter().fold(Found::default(), Found::and)
                }
                Err(fault) => Found::unlisted(self.kinds(), &fault),
            }
        })
    }
}

async fn apis(session: &Session) -> Result<Vec<RestApi>, Fault> {
    let selection = session.selection().await?;
    let pages = session.apigateway().get_rest_apis().into_paginator().page_size(limits::REST_APIS_PAGE).send();
    let mut apis =
        all_pages(session, "GetRestApis", pages, |page| page.position(), |page| page.items.unwrap_or_default()).await?;
    apis.retain(|api| selection.admits(api.name().unwrap_or_default(), &arn(session, api)));
    Ok(apis)
}

/// API Gateway's ARNs have no account (Service Authorization Reference, Amazon API Gateway Management).
fn arn(session: &Session, api: &RestApi) -> String {
    let region = &session.environment.region;
    format!("arn:{}:apigateway:{region}::/restapis/{}", partition(region), api.id().unwrap_or_default())
}

async fn described(session: &Session, api: RestApi) -> Option<Found> {
    let id = api.id().unwrap_or_default();
    let name = api.name().unwrap_or_default();
    let (resources, stages) = join(resources(session, id), stages(session, id)).await;
    let (resources, stages) = (resources.transpose()?, stages.transpose()?);
    let arn = arn(session, &api);
    let mut found = Found::of(&[], Ok(vec![described_api(&api, &arn)]));
    found = found.and(Found::of(
        &[ROUTE],
        resources.map(|resources| resources.iter().flat_map(|resource| routes(name, resource)).collect()),
    ));
    Some(found.and(Found::of(
        &[STAGE],
        stages.map(|stages| stages.iter().map(|stage| described_stage(name, &arn, stage)).collect()),
    )))
}

fn described_api(api: &RestApi, arn: &str) -> Configured {
    let types = api.endpoint_configuration().map(|endpoint| endpoint.types()).unwrap_or_default();
    Configured::new(
        API,
        api.name().unwrap_or_default(),
        arn,
        vec![
            Setting::new("endpoint_types", Value::list(types.iter().map(|kind| kind.as_str()))),
            Setting::new("default_endpoint_disabled", Value::Bool(api.disable_execute_api_endpoint())),
            Setting::new("binary_media_types", Value::list(api.binary_media_types())),
            Setting::new("smallest_compressed_bytes", Value::number(api.minimum_compression_size())),
        ],
    )
    .tagged(Tags::known(api.tags().into_iter().flatten()))
}

async fn resources(session: &Session, id: &str) -> Result<Option<Vec<Resource>>, Fault> {
    let request = session.apigateway().get_resources().rest_api_id(id).embed("methods");
    let pages = request.into_paginator().page_size(limits::REST_APIS_PAGE).send();
    all_pages_unless_gone(session, "GetResources", pages, |page| page.position(), |page| page.items.unwrap_or_default())
        .await
}

fn routes(api: &str, resource: &Resource) -> Vec<Configured> {
    let path = resource.path().unwrap_or_default();
    let methods: BTreeMap<_, _> = resource.resource_methods().into_iter().flatten().collect();
    let route = |(name, method): (&String, &aws_sdk_apigateway::types::Method)| {
        let integration = method.method_integration();
        let kind = integration.and_then(|integration| integration.r#type()).map(|kind| kind.as_str());
        Configured::part(
            ROUTE,
            format!("{api} {name} {path}"),
            vec![
                Setting::new("authorization", Value::text(method.authorization_type())),
                Setting::new("api_key_required", Value::flag(method.api_key_required())),
                Setting::new("integration", Value::text(kind)),
                Setting::new(
                    "integration_timeout_ms",
                    Value::number(integration.map(|integration| integration.timeout_in_millis())),
                ),
                Setting::names("target", Value::text(integration.and_then(|integration| integration.uri()))),
            ],
        )
    };
    methods.into_iter().map(route).collect()
}

async fn stages(session: &Session, id: &str) -> Result<Option<Vec<Stage>>, Fault> {
    let answer = session.apigateway().get_stages().rest_api_id(id).send().await;
    Ok(unless_gone(session, "GetStages", answer)?.map(|answer| answer.item.unwrap_or_default()))
}

fn described_stage(api: &str, api_arn: &str, stage: &Stage) -> Configured {
    let name = stage.stage_name().unwrap_or_default();
    let settings: BTreeMap<_, _> = stage.method_settings().into_iter().flatten().collect();
    let all = settings.get(&"*/*".to_owned()).copied();
    let log = stage.access_log_settings();
    let mut values = throttles("", all);
    values.extend([
        Setting::new(
            "logging_level",
            Value::text(Some(all.and_then(MethodSetting::logging_level).filter(|l| !l.is_empty()).unwrap_or("OFF"))),
        ),
        Setting::new("data_trace", Value::Bool(all.is_some_and(MethodSetting::data_trace_enabled))),
        Setting::new("detailed_metrics", Value::Bool(all.is_some_and(MethodSetting::metrics_enabled))),
        Setting::new("caching", Value::Bool(stage.cache_cluster_enabled())),
        Setting::new("tracing", Value::Bool(stage.tracing_enabled())),
        Setting::names("access_log", Value::text(log.and_then(|log| log.destination_arn()))),
        Setting::new("access_log_format", Value::text(log.and_then(|log| log.format()))),
        Setting::names("web_acl", Value::text(stage.web_acl_arn())),
        // Values may be secrets: only the names are read.
        Setting::new("variable_names", Value::list(stage.variables().into_iter().flat_map(|all| all.keys()))),
        Setting::new("canary", Value::Bool(stage.canary_settings().is_some())),
    ]);
    // A method's own throttle hides the stage's.
    for (path, setting) in settings.iter().filter(|(path, _)| path.as_str() != "*/*") {
        values.extend(throttles(&format!("{}.", path.replace("~1", "/")), Some(setting)));
    }
    Configured::new(STAGE, format!("{api}/{name}"), format!("{api_arn}/stages/{name}"), values)
        .tagged(Tags::known(stage.tags().into_iter().flatten()))
}

/// -1 stands for no limit of its own (API Gateway API Reference, MethodSetting).
fn throttles(prefix: &str, setting: Option<&MethodSetting>) -> Vec<Setting> {
    let rate = setting.map(MethodSetting::throttling_rate_limit).filter(|rate| *rate >= 0.0);
    let burst = setting.map(MethodSetting::throttling_burst_limit).filter(|burst| *burst >= 0);
    vec![
        Setting::new(&format!("{prefix}throttle_rate"), Value::number(rate)),
        Setting::new(&format!("{prefix}throttle_burst"), Value::number(burst)),
    ]
}
