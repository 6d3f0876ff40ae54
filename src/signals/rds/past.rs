//! Databases as they were: their metrics tell how they did; status and roles are today's where no event says otherwise.

use std::collections::BTreeSet;

use aws_sdk_rds::types::Event;
use jiff::Timestamp;

use super::database::{Cluster, Instance, InstanceState, Inventory, Role};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::Then;
use crate::signals::events::{self, CHANGED_SINCE, Events, Told};
use crate::signals::moment::{date_time, moment};
use crate::signals::paging::all_by_token;

/// Category of the events about storage.
const STORAGE: &str = "low storage";
/// Categories of events that leave the settings of an instance as they were (RDS User Guide, event categories).
const SETTINGS_KEPT: &[&str] = &["availability", "backup", "failover", "failure", STORAGE, "recovery"];

/// The databases at a past minute.
pub async fn rewind(session: &Session, live: &Inventory, then: &Then) -> Result<Inventory, Fault> {
    if live.instances.is_empty() && live.clusters.is_empty() {
        return Ok(live.clone());
    }
    let from = events::since(then, "RDS")?;
    let page = |marker: Option<String>| async move {
        let request = session.rds().describe_events().start_time(date_time(from)).end_time(date_time(then.now));
        let answer = request.max_records(limits::EVENTS_PAGE).set_marker(marker).send().await;
        let answer = answer.map_err(|error| session.fault("DescribeEvents", &error))?;
        Ok((answer.events.unwrap_or_default(), answer.marker))
    };
    let told = all_by_token("DescribeEvents", page).await?;
    Ok(inventory(live, &Events::new(told.iter().filter_map(read).collect()), then.at))
}

fn read(event: &Event) -> Option<Told> {
    let words = format!("{} {}", event.event_categories().join(" "), event.message().unwrap_or_default());
    // An event without a time is taken for one since.
    let at = event.date().and_then(moment).unwrap_or(Timestamp::MAX);
    // Storage that runs low changes nothing; storage that is used up does.
    if words.starts_with(STORAGE) && !is_used_up(&words) {
        return None;
    }
    Some(Told { at, name: event.source_identifier()?.to_owned(), words })
}

fn is_used_up(words: &str) -> bool {
    words.starts_with(STORAGE) && (words.contains("exhausted") || words.contains("consumed"))
}

/// An instance without its status of today, of which the metrics can still be judged where its settings are the same.
fn unsure(instance: &Instance, events: &Events) -> Instance {
    let kept = |words: &str| SETTINGS_KEPT.iter().any(|category| words.starts_with(category));
    let same = events.of(&instance.name).iter().all(|event| kept(&event.words));
    let state = instance.state.as_ref().filter(|_| same).map(|state| InstanceState {
        status: Text::default(),
        replication: None,
        pending: Vec::new(),
        ..state.clone()
    });
    Instance { role: Role::Unknown, maintenance: None, state, unsure: CHANGED_SINCE.into(), ..instance.clone() }
}

/// The status of an instance that has run out of storage since, and to which nothing else has happened.
fn before_it_was_full(instance: &Instance, events: &Events, at: Timestamp) -> Option<InstanceState> {
    let told = events.of(&instance.name);
    let full = !told.is_empty() && told.iter().all(|event| is_used_up(&event.words) && event.at > at);
    let state = instance.state.as_ref().filter(|state| full && state.status == "storage-full")?;
    Some(InstanceState { status: "available".into(), ..state.clone() })
}

