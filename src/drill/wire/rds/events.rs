//! `DescribeEvents` of RDS.

use winterbaume_rds::model::{Event, EventCategoriesList, EventList, EventsMessage};

use super::super::records::{self, Wanted};
use super::super::{Ask, Reply, reply};
use crate::drill::world::rds::DbEvent;

pub fn describe(ask: &Ask<'_>) -> Reply {
    let wanted = Wanted::read(ask)?;
    let categories = ask.input.texts("EventCategories");
    let mut found: Vec<&DbEvent> = ask
        .world
        .rds
        .events
        .iter()
        .filter(|event| {
            wanted.has(event.source.word(), &event.id, event.at)
                && (categories.is_empty() || categories.contains(&event.category))
        })
        .collect();
    found.sort_by_key(|event| event.at);
    let (items, marker) = records::page(ask, found, &format!("{}{categories:?}", wanted.name()))?;
    let output = |event: &DbEvent| Event {
        date: Some(event.at.to_string()),
        event_categories: Some(EventCategoriesList { items: vec![event.category.to_owned()] }),
        message: Some(event.message.clone()),
        source_arn: Some(event.arn.clone()),
        source_identifier: Some(event.id.clone()),
        source_type: Some(event.source.word().to_owned()),
    };
    reply(&EventsMessage { events: Some(EventList { items: items.into_iter().map(output).collect() }), marker })
}
