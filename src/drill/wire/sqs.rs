//! SQS: queues, their attributes and their tags.

use serde_json::{Map, Value, json};

use super::{ApiError, Ask, Reply};
use crate::drill::world::sqs::Queue;

/// Queues of a page, which is also what a client gets that names no number.
const PAGE: usize = 1000;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "ListQueues" => {
            let prefix = ask.input.text("QueueNamePrefix").unwrap_or_default();
            let wanted = ask.world.queues.values().filter(|queue| queue.name.starts_with(prefix));
            let (urls, next) = page(ask, wanted.map(|queue| queue.url.clone()).collect(), prefix)?;
            Ok(json!({"QueueUrls": urls, "NextToken": next}))
        }
        "GetQueueUrl" => {
            let name = ask.input.text("QueueName").unwrap_or_default();
            let found = ask.world.queues.get(name).ok_or_else(not_found)?;
            Ok(json!({"QueueUrl": found.url}))
        }
        "GetQueueAttributes" => {
            let wanted = ask.input.texts("AttributeNames");
            let mut all = attributes(queue(ask)?);
            if let Some(unknown) = wanted.iter().find(|name| !KNOWN.contains(name)) {
                return Err(ApiError::bad("InvalidAttributeName", format!("Unknown Attribute {unknown}.")));
            }
            all.retain(|name, _| wanted.contains(&"All") || wanted.contains(&name.as_str()));
            Ok(if all.is_empty() { json!({}) } else { json!({"Attributes": all}) })
        }
        "ListQueueTags" => Ok(json!({"Tags": queue(ask)?.tags})),
        "ListDeadLetterSourceQueues" => {
            let dead = queue(ask)?;
            let ours = |queue: &&Queue| queue.redrive.as_ref().is_some_and(|to| to.dead_letter_arn == dead.arn);
            let urls = ask.world.queues.values().filter(ours).map(|queue| queue.url.clone()).collect();
            let (urls, next) = page(ask, urls, &dead.name)?;
            Ok(json!({"queueUrls": urls, "NextToken": next}))
        }
        _ => Err(ask.unknown()),
    }
}

/// What clients may ask for (SQS API Reference, GetQueueAttributes).
const KNOWN: &[&str] = &[
    "All",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "ContentBasedDeduplication",
    "CreatedTimestamp",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "LastModifiedTimestamp",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "Policy",
    "QueueArn",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
];

/// The code of the query protocol; the JSON protocol's is made of it where the answer is written.
fn not_found() -> ApiError {
    ApiError::bad("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
}

/// The queue of `QueueUrl`; only the path of the URL counts, since the drill has another host.
fn queue<'a>(ask: &Ask<'a>) -> Result<&'a Queue, ApiError> {
    let url = ask.input.text("QueueUrl").unwrap_or_default();
    let mut path = url.rsplit('/');
    let (name, account) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
    ask.world.queues.get(name).filter(|_| account == ask.world.account).ok_or_else(not_found)
}

/// A page; without `MaxResults` there is no next one.
fn page(ask: &Ask<'_>, all: Vec<String>, filter: &str) -> Result<(Vec<String>, Option<String>), ApiError> {
    let page = ask
        .page(all, ask.size("MaxResults", PAGE, PAGE), ask.input.text("NextToken"), filter)
        .map_err(|_| ApiError::bad("InvalidParameterValue", "Value for parameter NextToken is invalid."))?;
    Ok((page.items, page.next.filter(|_| ask.input.has("MaxResults"))))
}

/// All attributes are text.
fn attributes(queue: &Queue) -> Map<String, Value> {
    let created = queue.created.as_second().to_string();
    let mut all = vec![
        ("ApproximateNumberOfMessages", queue.visible.to_string()),
        ("ApproximateNumberOfMessagesDelayed", "0".to_owned()),
        ("ApproximateNumberOfMessagesNotVisible", queue.in_flight.to_string()),
        ("CreatedTimestamp", created.clone()),
        ("DelaySeconds", "0".to_owned()),
        ("LastModifiedTimestamp", created),
        ("MaximumMessageSize", "262144".to_owned()),
        ("MessageRetentionPeriod", queue.retention_s.to_string()),
        ("QueueArn", queue.arn.clone()),
        ("ReceiveMessageWaitTimeSeconds", "20".to_owned()),
        ("SqsManagedSseEnabled", queue.kms_key.is_none().to_string()),
        ("VisibilityTimeout", queue.visibility_timeout_s.to_string()),
    ];
    if let Some(redrive) = &queue.redrive {
        let policy = json!({"deadLetterTargetArn": redrive.dead_letter_arn, "maxReceiveCount": redrive.max_receives});
        all.push(("RedrivePolicy", policy.to_string()));
    }
    if let Some(key) = &queue.kms_key {
        all.push(("KmsMasterKeyId", key.clone()));
        all.push(("KmsDataKeyReusePeriodSeconds", "300".to_owned()));
    }
    all.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
}
