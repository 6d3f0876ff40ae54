//! ListQueues, all pages; GetQueueAttributes one by one. Where there are many queues, those take turns.

use std::collections::{HashMap, HashSet};

use aws_sdk_sqs::types::QueueAttributeName;
use jiff::Timestamp;

use super::{Inventory, Queue, QueueAttributes};
use crate::base::Text;
use crate::cloud::memory::Attributes;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::paging::{all_pages, each, unless_gone};

/// Reads the queues that belong to the environment, by name.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let pages = session.sqs().list_queues().into_paginator().page_size(limits::QUEUES_PAGE).send();
    let urls =
        all_pages(session, "ListQueues", pages, |page| page.next_token(), |page| page.queue_urls.unwrap_or_default())
            .await?;
    let mut queues: Vec<(String, Queue)> = urls.into_iter().map(|url| (url.clone(), queue(session, &url))).collect();
    queues.retain(|(_, queue)| selection.admits(&queue.name, &queue.arn));
    queues.sort_by(|a, b| (&a.1.name, &a.0).cmp(&(&b.1.name, &b.0)));
    queues.dedup_by(|a, b| a.0 == b.0);
    let urls: Vec<String> = queues.iter().map(|(url, _)| url.clone()).collect();
    // Attributes hardly change, and what moves is in the metrics: beyond a hundred queues not all are asked each time.
    let due = session.queues.due(&urls, limits::QUEUES_PER_ROUND);
    let asked = each(due, |url| attributes(session, url), |_, _| None).await?;
    let gone: HashSet<String> = asked.found.into_iter().flatten().collect();
    queues.retain(|(url, _)| !gone.contains(url));
    for (url, queue) in &mut queues {
        let known = session.queues.recall(url);
        if let Some(arn) = known.as_ref().and_then(|known| known.get("QueueArn")) {
            queue.arn.clone_from(arn);
        }
        queue.attributes = known.as_ref().map(read_attributes);
    }
    let mut queues: Vec<Queue> = queues.into_iter().map(|(_, queue)| queue).collect();
    let targets: HashSet<String> = queues
        .iter()
        .filter_map(|queue| queue.attributes.as_ref()?.dead_letter_queue.as_ref())
        .map(ToString::to_string)
        .collect();
    for queue in &mut queues {
        queue.is_dead_letter = targets.contains(&queue.arn);
    }
    Ok(Inventory { queues, fault: asked.fault })
}

/// Learns a queue's attributes; its URL when it has been deleted since it was listed.
async fn attributes(session: &Session, url: String) -> Result<Option<Option<String>>, Fault> {
    let request = session.sqs().get_queue_attributes().queue_url(&url).attribute_names(QueueAttributeName::All);
    match unless_gone(session, "GetQueueAttributes", request.send().await)? {
        Some(answer) => {
            let named = answer.attributes.unwrap_or_default();
            let named: Attributes = named.into_iter().map(|(name, value)| (name.as_str().to_owned(), value)).collect();
            session.queues.learn(&url, named);
            Ok(Some(None))
        }
        None => {
            session.queues.forget(&url);
            Ok(Some(Some(url)))
        }
    }
}

/// A queue's URL ends with account and name: `https://sqs.us-east-1.amazonaws.com/111122223333/orders`.
fn queue(session: &Session, url: &str) -> Queue {
    let mut parts = url.rsplit('/');
    let name = parts.next().unwrap_or_default().to_owned();
    let account = parts.next().unwrap_or_default();
    let region = &session.environment.region;
    let partition = match &**region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    Queue { arn: format!("arn:{partition}:sqs:{region}:{account}:{name}"), name, ..Queue::default() }
}

fn read_attributes(named: &HashMap<String, String>) -> QueueAttributes {
    let number = |name: &str| named.get(name).and_then(|text| text.parse::<i64>().ok());
    let policy = named.get("RedrivePolicy").and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let policy = policy.unwrap_or_default();
    // The count is a number or a text, as whoever set the policy wrote it.
    let receives = policy.get("maxReceiveCount");
    QueueAttributes {
        visible: number("ApproximateNumberOfMessages"),
        in_flight: number("ApproximateNumberOfMessagesNotVisible"),
        delayed: number("ApproximateNumberOfMessagesDelayed"),
        dead_letter_queue: policy.get("deadLetterTargetArn").and_then(|arn| arn.as_str()).map(Text::new),
        max_receives: receives.and_then(|count| count.as_i64().or_else(|| count.as_str()?.parse().ok())),
        visibility_timeout_s: number("VisibilityTimeout"),
        retention_s: number("MessageRetentionPeriod"),
        created: number("CreatedTimestamp").and_then(|second| Timestamp::from_second(second).ok()),
        changed: number("LastModifiedTimestamp").and_then(|second| Timestamp::from_second(second).ok()),
    }
}
