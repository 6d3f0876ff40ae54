//! Application Auto Scaling by target tracking: quick out, slow in, within the bounds of the target.

use jiff::Timestamp;

use crate::drill::world::autoscaling::ScalableTarget;
use crate::drill::world::ecs::Service;

/// Minutes above the target before scaling out (the alarms that target tracking makes: 3 of 3 minutes).
const OUT_MINUTES: u32 = 3;
/// Minutes below nine tenths of the target before scaling in (likewise: 15 of 15 minutes).
const IN_MINUTES: u32 = 15;
/// Share of the target below which is "low".
const LOW: f64 = 0.9;

/// What target tracking looks at in a minute.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// CPU of the tasks, percent.
    pub cpu: f64,
    /// Memory of the tasks, percent.
    pub memory: f64,
    /// Requests per task.
    pub requests: f64,
}

impl Seen {
    fn value(&self, metric: &str) -> f64 {
        match metric {
            "ECSServiceAverageCPUUtilization" => self.cpu,
            "ALBRequestCountPerTarget" => self.requests,
            _ => self.memory,
        }
    }
}

/// What target tracking remembers of a service.
#[derive(Debug, Clone, Default)]
pub struct Scaler {
    above: u32,
    below: u32,
    last_out: i64,
    last_in: i64,
}

impl Scaler {
    /// Looks at a minute and may change the desired count.
    pub fn minute(&mut self, target: &mut ScalableTarget, service: &mut Service, minute: i64, seen: &Seen) {
        if service.running() == service.desired
            && let Some(latest) = target.activities.first_mut().filter(|latest| latest.ended.is_none())
        {
            latest.ended = Timestamp::from_second(minute * 60 + 60).ok();
        }
        // The policy that wants the most capacity decides.
        let Some((policy, ratio)) = target
            .policies
            .iter()
            .map(|policy| (policy, seen.value(&policy.metric) / policy.target))
            .max_by(|a, b| a.1.total_cmp(&b.1))
        else {
            return;
        };
        self.above = if ratio > 1.0 { self.above + 1 } else { 0 };
        self.below = if ratio < LOW { self.below + 1 } else { 0 };
        let now = minute * 60 + 60;
        let out_ready = now - self.last_out >= i64::from(policy.scale_out_cooldown_s);
        let in_ready = now - self.last_in.max(self.last_out) >= i64::from(policy.scale_in_cooldown_s);
        let wanted = times(service.desired, ratio).clamp(target.min, target.max);
        let (name, side) =
            if self.above >= OUT_MINUTES && out_ready && !target.suspended.dynamic_out && wanted > service.desired {
                self.last_out = now;
                (policy.name.clone(), "AlarmHigh")
            } else if self.below >= IN_MINUTES && in_ready && !target.suspended.dynamic_in && wanted < service.desired {
                self.last_in = now;
                (policy.name.clone(), "AlarmLow")
            } else {
                return;
            };
        let at = Timestamp::from_second(now).unwrap_or_default();
        let cause = format!(
            "monitor alarm TargetTracking-{}-{side} in state ALARM triggered policy {name}",
            target.resource_id
        );
        target.set_desired(service, wanted, &cause, at);
    }
}

/// `number` × `ratio`, rounded up.
fn times(number: u32, ratio: f64) -> u32 {
    let wanted = (f64::from(number) * ratio).ceil();
    (0..=10_000).find(|count| f64::from(*count) >= wanted).unwrap_or(number)
}
