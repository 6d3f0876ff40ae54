//! REST APIs and HTTP APIs side by side, and the stages of each.

use std::collections::HashMap;

use aws_sdk_apigatewayv2::types::ProtocolType;

use super::{Inventory, Protocol, Stage, Unlisted};
use crate::base::Text;
use crate::cloud::{Selection, Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::moment::moment;
use crate::signals::paging::{all_by_token, all_pages, each, unless_gone};

/// Reads all stages. One of the two services failing leaves the other's; a fault only when both fail.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let (rest, http) = futures_util::future::join(rest(session, &selection), http(session, &selection)).await;
    let mut inventory = match (rest, http) {
        (Err(fault), Err(_)) => return Err(fault),
        (Ok(rest), Ok(http)) => join(rest, http),
        (Ok(found), Err(fault)) => join(found, nothing("HTTP APIs", fault)?),
        (Err(fault), Ok(found)) => join(nothing("REST APIs", fault)?, found),
    };
    mark_shared(&mut inventory.stages);
    inventory.stages.sort_by(|a, b| (&a.api_name, &a.api_id, &a.name).cmp(&(&b.api_name, &b.api_id, &b.name)));
    Ok(inventory)
}

/// What stands for a service that could not be read. Without valid credentials nothing else is worth keeping either.
fn nothing(what: &str, fault: Fault) -> Result<Inventory, Fault> {
    if matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials) {
        return Err(fault);
    }
    let unlisted = vec![Unlisted { name: what.into(), arn: Text::default() }];
    Ok(Inventory { unlisted, fault: Some(fault), ..Inventory::default() })
}

fn join(mut a: Inventory, b: Inventory) -> Inventory {
    a.stages.extend(b.stages);
    a.unlisted.extend(b.unlisted);
    a.websockets += b.websockets;
    a.fault = a.fault.or(b.fault);
    a
}

fn mark_shared(stages: &mut [Stage]) {
    let mut seen: HashMap<(String, Text), usize> = HashMap::new();
    let key = |stage: &Stage| (stage.api_name.clone(), stage.name.clone());
    for stage in stages.iter().filter(|stage| stage.protocol == Protocol::Rest) {
        *seen.entry(key(stage)).or_default() += 1;
    }
    for stage in stages.iter_mut().filter(|stage| stage.protocol == Protocol::Rest) {
        stage.shares_metrics = seen.get(&key(stage)).is_some_and(|count| *count > 1);
    }
}

/// An API before its stages are known.
#[derive(Debug, Clone)]
struct Api {
    id: String,
    name: String,
    arn: String,
}

/// The stages of APIs, one call each; those that belong to the environment.
async fn stages<F: Future<Output = Result<Option<Vec<Stage>>, Fault>>>(
    apis: Vec<Api>,
    selection: &Selection,
    stages_of: impl Fn(Api) -> F,
) -> Result<Inventory, Fault> {
    let listed = each(
        apis,
        |api| {
            let stages = stages_of(api.clone());
            async move { Ok(stages.await?.map(|stages| (api, Some(stages)))) }
        },
        |api, _| Some((api.clone(), None)),
    )
    .await?;
    let mut inventory = Inventory { fault: listed.fault, ..Inventory::default() };
    for (api, stages) in listed.found {
        match stages {
            Some(stages) => inventory
                .stages
                .extend(stages.into_iter().filter(|s| selection.admits_part(&s.name, &s.arn, (&api.name, &api.arn)))),
            None if selection.admits(&api.name, &api.arn) => {
                inventory.unlisted.push(Unlisted { name: api.name.into(), arn: api.arn.into() });
            }
            None => {}
        }
    }
    Ok(inventory)
}

