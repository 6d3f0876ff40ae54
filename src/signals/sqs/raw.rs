//! What AWS says of a queue.

use aws_sdk_sqs::types::QueueAttributeName;

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::raw::{Raw, raw};

/// GetQueueAttributes, of the address at which the inventory found it.
pub async fn ask(session: &Session, queue: &Resource) -> Vec<Raw> {
    let Some(url) = session.queues.find(|url| url.rsplit('/').next() == Some(&*queue.name)) else {
        return vec![Raw::unasked("GetQueueAttributes", "the address of the queue is not known")];
    };
    let request = session.sqs().get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::All);
    vec![raw!(session, "GetQueueAttributes", request).await]
}
