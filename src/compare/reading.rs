//! Reads the configuration of several environments at once, and says how far it is. Dropping the future cancels it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, join_all};
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::{Session, Transport, limits};
use crate::compare::inventory::tags::{self, ByArn};
use crate::compare::inventory::{ALL, Found};
use crate::compare::setting::{Configured, Tags};
use crate::compare::snapshot::{Snapshot, Unlisted};
use crate::config::Config;
use crate::model::{EnvId, Environment, Fault, FaultKind};

/// Services that are asked in each environment: the inventories, and the tags.
pub fn services() -> usize {
    ALL.len() + 1
}

/// How far a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Services that have answered, of all environments.
    pub done: usize,
    /// Services that are asked.
    pub total: usize,
    /// Calls of the sessions so far.
    pub calls: u64,
    /// Whose answer it is.
    pub environment: EnvId,
    /// Which service's.
    pub service: &'static str,
}

/// An environment to read: through its session, or why there is none.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which.
    pub environment: Environment,
    /// Its session, with the identity verified.
    pub session: Result<Arc<Session>, Fault>,
}

/// Opens a session for every environment of the configuration and verifies who it is.
pub async fn connect(config: &Config, transport: &Transport) -> Vec<Asked> {
    let environments = crate::poll::environments(config);
    let open = config.environments.iter().zip(environments).map(|(config, environment)| async move {
        let session = async {
            let mut session = Session::open(config, environment.clone(), transport).await?;
            session.credentials().await?;
            let identity = session.verify_identity().await?;
            session.environment.account = Some(identity.account);
            Ok(Arc::new(session))
        };
        Asked { session: session.await, environment }
    });
    join_all(open).await
}

/// Reads all environments at the same time; the snapshots in their order. What cannot be read stands in the snapshot.
pub async fn read(asked: &[Asked], at: Timestamp, progress: &(dyn Fn(Progress) + Send + Sync)) -> Vec<Snapshot> {
    let sessions = || asked.iter().filter_map(|asked| asked.session.as_ref().ok());
    let total = sessions().count() * services();
    let done = AtomicUsize::new(0);
    let answered = |environment: EnvId, service: &'static str| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        let calls = sessions().map(|session| session.meter.usage().calls()).sum();
        progress(Progress { done, total, calls, environment, service });
    };
    let answered = &answered;
    join_all(asked.iter().map(|asked| async move {
        match &asked.session {
            Ok(session) => one(session, at, &|service| answered(asked.environment.id, service)).await,
            Err(fault) => Snapshot::unread(&asked.environment, at, fault.clone()),
        }
    }))
    .await
}

/// Reads one environment.
async fn one(session: &Session, at: Timestamp, answered: &(dyn Fn(&'static str) + Send + Sync)) -> Snapshot {
    let mut services: Vec<BoxFuture<'_, Found>> = Vec::with_capacity(ALL.len());
    for inventory in ALL {
        services.push(Box::pin(async move {
            let found = inventory.read(session).await;
            answered(inventory.title());
            found
        }));
    }
    let services = futures_util::stream::iter(services).buffered(limits::PARALLEL_DESCRIBES).collect::<Vec<Found>>();
    let tagging = async {
        let tags = tags::read(session).await;
        answered("tags");
        tags
    };
    let (found, tags) = futures_util::future::join(services, tagging).await;
    let found = found.into_iter().fold(Found::default(), Found::and);
    let mut snapshot = Snapshot::empty(&session.environment, at);
    snapshot.resources = found.resources.into_iter().map(|resource| tagged(resource, &tags)).collect();
    snapshot.resources.sort_by(|a, b| (&a.kind, &a.name, &a.arn).cmp(&(&b.kind, &b.name, &b.arn)));
    snapshot.unlisted = once(found.unlisted);
    snapshot.key_names = found.key_names;
    snapshot
}

/// The resource with the tags that the tagging API says of it.
fn tagged(resource: Configured, tags: &Result<ByArn, Fault>) -> Configured {
    let tags = match (&resource.tags, tags) {
        (Tags::Elsewhere, _) if resource.arn.is_empty() => {
            Tags::Unknown(Fault::new(FaultKind::Service, "tags", "AWS gave no ARN to ask by"))
        }
        (Tags::Elsewhere, Ok(tags)) => Tags::Known(tags.get(tags::same(&resource.arn)).cloned().unwrap_or_default()),
        (Tags::Elsewhere, Err(fault)) => Tags::Unknown(fault.clone()),
        _ => return resource,
    };
    resource.tagged(tags)
}

/// The first reason of every kind.
fn once(unlisted: Vec<Unlisted>) -> Vec<Unlisted> {
    let mut kinds: Vec<Text> = Vec::new();
    unlisted
        .into_iter()
        .filter(|one| {
            let new = !kinds.contains(&one.kind);
            if new {
                kinds.push(one.kind.clone());
            }
            new
        })
        .collect()
}