async fn rest(session: &Session, selection: &Selection) -> Result<Inventory, Fault> {
    let pages = session.apigateway().get_rest_apis().into_paginator().page_size(limits::REST_APIS_PAGE).send();
    let apis = all_pages(
        session,
        "GetRestApis",
        pages,
        |page| page.position(),
        |page| {
            let api = |api: &aws_sdk_apigateway::types::RestApi| {
                let id = api.id().unwrap_or_default().to_owned();
                Api { arn: arn(session, "restapis", &id), name: api.name().unwrap_or_default().to_owned(), id }
            };
            page.items().iter().map(api).collect()
        },
    )
    .await?;
    stages(apis, selection, |api| async move {
        let answer = session.apigateway().get_stages().rest_api_id(&api.id).send().await;
        let answer = unless_gone(session, "GetStages", answer)?;
        Ok(answer.map(|answer| answer.item().iter().map(|stage| rest_stage(&api, stage)).collect()))
    })
    .await
}

fn rest_stage(api: &Api, stage: &aws_sdk_apigateway::types::Stage) -> Stage {
    let all_methods = stage.method_settings().and_then(|settings| settings.get("*/*"));
    let name = stage.stage_name().unwrap_or_default();
    Stage {
        protocol: Protocol::Rest,
        api_id: Text::new(&api.id),
        api_name: api.name.clone(),
        arn: format!("{}/stages/{name}", api.arn).into(),
        name: name.into(),
        deployment: Text::new(stage.deployment_id().unwrap_or_default()),
        updated: stage.last_updated_date().and_then(moment),
        // -1 stands for no limit of its own (API Gateway API Reference, MethodSetting).
        throttle_rate: all_methods.map(|all| all.throttling_rate_limit()).filter(|rate| *rate >= 0.0),
        throttle_burst: all_methods.map(|all| all.throttling_burst_limit()).filter(|burst| *burst >= 0),
        shares_metrics: false,
    }
}

async fn http(session: &Session, selection: &Selection) -> Result<Inventory, Fault> {
    let client = session.apigatewayv2();
    let all = all_by_token("GetApis", |token| async move {
        let page = client.get_apis().set_next_token(token).send().await.map_err(|e| session.fault("GetApis", &e))?;
        Ok((page.items.unwrap_or_default(), page.next_token))
    })
    .await?;
    let (websockets, http): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|api| api.protocol_type() == Some(&ProtocolType::Websocket));
    let api = |api: aws_sdk_apigatewayv2::types::Api| {
        let id = api.api_id.unwrap_or_default();
        Api { arn: arn(session, "apis", &id), name: api.name.unwrap_or_default(), id }
    };
    let websockets = websockets.into_iter().map(api).filter(|api| selection.admits(&api.name, &api.arn)).count();
    let apis = http.into_iter().map(api).collect();
    let found = stages(apis, selection, |api| async move {
        let id = &api.id;
        // An API deleted meanwhile has no stages.
        let stages = all_by_token("GetStages", |token| async move {
            let answer = client.get_stages().api_id(id).set_next_token(token).send().await;
            let page = unless_gone(session, "GetStages", answer)?;
            Ok(page.map_or_else(Default::default, |page| (page.items.unwrap_or_default(), page.next_token)))
        })
        .await?;
        Ok(Some(stages.iter().map(|stage| http_stage(&api, stage)).collect()))
    })
    .await?;
    Ok(Inventory { websockets, ..found })
}

fn http_stage(api: &Api, stage: &aws_sdk_apigatewayv2::types::Stage) -> Stage {
    let routes = stage.default_route_settings();
    let name = stage.stage_name().unwrap_or_default();
    Stage {
        protocol: Protocol::Http,
        api_id: Text::new(&api.id),
        api_name: api.name.clone(),
        arn: format!("{}/stages/{name}", api.arn).into(),
        name: name.into(),
        deployment: Text::new(stage.deployment_id().unwrap_or_default()),
        updated: stage.last_updated_date().and_then(moment),
        throttle_rate: routes.and_then(|routes| routes.throttling_rate_limit()),
        throttle_burst: routes.and_then(|routes| routes.throttling_burst_limit()),
        shares_metrics: false,
    }
}

/// API Gateway's ARNs have no account (Service Authorization Reference, Amazon API Gateway Management).
fn arn(session: &Session, kind: &str, id: &str) -> String {
    let region = &session.environment.region;
    let partition = if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    };
    format!("arn:{partition}:apigateway:{region}::/{kind}/{id}")
}
