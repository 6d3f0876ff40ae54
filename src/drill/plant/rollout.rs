//! The ECS scheduler for one service: tasks start, fail and stop; rollouts advance, complete or are given up.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::drill::estate::build::containers::task;
use crate::drill::world::ecs::{RolloutState, Service, Task, TaskDefinition, TaskStatus};
use crate::drill::world::hash;
use crate::drill::world::service_deployment::{DeploymentStatus, StopType};

/// Seconds for a network interface.
const PROVISIONING_S: i64 = 10;
/// Seconds after which a pull that cannot succeed is given up.
const PULL_S: i64 = 70;
/// Seconds from the wish to stop until a task is gone: deregistration and SIGTERM.
const STOPPING_S: i64 = 30;
/// Seconds that the scheduler waits after a task did not start.
const BACKOFF_S: i64 = 60;
/// Stopped tasks that are remembered; ECS shows them for about an hour.
const STOPPED_KEPT: usize = 20;

/// What the scheduler needs to know besides the service.
pub struct Surroundings<'a> {
    /// Seconds from the start of a task until it runs.
    pub startup_s: u32,
    /// All task definitions, by `family:revision`.
    pub definitions: &'a BTreeMap<String, TaskDefinition>,
    /// Images that cannot be pulled.
    pub missing_images: &'a [String],
    /// The time.
    pub now: Timestamp,
}

/// What the scheduler remembers of a service.
#[derive(Debug, Clone, Default)]
pub struct Scheduler {
    wait_until: i64,
    launched: u64,
    unsteady: bool,
}

impl Scheduler {
    /// Moves the service on to the present.
    pub fn tick(&mut self, service: &mut Service, around: &Surroundings<'_>) {
        if self.is_quiet(service) {
            return;
        }
        self.move_tasks(service, around);
        stop(service, around.now);
        give_up(service, around.now);
        self.schedule(service, around);
        self.settle(service, around.now);
    }

    /// Nothing to do: everything wanted runs, and nothing else.
    fn is_quiet(&self, service: &Service) -> bool {
        let wanted = usize::try_from(service.desired).unwrap_or(usize::MAX);
        !self.unsteady
            && matches!(service.deployments.as_slice(), [only] if only.rollout_state == RolloutState::Completed)
            && service.tasks.len() == wanted
            && service.tasks.iter().all(|task| task.last_status == TaskStatus::Running)
    }

    fn move_tasks(&mut self, service: &mut Service, around: &Surroundings<'_>) {
        let now = around.now.as_second();
        for place in 0..service.tasks.len() {
            let task = &service.tasks[place];
            let age = now - task.created.as_second();
            match task.last_status {
                TaskStatus::Provisioning if age >= PROVISIONING_S => {
                    service.tasks[place].last_status = TaskStatus::Pending;
                }
                TaskStatus::Pending => match missing_image(task, around) {
                    Some(image) if age >= PULL_S => self.fail(service, place, &image, around.now),
                    None if age >= startup(task, around.startup_s) => {
                        let deployment = task.deployment.clone();
                        service.tasks[place].last_status = TaskStatus::Running;
                        service.tasks[place].started = Some(around.now);
                        for started in service.deployments.iter_mut().filter(|known| known.id == deployment) {
                            started.failed_tasks = 0;
                        }
                    }
                    _ => {}
                },
                TaskStatus::Deprovisioning => {
                    let since = task.stopping.map_or(0, Timestamp::as_second);
                    if now - since >= STOPPING_S {
                        service.tasks[place].last_status = TaskStatus::Stopped;
                        service.tasks[place].stopped = Some(around.now);
                    }
                }
                _ => {}
            }
        }
        let (gone, left) = service.tasks.drain(..).partition(|task| task.last_status == TaskStatus::Stopped);
        service.tasks = left;
        for task in Vec::<Task>::into_iter(gone) {
            service.stopped.push_front(task);
        }
        service.stopped.truncate(STOPPED_KEPT);
    }

