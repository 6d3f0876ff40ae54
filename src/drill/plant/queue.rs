//! SQS queues under load: what is sent against what the consumer can handle → backlog, age, dead letters.

use std::collections::VecDeque;

use super::noise::Noise;
use crate::drill::estate::queues::{ConsumerData, QueueData};
use crate::drill::scenario::{ConsumerChange, lasts};
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};
use crate::drill::world::sqs::Queue;

/// Seconds that a consumer works on a message.
const HANDLING_S: f64 = 2.0;

/// The dynamics of a queue.
pub struct QueuePlant {
    /// How it is used.
    pub data: QueueData,
    changes: Vec<ConsumerChange>,
    began: i64,
    waiting: VecDeque<Cohort>,
    hidden: Vec<Failed>,
    series: QueueSeries,
}

/// Messages that were sent in the same minute.
#[derive(Debug, Clone, Copy)]
struct Cohort {
    sent: i64,
    number: f64,
    tries: u32,
}

/// Messages that failed and are hidden until the visibility timeout is over.
#[derive(Debug, Clone, Copy)]
struct Failed {
    back: i64,
    cohort: Cohort,
}

struct QueueSeries {
    age: SeriesId,
    visible: SeriesId,
    in_flight: SeriesId,
    delayed: SeriesId,
    sent: SeriesId,
    received: SeriesId,
    deleted: SeriesId,
}

/// What the consumer of a queue can do in a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity {
    /// Messages.
    pub messages: f64,
    /// Share of them that fail.
    pub failing: f64,
}

/// What a minute did to a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Handled {
    /// Messages received.
    pub received: f64,
    /// Messages that go to the dead-letter queue.
    pub dead: f64,
}

impl QueuePlant {
    /// An empty queue; `changes` are those of its environment.
    pub fn new(data: &QueueData, changes: &[ConsumerChange], began: i64, metrics: &mut MetricStore) -> Self {
        let mut handle = |name: &str| metrics.handle(MetricId::new("AWS/SQS", name, &[("QueueName", &data.name)]));
        Self {
            changes: changes.iter().filter(|change| change.queue == data.name).cloned().collect(),
            began,
            waiting: VecDeque::new(),
            hidden: Vec::new(),
            series: QueueSeries {
                age: handle("ApproximateAgeOfOldestMessage"),
                visible: handle("ApproximateNumberOfMessagesVisible"),
                in_flight: handle("ApproximateNumberOfMessagesNotVisible"),
                delayed: handle("ApproximateNumberOfMessagesDelayed"),
                sent: handle("NumberOfMessagesSent"),
                received: handle("NumberOfMessagesReceived"),
                deleted: handle("NumberOfMessagesDeleted"),
            },
            data: data.clone(),
        }
    }

    /// Who receives the messages.
    pub fn consumer(&self) -> Option<&ConsumerData> {
        self.data.consumer.as_ref()
    }

    /// Messages that failed too often in another queue arrive here. SQS does not count them as sent.
    pub fn bury(&mut self, minute: i64, number: f64) {
        if number > 0.0 {
            self.waiting.push_back(Cohort { sent: minute, number, tries: 0 });
        }
    }

    /// One minute.
    pub fn minute(
        &mut self,
        queue: &mut Queue,
        metrics: &mut MetricStore,
        minute: i64,
        load: f64,
        capacity: Capacity,
        noise: &Noise,
    ) -> Handled {
        let now = minute * 60 + 60;
        let sent = noise.count(&self.data.name, minute, self.data.sent_per_minute * load);
        if sent > 0.0 {
            self.waiting.push_back(Cohort { sent: minute, number: sent, tries: 0 });
        }
        for failed in self.hidden.extract_if(.., |failed| failed.back <= now) {
            self.waiting.push_back(failed.cohort);
        }
        let (mut left, mut failing) = (capacity.messages, capacity.failing);
        for change in self.changes.iter().filter(|change| lasts(now - 60, self.began + change.at_s, change.for_s)) {
            left *= change.capacity;
            failing = f64::max(failing, change.poison);
        }
        let (left, handled, deleted) = self.receive(queue, now, left.floor(), failing);
        self.expire(queue, now);
        self.report(queue, metrics, minute, left, Counts { sent, received: handled.received, deleted });
        handled
    }

    /// Receives up to `left` messages, oldest first; the capacity that is left, what was handled, and how many messages
    /// were deleted.
    fn receive(&mut self, queue: &Queue, now: i64, mut left: f64, failing: f64) -> (f64, Handled, f64) {
        let (mut handled, mut deleted) = (Handled::default(), 0.0);
        let most = queue.redrive.as_ref().map(|redrive| redrive.max_receives);
        while left > 0.0
            && let Some(oldest) = self.waiting.front_mut()
        {
            let taken = oldest.number.min(left);
            let cohort = Cohort { number: (taken * failing).round(), tries: oldest.tries + 1, ..*oldest };
            oldest.number -= taken;
            if oldest.number <= 0.0 {
                self.waiting.pop_front();
            }
            left -= taken;
            handled.received += taken;
            deleted += taken - cohort.number;
            if cohort.number <= 0.0 {
                continue;
            }
            if most.is_some_and(|most| cohort.tries >= most) {
                handled.dead += cohort.number;
            } else {
                self.hidden.push(Failed { back: now + i64::from(queue.visibility_timeout_s), cohort });
            }
        }
        (left, handled, deleted)
    }

    /// Messages that are older than the retention are gone.
    fn expire(&mut self, queue: &Queue, now: i64) {
        let oldest = now - i64::from(queue.retention_s);
        self.waiting.retain(|cohort| cohort.sent * 60 >= oldest);
    }

    fn report(&self, queue: &mut Queue, metrics: &mut MetricStore, minute: i64, left: f64, counts: Counts) {
        let visible: f64 = self.waiting.iter().map(|cohort| cohort.number).sum();
        let hidden: f64 = self.hidden.iter().map(|failed| failed.cohort.number).sum();
        let at_work = if left > 0.0 { counts.received } else { counts.received.max(1.0) } * HANDLING_S / 60.0;
        let in_flight = if counts.received > 0.0 { hidden + at_work.round() } else { hidden };
        let oldest = self.waiting.iter().map(|cohort| cohort.sent).min();
        let age = oldest.map_or(0, |sent| (minute + 1 - sent) * 60 - 30).max(0);
        queue.visible = whole(visible);
        queue.in_flight = whole(in_flight);
        let series = &self.series;
        metrics.record(series.age, minute, Point::gauge(f64::from(i32::try_from(age).unwrap_or(i32::MAX))));
        metrics.record(series.visible, minute, Point::gauge(visible));
        metrics.record(series.in_flight, minute, Point::gauge(in_flight));
        metrics.record(series.delayed, minute, Point::gauge(0.0));
        metrics.record(series.sent, minute, Point::total(counts.sent, counts.sent.max(1.0)));
        metrics.record(series.received, minute, Point::total(counts.received, counts.received.max(1.0)));
        metrics.record(series.deleted, minute, Point::total(counts.deleted, counts.deleted.max(1.0)));
    }
}

/// What happened to messages in a minute.
struct Counts {
    sent: f64,
    received: f64,
    deleted: f64,
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number of messages, not negative")]
fn whole(number: f64) -> u64 {
    number.max(0.0).round() as u64
}
