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
    poison: bool,
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
            self.waiting.push_back(Cohort { sent: minute, number, tries: 0, poison: false });
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
            self.waiting.push_back(Cohort { sent: minute, number: sent, tries: 0, poison: false });
        }
        for failed in self.hidden.extract_if(.., |failed| failed.back <= now) {
            self.waiting.push_back(failed.cohort);
        }
        let (mut left, mut poison) = (capacity.messages, 0.0);
        for change in self.changes.iter().filter(|change| lasts(now - 60, self.began + change.at_s, change.for_s)) {
            left *= change.capacity;
            poison = f64::max(poison, change.poison);
        }
        let (left, handled, deleted) = self.receive(queue, now, left.floor(), [capacity.failing, poison]);
        self.expire(queue, now);
        self.report(queue, metrics, minute, left, Counts { sent, received: handled.received, deleted });
        handled
    }

    /// Receives up to `left` messages, oldest first: of new ones a share fails, of which the second share in vain. The
    /// answer is the capacity that is left, what was handled, and how many messages were deleted.
    fn receive(&mut self, queue: &Queue, now: i64, mut left: f64, shares: [f64; 2]) -> (f64, Handled, f64) {
        let [failing, poison] = shares;
        let (mut handled, mut deleted) = (Handled::default(), 0.0);
        while left > 0.0
            && let Some(oldest) = self.waiting.front_mut()
        {
            let taken = oldest.number.min(left);
            let oldest_was = *oldest;
            oldest.number -= taken;
            if oldest.number <= 0.0 {
                self.waiting.pop_front();
            }
            left -= taken;
            handled.received += taken;
            let hopeless = match (oldest_was.poison, oldest_was.tries) {
                (true, _) => taken,
                (false, 0) => (taken * poison).round(),
                (false, _) => 0.0,
            };
            let unlucky = ((taken - hopeless) * failing).round();
            deleted += taken - hopeless - unlucky;
            for (number, poison) in [(hopeless, true), (unlucky, false)] {
                let again = Cohort { number, poison, tries: oldest_was.tries + 1, ..oldest_was };
                handled.dead += self.hide(queue, now, again);
            }
        }
        (left, handled, deleted)
    }

    /// Failed messages come back after the visibility timeout, or go to the dead letters: how many do.
    fn hide(&mut self, queue: &Queue, now: i64, cohort: Cohort) -> f64 {
        if cohort.number <= 0.0 {
            return 0.0;
        }
        if queue.redrive.as_ref().is_some_and(|redrive| cohort.tries >= redrive.max_receives) {
            return cohort.number;
        }
        self.hidden.push(Failed { back: now + i64::from(queue.visibility_timeout_s), cohort });
        0.0
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::world::sqs::Redrive;
    use crate::model::Stat;
    use jiff::Timestamp;

    struct Bench {
        plant: QueuePlant,
        queue: Queue,
        metrics: MetricStore,
        dead: f64,
    }

    impl Bench {
        fn new(changes: Vec<ConsumerChange>) -> Self {
            let data: QueueData =
                toml::from_str("name = \"q\"\nsent_per_minute = 300\nconsumer = { per_minute = 400 }").unwrap();
            let mut metrics = MetricStore::default();
            let plant = QueuePlant::new(&data, &changes, 0, &mut metrics);
            let queue = Queue {
                name: "q".into(),
                arn: "q".into(),
                url: "q".into(),
                visibility_timeout_s: 30,
                retention_s: 86_400,
                redrive: Some(Redrive { dead_letter_arn: "d".into(), max_receives: 3 }),
                kms_key: None,
                created: Timestamp::UNIX_EPOCH,
                visible: 0,
                in_flight: 0,
                tags: Default::default(),
            };
            Self { plant, queue, metrics, dead: 0.0 }
        }

        fn run(&mut self, minutes: std::ops::Range<i64>) {
            for minute in minutes {
                let capacity = Capacity { messages: 400.0, failing: 0.0 };
                let noise = Noise::new(1, "prod");
                self.dead += self.plant.minute(&mut self.queue, &mut self.metrics, minute, 1.0, capacity, &noise).dead;
            }
        }

        fn metric(&self, name: &str, stat: Stat, minute: i64) -> f64 {
            let id = MetricId::new("AWS/SQS", name, &[("QueueName", "q")]);
            let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
            let points = self.metrics.query(at(minute + 5), &id, stat, 60, at(minute), at(minute + 1));
            points[0].1
        }
    }

    #[test]
    fn a_consumer_that_keeps_up_leaves_nothing_behind() {
        let mut bench = Bench::new(Vec::new());
        bench.run(0..20);
        assert_eq!((bench.queue.visible, bench.dead), (0, 0.0));
        assert_eq!(bench.metric("ApproximateAgeOfOldestMessage", Stat::Maximum, 19), 0.0);
    }

    #[test]
    fn a_stopped_consumer_lets_the_backlog_and_its_age_grow_and_later_catches_up() {
        let change = ConsumerChange {
            at_s: 600,
            for_s: Some(600),
            environment: "prod".into(),
            queue: "q".into(),
            capacity: 0.0,
            poison: 0.0,
        };
        let mut bench = Bench::new(vec![change]);
        bench.run(0..20);
        assert!((2700..3300).contains(&bench.queue.visible), "{}", bench.queue.visible);
        assert!(bench.metric("ApproximateAgeOfOldestMessage", Stat::Maximum, 19) >= 560.0);
        let mut before = bench.queue.visible;
        for minute in 20..30 {
            bench.run(minute..minute + 1);
            assert!(bench.queue.visible < before, "it shrinks by what is spare");
            before = bench.queue.visible;
        }
        bench.run(30..70);
        assert_eq!(bench.queue.visible, 0);
        assert_eq!(bench.metric("ApproximateAgeOfOldestMessage", Stat::Maximum, 69), 0.0);
    }

    #[test]
    fn poison_goes_to_the_dead_letters_after_its_receives_and_not_before() {
        let mut bench = Bench::new(vec![ConsumerChange {
            at_s: 0,
            for_s: None,
            environment: "prod".into(),
            queue: "q".into(),
            capacity: 1.0,
            poison: 0.05,
        }]);
        bench.run(0..2);
        assert_eq!(bench.dead, 0.0, "two receives are not enough");
        bench.run(2..30);
        assert!(bench.dead > 0.0);
        assert!(
            bench.metric("NumberOfMessagesReceived", Stat::Sum, 29)
                > bench.metric("NumberOfMessagesDeleted", Stat::Sum, 29)
        );
    }
}
