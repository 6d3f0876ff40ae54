//! Queues as they were: their metrics tell what waited; attributes that were changed since are not known any more.

use jiff::Timestamp;

use super::{Inventory, Queue, QueueAttributes};

/// The queues at `at`.
pub fn inventory(live: &Inventory, at: Timestamp) -> Inventory {
    let existed = |queue: &&Queue| {
        let created = queue.attributes.as_ref().and_then(|attributes| attributes.created);
        created.is_none_or(|created| created <= at)
    };
    let queue = |queue: &Queue| {
        let same = |attributes: &QueueAttributes| attributes.changed.is_none_or(|changed| changed <= at);
        let attributes = queue.attributes.clone().filter(same);
        let attributes =
            attributes.map(|known| QueueAttributes { visible: None, in_flight: None, delayed: None, ..known });
        Queue { attributes, ..queue.clone() }
    };
    Inventory { queues: live.queues.iter().filter(existed).map(queue).collect(), fault: live.fault.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn counts_are_not_those_of_today_and_what_was_changed_or_created_since_is_not_told() {
        let attributes = QueueAttributes {
            visible: Some(7),
            in_flight: Some(0),
            retention_s: Some(60),
            created: Some(at(0)),
            changed: Some(at(60)),
            ..QueueAttributes::default()
        };
        let queue = Queue { name: "orders".into(), attributes: Some(attributes), ..Queue::default() };
        let live = Inventory { queues: vec![queue], fault: None };
        assert!(inventory(&live, at(-1)).queues.is_empty());
        assert_eq!(inventory(&live, at(59)).queues[0].attributes, None);
        let past = inventory(&live, at(60)).queues[0].attributes.clone().unwrap();
        assert_eq!((past.visible, past.in_flight, past.retention_s), (None, None, Some(60)));
    }
}
