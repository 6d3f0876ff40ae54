//! API Gateway GetDeployments: what was deployed of REST and HTTP APIs.

use futures_util::future::BoxFuture;

use crate::base::Text;
use crate::changes::arn::partition;
use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::pages;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::cloud::{Selection, Session, limits};
use crate::model::{Change, ChangeKind, Fault, Severity};
use crate::signals::moment::moment;
use crate::signals::paging::{all_by_token, all_pages, each, unless_gone};

/// Pages of deployments of one API.
const PAGES: usize = 4;

/// The source.
#[derive(Debug)]
pub struct ApiDeployments;

impl ChangeSource for ApiDeployments {
    fn id(&self) -> &'static str {
        "api-deployments"
    }

    fn title(&self) -> &'static str {
        "API Gateway deployments"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["apigateway:GET"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, _: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(async move {
            let selection = session.selection().await?;
            let parts =
                futures_util::future::join(rest(session, &selection, span), http(session, &selection, span)).await;
            match parts {
                (Err(fault), Err(_)) => Err(fault),
                (rest, http) => {
                    let mut found = Found::default();
                    found.add(rest);
                    found.add(http);
                    Ok(found.newest(MOST))
                }
            }
        })
    }
}

/// An API.
#[derive(Debug, Clone)]
struct Api {
    id: String,
    name: String,
    arn: String,
}

/// API Gateway's ARNs have no account (Service Authorization Reference, Amazon API Gateway Management).
fn arn(session: &Session, kind: &str, id: &str) -> String {
    let region = &session.environment.region;
    format!("arn:{}:apigateway:{region}::/{kind}/{id}", partition(region))
}

async fn rest(session: &Session, selection: &Selection, span: Span) -> Result<Found, Fault> {
    let pages = session.apigateway().get_rest_apis().into_paginator().page_size(limits::REST_APIS_PAGE).send();
    let apis = all_pages(session, "GetRestApis", pages, |page| page.position(), |page| page.items.unwrap_or_default());
    let apis = apis.await?.into_iter().map(|api| {
        let id = api.id.unwrap_or_default();
        Api { arn: arn(session, "restapis", &id), name: api.name.unwrap_or_default(), id }
    });
    let apis: Vec<Api> = apis.filter(|api| selection.admits(&api.name, &api.arn)).collect();
    let deployments = |api: Api| async move {
        let id = &api.id;
        let page = |position: Option<String>| async move {
            let request = session.apigateway().get_deployments().rest_api_id(id);
            let answer = request.limit(limits::API_DEPLOYMENTS_PAGE).set_position(position).send().await;
            let page = unless_gone(session, "GetDeployments", answer)?;
            Ok(page.map_or_else(Default::default, |page| (page.items.unwrap_or_default(), page.position)))
        };
        let listed = pages::until("GetDeployments", PAGES, page, |_| false).await?;
        let changes = listed.items.iter().filter_map(|deployment| {
            let at = deployment.created_date().and_then(moment).filter(|at| span.contains(*at))?;
            Some(change(session, &api, deployment.id(), deployment.description(), at))
        });
        Ok(Some(Found { changes: changes.collect(), faults: listed.fault.into_iter().collect(), cut_before: None }))
    };
    gather(apis, deployments).await
}

async fn http(session: &Session, selection: &Selection, span: Span) -> Result<Found, Fault> {
    let client = session.apigatewayv2();
    let all = all_by_token("GetApis", |token| async move {
        let page = client.get_apis().set_next_token(token).send().await.map_err(|e| session.fault("GetApis", &e))?;
        Ok((page.items.unwrap_or_default(), page.next_token))
    })
    .await?;
    let apis = all.into_iter().map(|api| {
        let id = api.api_id.unwrap_or_default();
        Api { arn: arn(session, "apis", &id), name: api.name.unwrap_or_default(), id }
    });
    let apis: Vec<Api> = apis.filter(|api| selection.admits(&api.name, &api.arn)).collect();
    let deployments = |api: Api| async move {
        let id = &api.id;
        let page = |token: Option<String>| async move {
            let answer = client.get_deployments().api_id(id).set_next_token(token).send().await;
            let page = unless_gone(session, "GetDeployments", answer)?;
            Ok(page.map_or_else(Default::default, |page| (page.items.unwrap_or_default(), page.next_token)))
        };
        let listed = pages::until("GetDeployments", PAGES, page, |_| false).await?;
        let changes = listed.items.iter().filter_map(|deployment| {
            let at = deployment.created_date().and_then(moment).filter(|at| span.contains(*at))?;
            let mut change = change(session, &api, deployment.deployment_id(), deployment.description(), at);
            let failed = deployment.deployment_status().is_some_and(|status| status.as_str() == "FAILED");
            if failed {
                change.severity = Severity::Critical;
                change.summary = format!("{} failed", change.summary).into();
                change.reason = Text::new(deployment.deployment_status_message().unwrap_or_default());
            }
            Some(change)
        });
        Ok(Some(Found { changes: changes.collect(), faults: listed.fault.into_iter().collect(), cut_before: None }))
    };
    gather(apis, deployments).await
}

async fn gather<F: Future<Output = Result<Option<Found>, Fault>>>(
    apis: Vec<Api>,
    deployments: impl Fn(Api) -> F,
) -> Result<Found, Fault> {
    let read = each(apis, deployments, |_, _| None).await?;
    let mut found = Found { faults: read.fault.into_iter().collect(), ..Found::default() };
    for part in read.found {
        found.extend(part);
    }
    Ok(found)
}

fn change(session: &Session, api: &Api, id: Option<&str>, description: Option<&str>, at: jiff::Timestamp) -> Change {
    let id = id.unwrap_or_default();
    Change {
        summary: format!("deployment {id}").into(),
        arn: Text::new(&api.arn),
        touches: vec![Text::new(&api.id)],
        after: id.into(),
        reason: Text::new(description.unwrap_or_default()),
        ..Change::new(at, session.environment.id, ChangeKind::ApiDeployment, &api.name)
    }
}
