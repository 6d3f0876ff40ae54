//! Builds SQS queues.

use super::Site;
use super::storage::key_arn;
use crate::drill::estate::queues::QueueData;
use crate::drill::world::EnvironmentWorld;
use crate::drill::world::sqs::{Queue, Redrive};

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    world.queues = site.data.resources.queue.iter().map(|data| (data.name.clone(), queue(data, site))).collect();
}

fn queue(data: &QueueData, site: &Site<'_>) -> Queue {
    let head = &site.data.head;
    Queue {
        name: data.name.clone(),
        arn: site.arn("sqs", &data.name),
        url: format!("https://sqs.{}.amazonaws.com/{}/{}", head.region, head.account, data.name),
        visibility_timeout_s: data.visibility_timeout_s,
        retention_s: data.retention_days * 86_400,
        redrive: data
            .dead_letter
            .as_deref()
            .map(|name| Redrive { dead_letter_arn: site.arn("sqs", name), max_receives: data.max_receives }),
        kms_key: data.kms_key.as_deref().map(|alias| key_arn(alias, site)),
        created: site.days_ago(280),
        visible: 0,
        in_flight: 0,
        tags: site.data.resources.tags.clone(),
    }
}
