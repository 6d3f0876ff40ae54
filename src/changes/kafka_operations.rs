//! MSK ListClusterOperationsV2: what was done to the clusters.

use aws_sdk_kafka::operation::list_clusters_v2::ListClustersV2Output;
use aws_sdk_kafka::types::ClusterOperationV2Summary;
use futures_util::future::BoxFuture;

use crate::base::Text;
use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::pages;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::cloud::{Session, limits};
use crate::model::{Change, ChangeKind, Fault, Severity};
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, each};

/// Pages of operations of one cluster.
const PAGES: usize = 10;

/// The source.
#[derive(Debug)]
pub struct KafkaOperations;

impl ChangeSource for KafkaOperations {
    fn id(&self) -> &'static str {
        "msk-operations"
    }

    fn title(&self) -> &'static str {
        "MSK operations"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["kafka:ListClusterOperationsV2", "kafka:ListClustersV2"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, _: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(read(session, span))
    }
}

async fn read(session: &Session, span: Span) -> Result<Found, Fault> {
    let selection = session.selection().await?;
    let pages = session.kafka().list_clusters_v2().into_paginator().page_size(limits::KAFKA_PAGE).send();
    let clusters = |page: ListClustersV2Output| page.cluster_info_list.unwrap_or_default();
    let clusters = all_pages(session, "ListClustersV2", pages, |page| page.next_token(), clusters).await?;
    let admitted = clusters.into_iter().filter_map(|cluster| {
        let (name, arn) = (cluster.cluster_name?, cluster.cluster_arn?);
        selection.admits(&name, &arn).then_some((name, arn))
    });
    let read = each(admitted.collect(), |(name, arn)| operations(session, name, arn, span), |_, _| None).await?;
    let mut found = Found { faults: read.fault.into_iter().collect(), ..Found::default() };
    for part in read.found {
        found.extend(part);
    }
    Ok(found.newest(MOST))
}

async fn operations(session: &Session, name: String, arn: String, span: Span) -> Result<Option<Found>, Fault> {
    let cluster = &arn;
    let page = |token: Option<String>| async move {
        let request = session.kafka().list_cluster_operations_v2().cluster_arn(cluster);
        let answer = request.max_results(limits::KAFKA_PAGE).set_next_token(token).send().await;
        let answer = answer.map_err(|error| session.fault("ListClusterOperationsV2", &error))?;
        Ok((answer.cluster_operation_info_list.unwrap_or_default(), answer.next_token))
    };
    let listed = pages::until("ListClusterOperationsV2", PAGES, page, |_| false).await?;
    let change = |operation: &ClusterOperationV2Summary| {
        let at = operation.start_time().and_then(moment).filter(|at| span.contains(*at))?;
        let what = operation.operation_type().unwrap_or("operation").replace('_', " ").to_lowercase();
        let state = operation.operation_state().unwrap_or("unknown").replace('_', " ").to_lowercase();
        Some(Change {
            summary: format!("{what}: {state}").into(),
            arn: Text::new(&arn),
            severity: if state.contains("failed") { Severity::Critical } else { Severity::Ok },
            ..Change::new(at, session.environment.id, ChangeKind::KafkaOperation, &name)
        })
    };
    let changes = listed.items.iter().filter_map(change).collect();
    Ok(Some(Found { changes, faults: listed.fault.into_iter().collect(), cut_before: None }))
}
