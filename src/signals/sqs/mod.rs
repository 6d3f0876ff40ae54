//! SQS: how old the oldest message of every queue is, and what lies in the dead-letter queues.

mod interpret;
mod inventory;
mod past;
mod raw;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, Level, MetricQuery, MetricSet, Reading, Resource, SignalId, Stat};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold, worst};

/// The signal.
#[derive(Debug)]
pub struct Sqs;

/// How long the consumers are behind.
pub static AGE: Threshold = Threshold {
    key: "age_s",
    level: Level { warn: 300.0, critical: 1800.0 },
    unit: "s",
    help: "age of a queue's oldest message",
};
/// What is normal differs from queue to queue, so it judges only where it is configured.
pub static BACKLOG: Threshold =
    Threshold { key: "backlog", level: worst::OFF, unit: "messages", help: "messages of a queue that wait" };
/// What nobody could process.
pub static DEAD_LETTERS: Threshold = Threshold {
    key: "dead_letters",
    level: Level { warn: 1.0, critical: 100.0 },
    unit: "messages",
    help: "messages in a queue that is another queue's dead-letter queue",
};
static THRESHOLDS: [Threshold; 3] = [AGE, BACKLOG, DEAD_LETTERS];

/// The queues that belong to the environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// By name.
    pub queues: Vec<Queue>,
    /// The first call that failed although others succeeded.
    pub fault: Option<Fault>,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Queue {
    /// Its name as AWS has it: the dimension of its metrics.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Another queue's redrive policy names it.
    pub is_dead_letter: bool,
    /// What GetQueueAttributes said; `None` where it could not be asked.
    pub attributes: Option<QueueAttributes>,
}

/// What GetQueueAttributes says of a queue. `None` is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueAttributes {
    /// Messages that wait.
    pub visible: Option<i64>,
    /// Messages that a consumer has received and not deleted yet.
    pub in_flight: Option<i64>,
    /// Messages that are not to be received yet.
    pub delayed: Option<i64>,
    /// ARN of its dead-letter queue; `None` for none.
    pub dead_letter_queue: Option<Text>,
    /// After how many receives a message goes there.
    pub max_receives: Option<i64>,
    /// Seconds that a received message stays hidden.
    pub visibility_timeout_s: Option<i64>,
    /// Seconds that a message is kept.
    pub retention_s: Option<i64>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When its attributes were changed last.
    pub changed: Option<Timestamp>,
}

/// Age of the oldest message. A message that is received again and again keeps counting (SQS Developer Guide).
fn age_query(queue: &Queue) -> MetricQuery {
    query(queue, "ApproximateAgeOfOldestMessage")
}

/// Messages that wait.
fn backlog_query(queue: &Queue) -> MetricQuery {
    query(queue, "ApproximateNumberOfMessagesVisible")
}

fn query(queue: &Queue, metric: &'static str) -> MetricQuery {
    MetricQuery::new("AWS/SQS", metric, Stat::Maximum, &[("QueueName", &queue.name)])
}

/// The queries of a queue: nobody waits for what is in a dead-letter queue, so its age says nothing.
fn queries_of(queue: &Queue) -> Vec<MetricQuery> {
    if queue.is_dead_letter { vec![backlog_query(queue)] } else { vec![age_query(queue), backlog_query(queue)] }
}

/// The levels in force.
struct Levels {
    age: Level,
    backlog: Level,
    dead_letters: Level,
}

impl Signal for Sqs {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("sqs")
    }

    fn title(&self) -> &'static str {
        "SQS"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["sqs:GetQueueAttributes", "sqs:ListQueues"]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }

    fn thresholds(&self) -> &'static [Threshold] {
        &THRESHOLDS
    }

    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(inventory::read(session))
    }

    fn queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.queues.iter().flat_map(queries_of).collect()
    }

    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Inventory>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(async move { Ok(Arc::new(past::inventory(&live, then.at))) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        let levels = Levels {
            age: judge.level(self.id(), &AGE),
            backlog: judge.level(self.id(), &BACKLOG),
            dead_letters: judge.level(self.id(), &DEAD_LETTERS),
        };
        interpret::reading(inventory, metrics, judge, &levels)
    }
}