    fn fail(&mut self, service: &mut Service, place: usize, image: &str, now: Timestamp) {
        let reason = format!(
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref {image}: {image}: not found"
        );
        let task = &mut service.tasks[place];
        task.last_status = TaskStatus::Stopped;
        task.stopping = Some(now);
        task.stopped = Some(now);
        task.stop_code = Some("TaskFailedToStart".to_owned());
        task.stopped_reason = Some(reason.clone());
        let (deployment, id) = (task.deployment.clone(), task.id.clone());
        for failed in service.deployments.iter_mut().filter(|known| known.id == deployment) {
            failed.failed_tasks += 1;
            failed.updated = now;
        }
        let message = format!("(service {}) (task {id}) failed to start: {reason}", service.name);
        service.say(message, now);
        self.wait_until = now.as_second() + BACKOFF_S;
    }

    fn schedule(&mut self, service: &mut Service, around: &Surroundings<'_>) {
        let now = around.now;
        let Some(primary) = service.deployments.first() else { return };
        if primary.rollout_state == RolloutState::Failed {
            return;
        }
        let (id, definition) = (primary.id.clone(), primary.task_definition.clone());
        if let Some(record) = service.record_of(&id).filter(|known| known.status == DeploymentStatus::Pending) {
            record.turn(DeploymentStatus::InProgress, "", now);
        }
        let desired = service.desired;
        let ours = service.running_of(&id) + service.pending_of(&id);
        let (most, fewest) = bounds(service);
        let mut stop = 0;
        if ours > desired {
            let extra = usize::try_from(ours - desired).unwrap_or(0);
            stop_tasks(service, extra, now, "Scaling activity initiated by deployment", |task| task.deployment == id);
        } else if ours < desired {
            let room = most.saturating_sub(service.running() + service.pending());
            if room == 0 {
                stop = service.running().saturating_sub(fewest).min(desired - ours);
            } else if now.as_second() >= self.wait_until {
                self.launch(service, (desired - ours).min(room), &id, &definition, around);
            }
        }
        stop = stop.max(service.running().saturating_sub(desired.max(fewest)));
        stop_tasks(service, usize::try_from(stop).unwrap_or(0), now, &replaced(&id), |task| task.deployment != id);
        let running: Vec<u32> = service.deployments.iter().map(|known| service.running_of(&known.id)).collect();
        for (place, deployment) in service.deployments.iter_mut().enumerate() {
            deployment.desired = if place == 0 { desired } else { running[place] };
        }
    }

    fn launch(
        &mut self,
        service: &mut Service,
        number: u32,
        deployment: &str,
        definition: &str,
        around: &Surroundings<'_>,
    ) {
        let mut names = Vec::new();
        for _ in 0..number {
            self.launched += 1;
            let new = task(&service.arn, definition, deployment, self.launched, around.now);
            names.push(format!("(task {})", new.id));
            service.tasks.push(new);
        }
        let message = format!("(service {}) has started {number} tasks: {}.", service.name, names.join(" "));
        service.say(message, around.now);
        self.unsteady = true;
    }

    fn settle(&mut self, service: &mut Service, now: Timestamp) {
        let Some(primary) = service.deployments.first() else { return };
        let running = service.running_of(&primary.id);
        let whole = running == service.desired && service.tasks.iter().all(|task| task.deployment == primary.id);
        let in_progress = primary.rollout_state == RolloutState::InProgress;
        if !whole || service.pending() > 0 || !(in_progress || self.unsteady) {
            return;
        }
        self.unsteady = false;
        service.deployments.truncate(1);
        if in_progress && let Some(primary) = service.deployments.first_mut() {
            primary.rollout_state = RolloutState::Completed;
            primary.rollout_reason = format!("ECS deployment {} completed.", primary.id);
            primary.updated = now;
            let id = primary.id.clone();
            service.say(format!("(service {}) (deployment {id}) deployment completed.", service.name), now);
            if let Some(record) = service.record_of(&id) {
                let back = record.id != id;
                let status = if back { DeploymentStatus::RollbackSuccessful } else { DeploymentStatus::Successful };
                let reason = record.reason.clone();
                record.turn(status, &reason, now);
            }
        }
        service.say(format!("(service {}) has reached a steady state.", service.name), now);
    }
}

