//! One wall and all changes, put together.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::incident::{EnvironmentStory, Incident, Own, RedSignal};
use crate::base::{Clock, Text};
use crate::changes::{self, Memory, Red, Span, reading, suspects};
use crate::cli::rows;
use crate::cloud::{Session, Transport};
use crate::config::Config;
use crate::model::{Change, Fault, FaultKind, Resource, Severity, SignalId};
use crate::poll::Pollers;
use crate::poll::collect::{WallEnvironment, one_wall};
use crate::signals;

/// Looks at every environment once and asks what changed in the time `since` now.
pub async fn incident(
    config: &Config,
    transport: &Transport,
    clock: &Clock,
    seed: u64,
    since: SignedDuration,
    patience: Duration,
) -> Incident {
    let watched = rows::watched(&config.display);
    let (pollers, mut events) = Pollers::start(config, transport, clock, &watched, seed);
    let environments = crate::poll::environments(config);
    let wall = one_wall(environments, &watched, &mut events, clock, patience).await;
    let span = Span::before(clock.now(), since);
    let memory = Memory::default();
    let stories = wall.environments.iter().map(|environment| {
        let session = pollers.sessions().get(environment.environment.id);
        story(environment, session, span, &memory, patience)
    });
    let environments = join_all(stories).await;
    drop(pollers);
    Incident { span, environments, own: Own::default() }
}

async fn story(
    wall: &WallEnvironment,
    session: Option<Arc<Session>>,
    span: Span,
    memory: &Memory,
    patience: Duration,
) -> EnvironmentStory {
    let environment = wall.environment.clone();
    let red = red_signals(wall);
    let severity = wall.cells.iter().map(|(_, datum)| datum.value().map_or(Severity::Unknown, |r| r.severity)).max();
    let what = red_of(wall, span);
    let mut story = EnvironmentStory {
        environment,
        severity: severity.unwrap_or_default(),
        red,
        onset: None,
        suspects: Vec::new(),
        changes: Vec::new(),
        unread: unread_signals(wall),
        cut: Vec::new(),
    };
    let Some(session) = session else {
        if story.unread.is_empty() {
            let fault = Fault::new(FaultKind::Unreachable, "changes", "not connected: nothing could be asked");
            story.unread.push(("everything".into(), fault));
        }
        return story;
    };
    // What turned red earlier is explained by what changed before that, as far as it is remembered.
    let wanted = what.as_ref().map_or(span, |red| suspects::span(red, span.to));
    let read = Span { from: wanted.from.min(span.from).max(oldest(span)), to: span.to };
    let mut changes: Vec<Arc<Change>> = Vec::new();
    let mut parts = std::pin::pin!(reading::parts(changes::ALL, &session, read, memory));
    let deadline = tokio::time::Instant::now() + patience;
    let mut answered = Vec::new();
    while let Ok(Some(part)) = tokio::time::timeout_at(deadline, parts.next()).await {
        answered.push(part.source);
        match part.outcome {
            Ok(found) => {
                changes.extend(found.changes.into_iter().map(Arc::new));
                story.unread.extend(found.faults.into_iter().map(|fault| (part.title.into(), fault)));
                story.cut.extend(found.cut_before.map(|before| (Text::from(part.title), before)));
            }
            Err(fault) => story.unread.push((part.title.into(), fault)),
        }
    }
    for source in changes::ALL.iter().filter(|source| !answered.contains(&source.id())) {
        let message = format!("not answered within {} s", patience.as_secs());
        story.unread.push((source.title().into(), Fault::new(FaultKind::Timeout, "changes", message)));
    }
    changes.sort_by(|a, b| (b.at, a.kind, &a.resource).cmp(&(a.at, b.kind, &b.resource)));
    if let Some(red) = what {
        story.onset = Some(suspects::onset(changes.iter(), &red, span.to));
        story.suspects = suspects::suspects(changes.iter(), &red, span.to);
    }
    changes.retain(|change| span.contains(change.at));
    story.changes = changes;
    story
}

/// Nothing is asked for that is older than two weeks: nobody remembers it.
fn oldest(span: Span) -> Timestamp {
    Span::before(span.to, SignedDuration::from_hours(14 * 24)).from
}

fn title(id: SignalId) -> Text {
    signals::ALL.iter().find(|signal| signal.id() == id).map_or(id.0, |signal| signal.title()).into()
}

fn bad(resource: &&Resource) -> bool {
    resource.severity >= Severity::Warning
}

fn red_signals(wall: &WallEnvironment) -> Vec<RedSignal> {
    let mut red: Vec<RedSignal> = wall
        .cells
        .iter()
        .filter_map(|(id, datum)| Some((id, datum.value()?)))
        .filter(|(_, reading)| reading.severity >= Severity::Warning)
        .map(|(id, reading)| RedSignal {
            title: title(*id),
            severity: reading.severity,
            headline: reading.headline.clone(),
            since: reading.since.or_else(|| reading.resources.iter().filter(bad).filter_map(|r| r.since).min()),
            resources: reading.resources.iter().filter(bad).map(|resource| resource.name.clone()).collect(),
        })
        .collect();
    red.sort_by_key(|signal| std::cmp::Reverse(signal.severity));
    red
}

/// Signals that could not be read: once for the environment where all fail the same way.
fn unread_signals(wall: &WallEnvironment) -> Vec<(Text, Fault)> {
    let faults: Vec<(Text, Fault)> = wall
        .cells
        .iter()
        .filter_map(|(id, datum)| {
            let fault = datum.fault().or_else(|| datum.value().and_then(|reading| reading.fault.as_ref()))?;
            Some((title(*id), fault.clone()))
        })
        .collect();
    match (&wall.connection.fault, faults.first()) {
        (Some(fault), _) => vec![("everything".into(), fault.clone())],
        (None, Some((_, fault))) if faults.len() == wall.cells.len() => vec![("everything".into(), fault.clone())],
        _ => faults,
    }
}

/// What is red in the environment as a whole: the worst resources, since the first of them that turned red lately.
fn red_of(wall: &WallEnvironment, span: Span) -> Option<Red> {
    let readings = || wall.cells.iter().filter_map(|(id, datum)| Some((*id, datum.value()?)));
    let worst = readings().map(|(_, reading)| reading.severity).max().filter(|worst| *worst >= Severity::Warning)?;
    let resources: Vec<&Resource> =
        readings().flat_map(|(_, reading)| &reading.resources).filter(|r| r.severity == worst).collect();
    let since = || resources.iter().filter_map(|resource| resource.since);
    let lately = since().filter(|at| span.contains(*at)).min();
    // An alarm says that something is wrong; another signal says what.
    let telling = readings().find(|(id, reading)| reading.severity == worst && id.0 != "alarms").map(|(id, _)| id);
    Some(Red::new(&wall.environment, telling, resources.iter().copied(), lately.or_else(|| since().min())))
}