fn inventory(live: &Inventory, events: &Events, at: Timestamp) -> Inventory {
    let existed = |created: Option<Timestamp>| created.is_none_or(|created| created <= at);
    let (old, new): (Vec<&Instance>, Vec<&Instance>) = live.instances.iter().partition(|one| existed(one.created));
    let new: BTreeSet<&Text> = new.into_iter().map(|instance| &instance.name).collect();
    // A cluster that was given a member since had other roles.
    let told = |cluster: &Cluster| {
        let mut members = cluster.state.iter().flat_map(|state| &state.members);
        !events.touch(&cluster.name, at) && !members.any(|member| new.contains(&member.instance))
    };
    let clusters = live.clusters.iter().filter(|cluster| existed(cluster.created));
    let clusters: Vec<Cluster> = clusters
        .map(|cluster| match told(cluster) {
            true => Cluster { maintenance: None, ..cluster.clone() },
            false => Cluster { maintenance: None, state: None, unsure: CHANGED_SINCE.into(), ..cluster.clone() },
        })
        .collect();
    let unsure_of: BTreeSet<&Text> =
        clusters.iter().filter(|c| !c.unsure.is_empty()).map(|cluster| &cluster.name).collect();
    let instances = old.into_iter().map(|instance| {
        let with_cluster = instance.cluster.as_ref().is_some_and(|cluster| unsure_of.contains(cluster));
        match before_it_was_full(instance, events, at) {
            _ if with_cluster => unsure(instance, events),
            Some(state) => Instance { maintenance: None, state: Some(state), ..instance.clone() },
            None if events.touch(&instance.name, at) => unsure(instance, events),
            None => Instance { maintenance: None, ..instance.clone() },
        }
    });
    Inventory { instances: instances.collect(), fault: live.fault.clone(), clusters }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::rds::database::{ClusterState, InstanceState, Member, Role};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn instance(name: &str, cluster: Option<&str>, created: i64) -> Instance {
        let (state, cluster) = (Some(InstanceState::default()), cluster.map(Text::new));
        let role = Role::Primary;
        Instance { name: name.into(), cluster, role, created: Some(at(created)), state, ..Instance::default() }
    }

    fn live() -> Inventory {
        let member = |name: &str| Member { instance: name.into(), ..Member::default() };
        let cluster = |name: &str, members: [&str; 2]| Cluster {
            name: name.into(),
            state: Some(ClusterState { members: members.map(member).to_vec(), ..ClusterState::default() }),
            ..Cluster::default()
        };
        Inventory {
            clusters: vec![cluster("main", ["one", "two"]), cluster("grown", ["three", "new"])],
            instances: vec![
                instance("alone", None, -9),
                instance("one", Some("main"), -9),
                instance("two", Some("main"), -9),
                instance("three", Some("grown"), -9),
                instance("new", Some("grown"), 5),
            ],
            fault: None,
        }
    }

    fn known(past: &Inventory) -> Vec<&str> {
        let clusters = past.clusters.iter().filter(|one| one.unsure.is_empty() && one.state.is_some());
        let instances = past.instances.iter().filter(|one| one.unsure.is_empty() && one.state.is_some());
        clusters.map(|one| one.name.as_str()).chain(instances.map(|one| one.name.as_str())).collect()
    }

    #[test]
    fn nothing_is_known_of_what_has_changed_since_nor_of_its_cluster() {
        let told = |name: &str| Events::new(vec![Told { at: at(3), name: name.into(), words: "failover".into() }]);
        let past = |name: &str| inventory(&live(), &told(name), at(0));
        assert_eq!(known(&past("other")), ["main", "alone", "one", "two"]);
        assert_eq!(known(&past("one")), ["main", "alone", "two"]);
        assert_eq!(known(&past("main")), ["alone"]);
        assert_eq!(known(&past("alone")), ["main", "one", "two"]);
    }

    #[test]
    fn what_was_created_later_did_not_exist() {
        let names = |past: &Inventory| past.instances.iter().any(|one| &*one.name == "new");
        assert!(!names(&inventory(&live(), &Events::default(), at(4))));
        let later = inventory(&live(), &Events::default(), at(5));
        assert!(names(&later) && known(&later).len() == 7);
    }

    #[test]
    fn the_metrics_are_judged_by_the_settings_of_today_only_where_they_cannot_have_changed() {
        let past = |words: &str| {
            let told = Told { at: at(3), name: "alone".into(), words: words.into() };
            inventory(&live(), &Events::new(vec![told]), at(0)).instances[0].clone()
        };
        let restarted = past("availability DB instance restarted");
        assert_eq!((restarted.unsure.as_str(), restarted.role), (CHANGED_SINCE, Role::Unknown));
        assert_eq!(restarted.state.map(|state| state.status), Some(Text::default()));
        for words in ["configuration change Finished applying modification to allocated storage", " ", "maintenance"] {
            assert_eq!(past(words).state, None, "{words}");
        }
    }

    #[test]
    fn storage_that_was_used_up_later_tells_the_status_before() {
        let mut live = live();
        live.instances[0].state = Some(InstanceState { status: "storage-full".into(), ..InstanceState::default() });
        let told = |minute: i64, words: &str| Told { at: at(minute), name: "alone".into(), words: words.into() };
        let used_up = || told(3, "low storage Allocated storage has been exhausted.");
        let status = |told: Vec<Told>, minute: i64| {
            let past = inventory(&live, &Events::new(told), at(minute)).instances[0].clone();
            past.state.filter(|_| past.unsure.is_empty()).map(|state| state.status.to_string())
        };
        assert_eq!(status(vec![used_up()], 0).as_deref(), Some("available"));
        assert_eq!(status(vec![used_up()], 4), None, "the status may follow its event");
        assert_eq!(status(vec![used_up(), told(1, "availability DB instance restarted")], 0), None);
        assert_eq!(status(vec![], 20).as_deref(), Some("storage-full"));
    }
}
