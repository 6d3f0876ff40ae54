//! ElastiCache: replication groups, cache clusters, events and tags.

use winterbaume_elasticache::model::{
    DescribeServerlessCachesResponse, Event, EventList, EventsMessage, ServerlessCacheList, Tag, TagList,
    TagListMessage,
};

use super::records::{self, Wanted};
use super::{ApiError, Ask, Reply, reply};
use crate::drill::world::Tags;

mod clusters;
mod groups;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "DescribeReplicationGroups" => groups::describe(ask),
        "DescribeCacheClusters" => clusters::describe(ask),
        "DescribeServerlessCaches" => match ask.input.text("ServerlessCacheName") {
            Some(name) => {
                let message = format!("ServerlessCache {name} not found.");
                Err(ApiError::new(404, "ServerlessCacheNotFoundFault", message))
            }
            None => {
                let none = ServerlessCacheList::default();
                reply(&DescribeServerlessCachesResponse { next_token: None, serverless_caches: Some(none) })
            }
        },
        "DescribeEvents" => events(ask),
        "ListTagsForResource" => list_tags(ask),
        _ => Err(ask.unknown()),
    }
}

fn events(ask: &Ask<'_>) -> Reply {
    let wanted = Wanted::read(ask)?;
    let found = ask.world.elasticache.events.iter();
    let found = found.filter(|event| wanted.has(event.source.word(), &event.id, event.at)).map(|event| Event {
        date: Some(event.at.to_string()),
        message: Some(event.message.clone()),
        source_identifier: Some(event.id.clone()),
        source_type: Some(event.source.word().to_owned()),
    });
    let (items, marker) = records::page(ask, found.collect(), &wanted.name())?;
    reply(&EventsMessage { events: Some(EventList { items }), marker })
}

fn list_tags(ask: &Ask<'_>) -> Reply {
    let arn = ask.input.text("ResourceName").unwrap_or_default();
    let world = &ask.world.elasticache;
    let group = world.groups.values().find(|group| group.arn == arn).map(|found| &found.tags);
    let cluster = world.clusters.values().find(|cluster| cluster.arn == arn).map(|found| &found.tags);
    let tags: &Tags = group.or(cluster).ok_or_else(|| {
        let name = arn.rsplit(':').next().unwrap_or_default();
        if arn.contains(":replicationgroup:") {
            groups::not_found(name)
        } else if arn.contains(":cluster:") {
            clusters::not_found(name)
        } else {
            ApiError::bad("InvalidARN", format!("The ARN {arn} is not valid."))
        }
    })?;
    let items = tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
    reply(&TagListMessage { tag_list: Some(TagList { items: items.collect() }) })
}
