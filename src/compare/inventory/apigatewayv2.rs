//! API Gateway, HTTP and WebSocket APIs: routes, stages, throttles, logging.

use std::collections::BTreeMap;

use aws_sdk_apigatewayv2::types::{Api, Route, RouteSettings, Stage};
use futures_util::future::{BoxFuture, join};

use super::source::{Found, Inventory, ask_each};
use crate::changes::arn::partition;
use crate::cloud::Session;
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::Fault;
use crate::signals::paging::{all_by_token, unless_gone};

/// The inventory.
#[derive(Debug)]
pub struct HttpApis;

const API: &str = "http api";
const ROUTE: &str = "http api route";
const STAGE: &str = "http api stage";

impl Inventory for HttpApis {
    fn id(&self) -> &'static str {
        "api-gateway-v2"
    }
    fn title(&self) -> &'static str {
        "API Gateway v2"
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

async fn apis(session: &Session) -> Result<Vec<Api>, Fault> {
    let selection = session.selection().await?;
    let client = session.apigatewayv2();
    let mut apis = all_by_token("GetApis", |token| async move {
        let page = client.get_apis().set_next_token(token).send().await.map_err(|e| session.fault("GetApis", &e))?;
        Ok((page.items.unwrap_or_default(), page.next_token))
    })
    .await?;
    apis.retain(|api| selection.admits(api.name().unwrap_or_default(), &arn(session, api)));
    Ok(apis)
}

/// API Gateway's ARNs have no account (Service Authorization Reference, Amazon API Gateway Management V2).
fn arn(session: &Session, api: &Api) -> String {
    let region = &session.environment.region;
    format!("arn:{}:apigateway:{region}::/apis/{}", partition(region), api.api_id().unwrap_or_default())
}

async fn described(session: &Session, api: Api) -> Option<Found> {
    let id = api.api_id().unwrap_or_default();
    let name = api.name().unwrap_or_default();
    let client = session.apigatewayv2();
    let routes = all_by_token("GetRoutes", |token| async move {
        let answer = client.get_routes().api_id(id).set_next_token(token).send().await;
        let page = unless_gone(session, "GetRoutes", answer)?;
        Ok(page.map_or_else(Default::default, |page| (page.items.unwrap_or_default(), page.next_token)))
    });
    let stages = all_by_token("GetStages", |token| async move {
        let answer = client.get_stages().api_id(id).set_next_token(token).send().await;
        let page = unless_gone(session, "GetStages", answer)?;
        Ok(page.map_or_else(Default::default, |page| (page.items.unwrap_or_default(), page.next_token)))
    });
    let (routes, stages): (Result<Vec<Route>, Fault>, Result<Vec<Stage>, Fault>) = join(routes, stages).await;
    let arn = arn(session, &api);
    let cors = api.cors_configuration();
    let described = Configured::new(
        API,
        name,
        &arn,
        vec![
            Setting::new("protocol", Value::text(api.protocol_type().map(|protocol| protocol.as_str()))),
            Setting::new("default_endpoint_disabled", Value::Bool(api.disable_execute_api_endpoint().unwrap_or(false))),
            Setting::new("cors_origins", Value::list(cors.map(|cors| cors.allow_origins()).unwrap_or_default())),
        ],
    )
    .tagged(Tags::known(api.tags().into_iter().flatten()));
    let found = Found::of(&[], Ok(vec![described]));
    let found = found.and(Found::of(&[ROUTE], routes.map(|all| all.iter().map(|one| route(name, one)).collect())));
    let stage = |one: &Stage| stage(name, &arn, one);
    Some(found.and(Found::of(&[STAGE], stages.map(|all| all.iter().map(stage).collect()))))
}

fn route(api: &str, route: &Route) -> Configured {
    Configured::part(
        ROUTE,
        format!("{api} {}", route.route_key().unwrap_or_default()),
        vec![
            Setting::new("authorization", Value::text(route.authorization_type().map(|kind| kind.as_str()))),
            Setting::new("api_key_required", Value::Bool(route.api_key_required().unwrap_or(false))),
        ],
    )
}

fn stage(api: &str, api_arn: &str, stage: &Stage) -> Configured {
    let name = stage.stage_name().unwrap_or_default();
    let log = stage.access_log_settings();
    let default = stage.default_route_settings();
    let mut settings = throttles("", default);
    settings.extend([
        Setting::new(
            "detailed_metrics",
            Value::Bool(default.and_then(|all| all.detailed_metrics_enabled()).unwrap_or(false)),
        ),
        Setting::new("auto_deploy", Value::Bool(stage.auto_deploy().unwrap_or(false))),
        Setting::names("access_log", Value::text(log.and_then(|log| log.destination_arn()))),
        Setting::new("access_log_format", Value::text(log.and_then(|log| log.format()))),
        Setting::new("variable_names", Value::list(stage.stage_variables().into_iter().flat_map(|all| all.keys()))),
    ]);
    let own: BTreeMap<_, _> = stage.route_settings().into_iter().flatten().collect();
    for (route, setting) in own {
        settings.extend(throttles(&format!("{route}."), Some(setting)));
    }
    Configured::new(STAGE, format!("{api}/{name}"), format!("{api_arn}/stages/{name}"), settings)
        .tagged(Tags::known(stage.tags().into_iter().flatten()))
}

fn throttles(prefix: &str, settings: Option<&RouteSettings>) -> Vec<Setting> {
    vec![
        Setting::new(
            &format!("{prefix}throttle_rate"),
            Value::number(settings.and_then(|settings| settings.throttling_rate_limit())),
        ),
        Setting::new(
            &format!("{prefix}throttle_burst"),
            Value::number(settings.and_then(|settings| settings.throttling_burst_limit())),
        ),
    ]
}
