//! ECS: deployments of services, their task definitions before and after, and what ECS says of the services.

pub mod deployments;
pub mod events;
pub mod revisions;
pub mod rollout;
mod services;
#[cfg(test)]
mod tests;

use futures_util::future::BoxFuture;

use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::cloud::Session;
use crate::model::Fault;

/// The source.
#[derive(Debug)]
pub struct EcsServices;

impl ChangeSource for EcsServices {
    fn id(&self) -> &'static str {
        "ecs"
    }

    fn title(&self) -> &'static str {
        "ECS deployments and events"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:ListClusters", "ecs:ListServices"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, memory: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(read(session, span, memory))
    }
}

async fn read(session: &Session, span: Span, memory: &Memory) -> Result<Found, Fault> {
    let env = session.environment.id;
    let described = services::read(session).await?;
    let mut found = Found { faults: described.faults, ..Found::default() };
    let rollouts: Vec<_> = described.services.iter().flat_map(|service| rollout::rollouts(service, span)).collect();
    let revisions = revisions::read(session, memory, &rollouts).await;
    let revisions = match revisions {
        Ok((revisions, fault)) => {
            found.faults.extend(fault);
            revisions
        }
        Err(fault) => {
            found.faults.push(fault);
            Default::default()
        }
    };
    for rollout in &rollouts {
        found.changes.extend(deployments::changes(rollout, &revisions, span, env));
    }
    for service in &described.services {
        found.extend(events::changes(service, span, env));
    }
    Ok(found.newest(MOST))
}
