//! Charts of an SQS queue (SQS Developer Guide, "Available CloudWatch metrics").

use super::spec::{Charts, Maker, Unit, chart};
use crate::model::{Resource, Stat};

/// Age, backlog, traffic.
pub fn charts(queue: &Resource) -> Charts {
    let name = queue.arn.rsplit(':').next().filter(|name| !name.is_empty()).unwrap_or(&queue.name);
    let make = Maker::new("AWS/SQS", &[("QueueName", name)]);
    let charts = vec![
        chart(
            "Age of the oldest message",
            Unit::Seconds,
            vec![make.gauge("oldest", "ApproximateAgeOfOldestMessage", Stat::Maximum)],
        ),
        chart(
            "Backlog",
            Unit::Plain,
            vec![
                make.gauge("visible", "ApproximateNumberOfMessagesVisible", Stat::Maximum),
                make.gauge("in flight", "ApproximateNumberOfMessagesNotVisible", Stat::Maximum),
            ],
        ),
        chart(
            "Traffic",
            Unit::Count,
            vec![
                make.counter("sent", "NumberOfMessagesSent", Stat::Sum),
                make.counter("deleted", "NumberOfMessagesDeleted", Stat::Sum),
            ],
        ),
    ];
    make.charts(charts, &["QueueName"])
}
