//! Ages, backlogs and dead letters as severities.

use super::{Inventory, Levels, Queue, age_query, backlog_query, queries_of};
use crate::base::Text;
use crate::model::{Field, Level, MetricSet, Reading, Resource, Series, Severity};
use crate::signals::figures::{listed, span};
use crate::signals::metrics::{self as read, Gap};
use crate::signals::{Judge, worst};

/// What is known of one queue. `None` is unknown.
struct Measured {
    age: Option<f64>,
    backlog: Option<f64>,
}

impl Measured {
    /// A queue that nobody has used for hours has no metrics (SQS Developer Guide, "Available CloudWatch metrics"): then
    /// its attributes tell. A metric that was not answered tells nothing.
    fn of(queue: &Queue, metrics: &MetricSet) -> Self {
        let attributes = queue.attributes.as_ref();
        let listed = attributes.and_then(|a| a.visible).map(|count| count as f64);
        let backlog = match metrics.get(&backlog_query(queue)) {
            Some(_) => read::gauge(metrics, &backlog_query(queue)).or(listed),
            None => None,
        };
        let is_empty = backlog.is_some_and(|count| count <= 0.0) && attributes.is_some_and(|a| a.in_flight == Some(0));
        let age = match metrics.get(&age_query(queue)) {
            Some(_) => read::gauge(metrics, &age_query(queue)).or(is_empty.then_some(0.0)),
            None => None,
        };
        Self { age, backlog }
    }
}

/// The cell: the queue whose oldest message is oldest, or the fullest dead-letter queue.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let gap = read::gap(metrics, inventory.queues.iter().flat_map(queries_of));
    let resources =
        inventory.queues.iter().map(|queue| resource(queue, metrics, judge, levels, gap.as_ref())).collect();
    let fault = inventory.fault.clone().or(gap.and_then(|gap| gap.fault));
    let mut reading = worst::reading(resources, fault);
    worst::speak(&mut reading, "age_s", "s");
    if reading.value.is_none() {
        worst::speak(&mut reading, "dead_letters", "messages");
    }
    reading
}

fn resource(queue: &Queue, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels, gap: Option<&Gap>) -> Resource {
    let measured = Measured::of(queue, metrics);
    let unread = || gap.map_or("unknown".to_owned(), |gap| gap.headline.clone());
    // Without its attributes nobody knows whether it is a dead-letter queue of another.
    let known = if queue.attributes.is_some() { Severity::Ok } else { Severity::Unknown };
    let messages = |count: f64| format!("{count:.0} waiting");
    let (judged, headline, shown, level) = if queue.is_dead_letter {
        let severity = worst::judge(levels.dead_letters, measured.backlog);
        let headline = measured.backlog.map_or_else(unread, |count| match count {
            count if count <= 0.0 => "no dead letters".to_owned(),
            count if count < 1.5 => "1 dead letter".to_owned(),
            count => format!("{count:.0} dead letters"),
        });
        (severity, headline, Some(backlog_query(queue)), levels.dead_letters)
    } else {
        let by_age = worst::judge(levels.age, measured.age);
        let by_backlog = worst::judge(levels.backlog, measured.backlog);
        let severity = by_age.max(by_backlog);
        match (measured.age, measured.backlog) {
            (_, Some(count)) if severity > Severity::Unknown && by_backlog > by_age => {
                (severity, messages(count), Some(backlog_query(queue)), levels.backlog)
            }
            (Some(age), _) => {
                let headline = if age > 0.0 { format!("oldest {}", span(age)) } else { "empty".to_owned() };
                (severity, headline, Some(age_query(queue)), levels.age)
            }
            (None, Some(count)) if metrics.get(&age_query(queue)).is_some() => {
                (severity, format!("{}, age unknown", messages(count)), None, levels.age)
            }
            _ => (severity, unread(), None, levels.age),
        }
    };
    let curve = shown.as_ref().and_then(|query| metrics.get(query));
    let shown =
        if shown.as_ref().is_some_and(|query| *query == age_query(queue)) { "oldest message, s" } else { "messages" };
    let severity = judged.max(known);
    let bad = severity > Severity::Unknown;
    let headline =
        if severity == Severity::Unknown && judged < severity { "attributes unread".into() } else { headline };
    Resource {
        logical_name: judge.logical_name(&queue.name),
        name: Text::from(&queue.name),
        arn: Text::from(&queue.arn),
        severity,
        headline: headline.into(),
        reason: if bad { reason(queue, &measured) } else { String::new() }.into(),
        since: if bad { since(curve, level) } else { None },
        series: curve.cloned(),
        curve: shown.into(),
        fields: fields(queue, &measured),
    }
}

fn since(curve: Option<&Series>, level: Level) -> Option<jiff::Timestamp> {
    read::bad_since(curve?, |value| level.judge(value) > Severity::Ok)
}

fn reason(queue: &Queue, measured: &Measured) -> String {
    let attributes = queue.attributes.as_ref();
    let count = |count: Option<i64>, what: &str| match count {
        Some(count) if count > 0 => format!("{count} {what}"),
        _ => String::new(),
    };
    listed([
        measured.backlog.filter(|count| *count > 0.0).map_or(String::new(), |count| format!("{count:.0} waiting")),
        count(attributes.and_then(|a| a.in_flight), "in flight"),
        measured.age.filter(|age| *age > 0.0).map_or(String::new(), |age| format!("oldest {}", span(age))),
    ])
}

fn fields(queue: &Queue, measured: &Measured) -> Vec<Field> {
    let attributes = queue.attributes.clone().unwrap_or_default();
    let mut fields = if queue.is_dead_letter {
        vec![Field::with_unit("dead_letters", measured.backlog, "messages")]
    } else {
        vec![Field::with_unit("age_s", measured.age, "s"), Field::with_unit("backlog", measured.backlog, "messages")]
    };
    fields.extend([
        Field::new("in_flight", attributes.in_flight),
        Field::new("delayed", attributes.delayed),
        Field::new("fifo", queue.name.ends_with(".fifo")),
        Field::new("is_dead_letter_queue", queue.attributes.is_some().then_some(queue.is_dead_letter)),
        Field::with_unit("visibility_timeout_s", attributes.visibility_timeout_s, "s"),
        Field::with_unit("retention_s", attributes.retention_s, "s"),
    ]);
    fields.extend(attributes.dead_letter_queue.map(|arn| Field::new("dead_letter_queue", arn)));
    fields.extend(attributes.max_receives.map(|count| Field::new("max_receives", count)));
    fields
}
