//! RDS DescribeEvents: instances, clusters, snapshots and parameter groups; failovers stand out.

use aws_sdk_rds::types::Event;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;

use crate::base::Text;
use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::pages;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::changes::weight;
use crate::cloud::{Session, limits};
use crate::model::{Change, ChangeKind, EnvId, Fault, FaultKind};
use crate::signals::moment::{date_time, moment};

/// Pages of one reading.
const PAGES: usize = 20;

/// The source.
#[derive(Debug)]
pub struct RdsEvents;

impl ChangeSource for RdsEvents {
    fn id(&self) -> &'static str {
        "rds-events"
    }

    fn title(&self) -> &'static str {
        "RDS events"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["rds:DescribeEvents"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, _: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(read(session, span))
    }
}

async fn read(session: &Session, span: Span) -> Result<Found, Fault> {
    let selection = session.selection().await?;
    let from = span.from.max(remembered(span));
    let page = |marker: Option<String>| async move {
        // Without a source type RDS answers with all of them (RDS API Reference, DescribeEvents).
        let request = session.rds().describe_events().start_time(date_time(from)).end_time(date_time(span.to));
        let answer = request.max_records(limits::EVENTS_PAGE).set_marker(marker).send().await;
        let answer = answer.map_err(|error| session.fault("DescribeEvents", &error))?;
        Ok((answer.events.unwrap_or_default(), answer.marker))
    };
    let listed = pages::until("DescribeEvents", PAGES, page, |_| false).await?;
    let changes = listed.items.iter().filter_map(|event| {
        let arn = event.source_arn().unwrap_or_default();
        let change = change(event, session.environment.id).filter(|change| span.contains(change.at))?;
        selection.admits(event.source_identifier().unwrap_or_default(), arn).then_some(change)
    });
    let mut found = Found { changes: changes.collect(), faults: listed.fault.into_iter().collect(), cut_before: None };
    if listed.cut && found.faults.is_empty() {
        let message = format!("more than {} events: the rest is not read", listed.items.len());
        found.faults.push(Fault::new(FaultKind::Throttled, "DescribeEvents", message));
    }
    Ok(found.newest(MOST))
}

/// The earliest time of which RDS remembers events.
pub fn remembered(span: Span) -> jiff::Timestamp {
    let days = SignedDuration::from_hours(24 * limits::EVENT_DAYS) - SignedDuration::from_mins(1);
    Span::before(span.to, days).from
}

fn change(event: &Event, env: EnvId) -> Option<Change> {
    let at = event.date().and_then(moment)?;
    let message = event.message().unwrap_or_default();
    let categories = event.event_categories().join(", ");
    let words = format!("{categories} {message}");
    let kind = if weight::is_failover(&words) { ChangeKind::Failover } else { ChangeKind::Database };
    let source = event.source_type().map(|source| source.as_str()).unwrap_or_default();
    Some(Change {
        summary: message.into(),
        arn: Text::new(event.source_arn().unwrap_or_default()),
        reason: [source, &categories]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(": ")
            .into(),
        severity: weight::of(&words),
        ..Change::new(at, env, kind, event.source_identifier().unwrap_or_default())
    })
}