/// Stops a service deployment that somebody asked to stop.
fn stop(service: &mut Service, now: Timestamp) {
    let asked = service.history.iter_mut().find(|known| known.status == DeploymentStatus::StopRequested);
    match asked.as_ref().and_then(|record| record.stop) {
        Some(StopType::Rollback) => {
            service.roll_back("Service deployment was stopped and is rolled back on request.", now);
        }
        Some(StopType::Abort) => {
            if let Some(record) = asked {
                record.turn(DeploymentStatus::Stopped, "Service deployment was stopped on request.", now);
            }
            if let Some(primary) = service.deployments.first_mut() {
                primary.rollout_state = RolloutState::Failed;
                primary.rollout_reason = format!("ECS deployment {} was stopped.", primary.id);
                primary.updated = now;
            }
        }
        None => {}
    }
}

/// The circuit breaker: half of the desired count, at least 3 and at most 200, have not started
/// (ECS Developer Guide, "How the Amazon ECS deployment circuit breaker detects failures").
fn give_up(service: &mut Service, now: Timestamp) {
    let breaker = service.circuit_breaker;
    let limit = service.desired.div_ceil(2).clamp(3, 200);
    let name = service.name.clone();
    let Some(primary) = service.deployments.first_mut() else { return };
    if !breaker.enable || primary.rollout_state != RolloutState::InProgress || primary.failed_tasks < limit {
        return;
    }
    primary.rollout_state = RolloutState::Failed;
    primary.rollout_reason = "ECS deployment circuit breaker: tasks failed to start.".to_owned();
    primary.updated = now;
    let id = primary.id.clone();
    service.say(format!("(service {name}) (deployment {id}) deployment failed: tasks failed to start."), now);
    let why = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
    if breaker.rollback && service.roll_back(why, now) {
        return;
    }
    if let Some(record) = service.record_of(&id) {
        let why = "Service deployment stopped because the circuit breaker threshold was exceeded.";
        record.turn(DeploymentStatus::Stopped, why, now);
    }
}

/// Most and fewest tasks during a rollout.
fn bounds(service: &Service) -> (u32, u32) {
    let most = service.desired * service.maximum_percent / 100;
    (most.max(1), (service.desired * service.minimum_healthy_percent).div_ceil(100))
}

fn startup(task: &Task, startup_s: u32) -> i64 {
    let spread = i64::try_from(hash::of(&task.id) % 30).unwrap_or(0);
    i64::from(startup_s) * (85 + spread) / 100
}

fn missing_image(task: &Task, around: &Surroundings<'_>) -> Option<String> {
    let definition = around.definitions.values().find(|known| known.arn == task.task_definition)?;
    let mut images = definition.containers.iter().map(|container| &container.image);
    images.find(|image| around.missing_images.contains(image)).cloned()
}

fn replaced(deployment: &str) -> String {
    format!("Scaling activity initiated by (deployment {deployment})")
}

/// Asks `number` running or starting tasks to stop, newest first.
fn stop_tasks(service: &mut Service, number: usize, now: Timestamp, reason: &str, which: impl Fn(&Task) -> bool) {
    let active = |task: &Task| task.last_status == TaskStatus::Running || task.last_status.is_starting();
    let chosen = service.tasks.iter_mut().rev().filter(|task| active(task) && which(task)).take(number);
    let mut stopped = 0;
    for task in chosen {
        task.last_status = TaskStatus::Deprovisioning;
        task.stopping = Some(now);
        task.stop_code = Some("ServiceSchedulerInitiated".to_owned());
        task.stopped_reason = Some(reason.to_owned());
        stopped += 1;
    }
    if stopped > 0 {
        service.say(format!("(service {}) has stopped {stopped} running tasks.", service.name), now);
    }
}
