//! All queues of an environment: who consumes them, and where dead letters go.

use std::collections::HashMap;

use super::containers::Busy;
use super::noise::Noise;
use super::queue::{Capacity, QueuePlant};
use crate::drill::estate::data::Resources;
use crate::drill::estate::queues::ConsumerData;
use crate::drill::scenario::ConsumerChange;
use crate::drill::world::EnvironmentWorld;

/// The queues of an environment.
pub struct Queues(Vec<QueuePlant>);

impl Queues {
    /// The queues as the estate describes them; `changes` are those of this environment.
    pub fn new(resources: &Resources, changes: &[ConsumerChange], began: i64, world: &mut EnvironmentWorld) -> Self {
        let metrics = &mut world.metrics;
        Self(resources.queue.iter().map(|data| QueuePlant::new(data, changes, began, metrics)).collect())
    }

    /// One minute. `failing` is the share of a function's invocations that fail. The answer is how often each function
    /// is invoked for the messages, which it will be in the next minute.
    pub fn minute(
        &mut self,
        world: &mut EnvironmentWorld,
        minute: i64,
        load: f64,
        busy: &[Busy],
        noise: &Noise,
        failing: impl Fn(&str) -> f64,
    ) -> HashMap<String, f64> {
        let (mut invoked, mut dead) = (HashMap::new(), Vec::new());
        for plant in &mut self.0 {
            let Some(queue) = world.queues.get_mut(&plant.data.name) else { continue };
            let capacity = plant.consumer().map_or(NOBODY, |consumer| capacity(consumer, busy, &failing));
            let handled = plant.minute(queue, &mut world.metrics, minute, load, capacity, noise);
            if let Some(function) = plant.consumer().and_then(|consumer| consumer.function.as_ref()) {
                *invoked.entry(function.clone()).or_default() += handled.received;
            }
            if let Some(name) = &plant.data.dead_letter {
                dead.push((name.clone(), handled.dead));
            }
        }
        for (name, number) in dead {
            if let Some(plant) = self.0.iter_mut().find(|plant| plant.data.name == name) {
                plant.bury(minute, number);
            }
        }
        invoked
    }
}

/// Nobody receives anything.
const NOBODY: Capacity = Capacity { messages: 0.0, failing: 0.0 };

fn capacity(consumer: &ConsumerData, busy: &[Busy], failing: &impl Fn(&str) -> f64) -> Capacity {
    let workers = match (&consumer.cluster, &consumer.service) {
        (Some(cluster), Some(service)) => {
            let found = busy.iter().find(|busy| busy.cluster == *cluster && busy.service == *service);
            f64::from(found.map_or(0, |busy| busy.running))
        }
        _ => 1.0,
    };
    let failing = consumer.function.as_deref().map_or(0.0, failing);
    Capacity { messages: consumer.per_minute * workers, failing }
}
