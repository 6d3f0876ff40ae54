//! Which session and which log group the command reads.

use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{Result, eyre};

use crate::base::Text;
use crate::cli::exit::UsageError;
use crate::cli::source::Source;
use crate::cloud::Session;
use crate::config::nearest::nearest;
use crate::inquiry::logs::LogSource;
use crate::inquiry::work::log_groups;
use crate::model::{Fault, FaultKind, Resource, SignalId};
use crate::poll::Pollers;
use crate::poll::collect::{WallEnvironment, one_wall};
use crate::signals::{self, AnySignal};

/// How long to wait for the list of resources.
const PATIENCE: Duration = Duration::from_secs(60);
/// Names that are listed where one is not known.
const NAMES: usize = 20;

/// A session of the only environment, whose account is the configured one.
pub async fn session(source: &Source) -> Result<Session> {
    let environments = crate::poll::environments(&source.config);
    let (config, environment) = source
        .config
        .environments
        .first()
        .zip(environments.into_iter().next())
        .ok_or_else(|| eyre!("no environment"))?;
    let session = Session::open(config, environment, &source.transport).await?;
    session.credentials().await?;
    session.verify_identity().await?;
    Ok(session)
}

/// The log group of a resource, known by its name or by the name that it has in every environment.
pub async fn of_resource(source: &Source, wanted: &str) -> Result<(Arc<Session>, Text)> {
    // An alarm is about something that has a log, and has none itself.
    let rows: Vec<&'static dyn AnySignal> =
        signals::ALL.iter().copied().filter(|signal| signal.id().0 != "alarms").collect();
    let (pollers, mut events) = Pollers::start(&source.config, &source.transport, &source.clock, &rows, source.seed);
    let environments = crate::poll::environments(&source.config);
    let wall = one_wall(environments, &rows, &mut events, &source.clock, PATIENCE).await;
    let environment = wall.environments.first().ok_or_else(|| eyre!("no environment"))?;
    let Some(session) = pollers.sessions().get(environment.environment.id) else {
        return Err(why_not_connected(environment).into());
    };
    drop(pollers);
    let named = matching(environment, wanted);
    if named.is_empty() {
        return Err(unknown(environment, wanted).into());
    }
    let configured = source.config.environments.first().map(|environment| &*environment.log_groups);
    let mut groups: Vec<Text> = Vec::new();
    for (signal, resource) in named {
        let log = LogSource::of(environment.environment.id, signal, resource);
        for group in log_groups::find(&session, &log, configured.unwrap_or_default()).await? {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
    }
    let label = label(environment);
    match &*groups {
        [] => Err(UsageError(format!(
            "no log group of {wanted} in {label} is known; name one with --group, or in the environment's log_groups"
        ))
        .into()),
        [group] => Ok((session, group.clone())),
        several => {
            let names: Vec<&str> = several.iter().map(|group| &**group).collect();
            let names = names.join(", ");
            Err(UsageError(format!("{wanted} in {label} has several log groups; choose one with --group: {names}"))
                .into())
        }
    }
}

fn label(environment: &WallEnvironment) -> String {
    format!("{}/{}", environment.environment.system, environment.environment.name)
}

fn resources(environment: &WallEnvironment) -> impl Iterator<Item = (SignalId, &Resource)> {
    let readings = environment.cells.iter().filter_map(|(id, datum)| Some((*id, datum.value()?)));
    readings.flat_map(|(id, reading)| reading.resources.iter().map(move |resource| (id, resource)))
}

/// The resources with this name; where there is none, those with this logical name.
fn matching<'w>(environment: &'w WallEnvironment, wanted: &str) -> Vec<(SignalId, &'w Resource)> {
    let by_name: Vec<_> = resources(environment).filter(|(_, resource)| &*resource.name == wanted).collect();
    if by_name.is_empty() {
        return resources(environment).filter(|(_, resource)| &*resource.logical_name == wanted).collect();
    }
    by_name
}

fn why_not_connected(environment: &WallEnvironment) -> Fault {
    let fault = environment.connection.fault.clone();
    let fault = fault.or_else(|| environment.cells.iter().find_map(|(_, datum)| datum.fault().cloned()));
    fault.unwrap_or_else(|| {
        Fault::new(FaultKind::Unreachable, "logs", format!("{} is not connected", label(environment)))
    })
}

fn unknown(environment: &WallEnvironment, wanted: &str) -> UsageError {
    let mut names: Vec<&str> = resources(environment).map(|(_, resource)| &*resource.name).collect();
    names.sort_unstable();
    names.dedup();
    let mut words = format!("no resource `{wanted}` in {}", label(environment));
    if let Some(found) = nearest(wanted, names.iter().copied()) {
        words += &format!("; did you mean `{found}`?");
    } else if !names.is_empty() {
        let more = if names.len() > NAMES { ", …" } else { "" };
        words += &format!("; there are: {}{more}", names[..names.len().min(NAMES)].join(", "));
    }
    let unread = environment
        .cells
        .iter()
        .find_map(|(_, datum)| datum.fault().or_else(|| datum.value().and_then(|reading| reading.fault.as_ref())));
    if let Some(fault) = unread {
        words += &format!("\nnot everything could be listed: {fault}");
    }
    UsageError(words)
}
