//! Caches as they were: their metrics tell how they did; status and roles are today's where no event says otherwise.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::Event;
use jiff::Timestamp;

use super::cache::{CacheCluster, Group, Inventory, Serverless};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::Then;
use crate::signals::events::{self, CHANGED_SINCE, Events, Told};
use crate::signals::moment::{date_time, moment};
use crate::signals::paging::all_by_token;

/// The caches at a past minute.
pub async fn rewind(session: &Session, live: &Inventory, then: &Then) -> Result<Inventory, Fault> {
    if live.groups.is_empty() && live.clusters.is_empty() && live.serverless.is_empty() {
        return Ok(live.clone());
    }
    let from = events::since(then, "ElastiCache")?;
    let page = |marker: Option<String>| async move {
        let request = session.elasticache().describe_events().start_time(date_time(from));
        let request = request.end_time(date_time(then.now)).max_records(limits::EVENTS_PAGE).set_marker(marker);
        let answer = request.send().await.map_err(|error| session.fault("DescribeEvents", &error))?;
        Ok((answer.events.unwrap_or_default(), answer.marker))
    };
    let told = all_by_token("DescribeEvents", page).await?;
    Ok(inventory(live, &Events::new(told.iter().filter_map(read).collect()), then.at))
}

fn read(event: &Event) -> Option<Told> {
    // An event without a time is taken for one since.
    let at = event.date().and_then(moment).unwrap_or(Timestamp::MAX);
    let words = event.message().unwrap_or_default().to_owned();
    Some(Told { at, name: event.source_identifier()?.to_owned(), words })
}

fn inventory(live: &Inventory, events: &Events, at: Timestamp) -> Inventory {
    let existed = |created: Option<Timestamp>| created.is_none_or(|created| created <= at);
    // Roles are the group's matter, but the events of a failover may name its nodes alone: what happened to one of
    // them makes the whole group unknown.
    let touched = |cluster: &&CacheCluster| !existed(cluster.created) || events.touch(&cluster.name, at);
    let mut unsure: BTreeSet<&Text> =
        live.clusters.iter().filter(touched).filter_map(|cluster| cluster.group.as_ref()).collect();
    unsure.extend(live.groups.iter().map(|group| &group.name).filter(|name| events.touch(name, at)));
    let groups = live.groups.iter().filter(|group| existed(group.created)).map(|group| match unsure.get(&group.name) {
        None => group.clone(),
        Some(_) => Group { state: None, nodes_ok: None, unsure: CHANGED_SINCE.into(), ..group.clone() },
    });
    let clusters = live.clusters.iter().filter(|cluster| existed(cluster.created)).map(|cluster| {
        let with_group = cluster.group.as_ref().is_some_and(|group| unsure.contains(group));
        match with_group || events.touch(&cluster.name, at) {
            false => cluster.clone(),
            true => CacheCluster { state: None, unsure: CHANGED_SINCE.into(), ..cluster.clone() },
        }
    });
    let serverless = live.serverless.iter().filter(|cache| existed(cache.created)).map(|cache| {
        let unsure = if events.touch(&cache.name, at) { CHANGED_SINCE } else { "" };
        Serverless { unsure: unsure.into(), ..cache.clone() }
    });
    Inventory {
        groups: groups.collect(),
        clusters: clusters.collect(),
        serverless: serverless.collect(),
        fault: live.fault.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::elasticache::cache::{ClusterState, GroupState};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn node(name: &str, group: Option<&str>, created: i64) -> CacheCluster {
        let state = Some(ClusterState::default());
        let (created, group) = (Some(at(created)), group.map(Text::new));
        CacheCluster { name: name.into(), group, created, state, ..CacheCluster::default() }
    }

    fn live() -> Inventory {
        let group = |name: &str| Group { name: name.into(), state: Some(GroupState::default()), ..Group::default() };
        Inventory {
            groups: vec![group("main"), group("grown")],
            clusters: vec![
                node("main-001", Some("main"), -9),
                node("main-002", Some("main"), -9),
                node("grown-001", Some("grown"), -9),
                node("grown-002", Some("grown"), 5),
                node("alone", None, -9),
            ],
            ..Inventory::default()
        }
    }

    fn known(past: &Inventory) -> Vec<&str> {
        let groups = past.groups.iter().filter(|one| one.unsure.is_empty() && one.state.is_some());
        let clusters = past.clusters.iter().filter(|one| one.unsure.is_empty() && one.state.is_some());
        groups.map(|one| one.name.as_str()).chain(clusters.map(|one| one.name.as_str())).collect()
    }

    #[test]
    fn what_happened_to_a_node_since_makes_its_group_unknown() {
        let past = |name: &str| {
            let told = Told { at: at(3), name: name.into(), words: "Recovering cache nodes 0001".into() };
            inventory(&live(), &Events::new(vec![told]), at(0))
        };
        assert_eq!(known(&past("other")), ["main", "main-001", "main-002", "alone"]);
        assert_eq!(known(&past("main-002")), ["alone"]);
        assert_eq!(known(&past("main")), ["alone"]);
        assert_eq!(known(&past("alone")), ["main", "main-001", "main-002"]);
        assert_eq!(past("other").clusters.len(), 4, "a node that was created later did not exist");
        assert_eq!(known(&inventory(&live(), &Events::default(), at(5))).len(), 7);
    }
}
