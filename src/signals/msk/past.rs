//! Clusters as they were: their metrics tell how they did; the state is today's where nothing was done to them since.

use std::collections::HashMap;

use aws_sdk_kafka::types::ClusterOperationV2Summary;
use jiff::{SignedDuration, Timestamp};

use super::queries::BrokerQueries;
use super::stream::{Broker, Cluster, Inventory};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, MetricSet};
use crate::signals::Then;
use crate::signals::events::CHANGED_SINCE;
use crate::signals::moment::moment;
use crate::signals::paging::{all_by_token, each};

/// How long after the end of an operation the cluster may still be in its state.
const LEAD: SignedDuration = SignedDuration::from_mins(5);
/// Why nothing is known of a broker that reported nothing.
const SILENT: &str = "not known at that minute: a broker reported no metrics";

/// The clusters at a past minute.
pub async fn rewind(session: &Session, live: &Inventory, then: &Then) -> Result<Inventory, Fault> {
    let asked = live.clusters.iter().filter(|cluster| cluster.provisioned.is_some()).map(|cluster| cluster.arn.clone());
    let asked = each(asked.collect(), |arn| touched(session, arn, then.at), |_, _| None).await?;
    let touched: HashMap<Text, bool> = asked.found.into_iter().collect();
    // Serverless clusters know no operations, and have no brokers that could be lost.
    let touched = |cluster: &Cluster| match touched.get(&cluster.arn) {
        Some(touched) => *touched,
        None => cluster.provisioned.is_some(),
    };
    let mut past = inventory(live, touched, &then.metrics, then.at);
    past.fault = past.fault.or(asked.fault);
    Ok(past)
}

/// Whether anything was done to a cluster at a minute or since.
async fn touched(session: &Session, arn: Text, at: Timestamp) -> Result<Option<(Text, bool)>, Fault> {
    let cluster = &arn;
    let page = |token: Option<String>| async move {
        let request = session.kafka().list_cluster_operations_v2().cluster_arn(cluster.as_str());
        let answer = request.max_results(limits::KAFKA_PAGE).set_next_token(token).send().await;
        let answer = answer.map_err(|error| session.fault("ListClusterOperationsV2", &error))?;
        Ok((answer.cluster_operation_info_list.unwrap_or_default(), answer.next_token))
    };
    let operations = all_by_token("ListClusterOperationsV2", page).await?;
    let from = at.checked_sub(LEAD).unwrap_or(at);
    // One without an end goes on.
    let since = |operation: &ClusterOperationV2Summary| operation.end_time().and_then(moment).is_none_or(|e| e >= from);
    let touched = operations.iter().any(since);
    Ok(Some((arn, touched)))
}

fn inventory(live: &Inventory, touched: impl Fn(&Cluster) -> bool, metrics: &MetricSet, at: Timestamp) -> Inventory {
    let existed = |created: Option<Timestamp>| created.is_none_or(|created| created <= at);
    let cluster = |live: &Cluster| {
        let mut past = live.clone();
        let brokers = past.brokers.iter_mut().flatten();
        let mut silent = false;
        for broker in brokers.filter(|broker| !reported(live, broker, metrics)) {
            broker.unsure = SILENT.into();
            silent = true;
        }
        past.unsure = match (touched(live), silent) {
            (true, _) => CHANGED_SINCE.into(),
            (false, true) => SILENT.into(),
            (false, false) => Text::default(),
        };
        past.brokers = past.brokers.map(|all| all.into_iter().filter(|broker| existed(broker.created)).collect());
        past
    };
    let clusters = live.clusters.iter().filter(|cluster| existed(cluster.created)).map(cluster);
    Inventory { clusters: clusters.collect(), fault: live.fault.clone() }
}

/// True for a broker that reported in the minutes before and after; Express brokers report nothing of the kind.
fn reported(cluster: &Cluster, broker: &Broker, metrics: &MetricSet) -> bool {
    let Some(queries) = BrokerQueries::of(cluster, broker) else {
        return cluster.provisioned.as_ref().is_some_and(|settings| settings.is_express());
    };
    let points = metrics.get(&queries.disk).map(|series| series.points.as_slice()).unwrap_or_default();
    matches!(points, [.., Some(_), Some(_)])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Series;
    use crate::signals::msk::stream::Provisioned;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn live() -> Inventory {
        let broker = |id: i64| Broker { id, created: Some(at(id - 3)), ..Broker::default() };
        let cluster = Cluster {
            name: "main".into(),
            state: "ACTIVE".into(),
            provisioned: Some(Provisioned::default()),
            brokers: Some((1..=3).map(broker).collect()),
            ..Cluster::default()
        };
        Inventory { clusters: vec![cluster], fault: None }
    }

    fn metrics(silent: i64) -> MetricSet {
        let mut metrics = MetricSet::default();
        let live = live();
        let cluster = &live.clusters[0];
        for broker in cluster.brokers.iter().flatten() {
            let newest = (broker.id != silent).then_some(40.0);
            let series = Series { start: at(-1), period_s: 60, points: vec![Some(40.0), newest] };
            metrics.series.insert(BrokerQueries::of(cluster, broker).unwrap().disk, Arc::new(series));
        }
        metrics
    }

    #[test]
    fn a_cluster_to_which_nothing_was_done_and_that_reported_is_as_it_is_now() {
        let past = inventory(&live(), |_| false, &metrics(0), at(0));
        assert_eq!(past, live());
        let earlier = inventory(&live(), |_| false, &metrics(0), at(-1));
        assert_eq!(earlier.clusters[0].brokers.as_ref().unwrap().len(), 2, "a broker that was added later");
    }

    #[test]
    fn an_operation_since_and_a_silent_broker_make_it_unknown() {
        let unsure = |touched: bool, silent: i64| {
            let past = inventory(&live(), |_| touched, &metrics(silent), at(0));
            let cluster = &past.clusters[0];
            let silent: Vec<i64> =
                cluster.brokers.iter().flatten().filter(|broker| !broker.unsure.is_empty()).map(|one| one.id).collect();
            (cluster.unsure.to_string(), silent)
        };
        assert_eq!(unsure(true, 0), (CHANGED_SINCE.to_owned(), vec![]));
        assert_eq!(unsure(false, 2), (SILENT.to_owned(), vec![2]));
    }
}
