//! How far the readers of an Aurora cluster are behind their writer, by CloudWatch.

use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat, ScanBy};
use jiff::{SignedDuration, Timestamp};

use crate::actions::aurora::cluster::Cluster;
use crate::cloud::Session;
use crate::model::Fault;
use crate::signals::moment::date_time;

/// IAM actions of reading it.
pub const READS: [&str; 1] = ["cloudwatch:GetMetricData"];

const PERIOD_S: i32 = 60;
const WINDOW_S: i64 = 10 * 60;
/// CloudWatch is late by up to three minutes: its newest minutes are not complete.
const LATE_S: i64 = 60;

/// Puts the lag of every reader into the cluster, where CloudWatch has it.
///
/// # Errors
/// CloudWatch could not be asked.
pub async fn add(session: &Session, cluster: &mut Cluster, now: Timestamp) -> Result<(), Fault> {
    let readers: Vec<usize> = (0..cluster.members.len()).filter(|at| !cluster.members[*at].writer).collect();
    if readers.is_empty() || !cluster.engine.starts_with("aurora") {
        return Ok(());
    }
    let queries = readers.iter().map(|at| query(*at, &cluster.members[*at].name)).collect();
    let minute = now.as_second().div_euclid(i64::from(PERIOD_S)) * i64::from(PERIOD_S);
    let end = Timestamp::from_second(minute - LATE_S).unwrap_or(now);
    let start = end.checked_sub(SignedDuration::from_secs(WINDOW_S)).unwrap_or(end);
    session.meter.metrics_requested(readers.len());
    let request = session.cloudwatch().get_metric_data().set_metric_data_queries(Some(queries));
    let request = request.start_time(date_time(start)).end_time(date_time(end)).scan_by(ScanBy::TimestampDescending);
    let answer = request.send().await.map_err(|error| session.fault("GetMetricData", &error))?;
    for result in answer.metric_data_results() {
        let at = result.id().and_then(|id| id.strip_prefix('m')).and_then(|id| id.parse::<usize>().ok());
        if let Some(member) = at.and_then(|at| cluster.members.get_mut(at)) {
            member.lag_ms = result.values().first().copied().filter(|lag| lag.is_finite());
        }
    }
    Ok(())
}

fn query(id: usize, instance: &str) -> MetricDataQuery {
    let metric = Metric::builder()
        .namespace("AWS/RDS")
        .metric_name("AuroraReplicaLag")
        .dimensions(Dimension::builder().name("DBInstanceIdentifier").value(instance).build())
        .build();
    let stat = MetricStat::builder().metric(metric).period(PERIOD_S).stat("Maximum").build();
    MetricDataQuery::builder().id(format!("m{id}")).metric_stat(stat).return_data(true).build()
}
