//! ElastiCache DescribeEvents: clusters and replication groups; failovers stand out.

use aws_sdk_elasticache::types::Event;
use futures_util::future::BoxFuture;

use crate::base::Text;
use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::changes::{arn, pages, rds_events, weight};
use crate::cloud::{Session, limits};
use crate::model::{Change, ChangeKind, EnvId, Fault, FaultKind};
use crate::signals::moment::{date_time, moment};

/// Pages of one reading.
const PAGES: usize = 20;

/// The source.
#[derive(Debug)]
pub struct ElastiCacheEvents;

impl ChangeSource for ElastiCacheEvents {
    fn id(&self) -> &'static str {
        "elasticache-events"
    }

    fn title(&self) -> &'static str {
        "ElastiCache events"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["elasticache:DescribeEvents"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, _: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(read(session, span))
    }
}

async fn read(session: &Session, span: Span) -> Result<Found, Fault> {
    let selection = session.selection().await?;
    let from = span.from.max(rds_events::remembered(span));
    let page = |marker: Option<String>| async move {
        let request = session.elasticache().describe_events().start_time(date_time(from)).end_time(date_time(span.to));
        let answer = request.max_records(limits::EVENTS_PAGE).set_marker(marker).send().await;
        let answer = answer.map_err(|error| session.fault("DescribeEvents", &error))?;
        Ok((answer.events.unwrap_or_default(), answer.marker))
    };
    let listed = pages::until("DescribeEvents", PAGES, page, |_| false).await?;
    let changes = listed.items.iter().filter_map(|event| {
        let name = event.source_identifier().unwrap_or_default();
        let mut change = change(event, session.environment.id).filter(|change| span.contains(change.at))?;
        let resource = format!("{}:{name}", resource_type(event));
        change.arn = Text::new(arn::of(session, "elasticache", &resource));
        selection.admits_ending(name, &format!(":{resource}")).then_some(change)
    });
    let mut found = Found { changes: changes.collect(), faults: listed.fault.into_iter().collect(), cut_before: None };
    if listed.cut && found.faults.is_empty() {
        let message = format!("more than {} events: the rest is not read", listed.items.len());
        found.faults.push(Fault::new(FaultKind::Throttled, "DescribeEvents", message));
    }
    Ok(found.newest(MOST))
}

/// The resource type in ARNs (Service Authorization Reference, Amazon ElastiCache) for an event's source type.
fn resource_type(event: &Event) -> &'static str {
    match event.source_type().map(|source| source.as_str()).unwrap_or_default() {
        "replication-group" => "replicationgroup",
        "cache-parameter-group" => "parametergroup",
        "cache-security-group" => "securitygroup",
        "cache-subnet-group" => "subnetgroup",
        "serverless-cache" => "serverlesscache",
        "serverless-cache-snapshot" => "serverlesscachesnapshot",
        "user" => "user",
        "user-group" => "usergroup",
        _ => "cluster",
    }
}

fn change(event: &Event, env: EnvId) -> Option<Change> {
    let at = event.date().and_then(moment)?;
    let message = event.message().unwrap_or_default();
    let kind = if weight::is_failover(message) { ChangeKind::Failover } else { ChangeKind::Cache };
    let name = event.source_identifier().unwrap_or_default();
    // Nodes are named after their replication group: GROUP-001 or GROUP-0001-001.
    let group = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    Some(Change {
        summary: message.into(),
        reason: Text::new(event.source_type().map(|source| source.as_str()).unwrap_or_default()),
        touches: if group.is_empty() || group == name { Vec::new() } else { vec![group.into()] },
        severity: weight::of(message),
        ..Change::new(at, env, kind, name)
    })
}
