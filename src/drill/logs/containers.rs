//! Lines of ECS tasks: their start and end, and the requests that their load balancer sends them.

use super::line::{Line, Stream};
use super::pace::{Metrics, Minute, millis};
use crate::drill::world::ecs::{Service, Task, TaskDefinition};
use crate::drill::world::{EnvironmentWorld, hash};

/// Seconds between two lines of a task that gets no requests.
const IDLE_S: i64 = 15;

/// The services whose tasks write into a group, each with the stream prefix that goes before a task's id.
fn writers<'a>(world: &'a EnvironmentWorld, group: &str) -> Vec<(&'a Service, String)> {
    let services = world.clusters.values().flat_map(|cluster| cluster.services.values());
    let prefix = |service: &'a Service| {
        let short = service.task_definition.rsplit('/').next()?;
        let definition: &TaskDefinition = world.task_definitions.get(short)?;
        let container = definition.containers.iter().find(|container| container.log_group == group)?;
        Some((service, format!("{0}/{0}", container.name)))
    };
    services.filter_map(prefix).collect()
}

fn tasks(service: &Service) -> impl Iterator<Item = &Task> {
    service.tasks.iter().chain(&service.stopped)
}

fn runs_at(task: &Task, second: i64) -> bool {
    task.started.is_some_and(|at| at.as_second() <= second) && task.stopping.is_none_or(|at| at.as_second() > second)
}

pub fn write(world: &EnvironmentWorld, group: &str, second: i64, lines: &mut Vec<Line>) {
    for (service, prefix) in writers(world, group) {
        for task in tasks(service).filter(|task| task.started.is_some()) {
            let moments = [
                (task.started, "info", "listening"),
                (task.stopping, "info", "SIGTERM received, finishing requests"),
                (task.stopped, "info", "stopped"),
            ];
            for (at, level, message) in moments {
                if let Some(at) = at.filter(|at| at.as_second() == second) {
                    let message =
                        format!("{{\"level\":\"{level}\",\"msg\":\"{message}\",\"service\":\"{}\"}}", service.name);
                    lines.push(Line { at_ms: at.as_millisecond(), stream: format!("{prefix}/{}", task.id), message });
                }
            }
        }
        let mut running: Vec<&Task> = tasks(service).filter(|task| runs_at(task, second)).collect();
        running.sort_by(|a, b| a.id.cmp(&b.id));
        if running.is_empty() {
            continue;
        }
        match requests(world, service, second.div_euclid(60)) {
            Some(pace) => access(service, &prefix, &pace, &running, second, lines),
            None => idle(service, &prefix, &running, second, lines),
        }
    }
}

fn requests(world: &EnvironmentWorld, service: &Service, minute: i64) -> Option<Minute> {
    let group = world.target_groups.get(&service.target_group.as_ref()?.arn)?;
    let (_, balancer) = group.load_balancer.split_once(":loadbalancer/")?;
    let suffix = group.arn.rsplit(':').next()?;
    let metrics = Metrics {
        namespace: "AWS/ApplicationELB",
        dimensions: &[("LoadBalancer", balancer), ("TargetGroup", suffix)],
        number: "RequestCount",
        failing: "HTTPCode_Target_5XX_Count",
        duration: "TargetResponseTime",
        unit_ms: 1000.0,
    };
    metrics.minute(&world.metrics, minute, hash::of(&(world.seed, "service", &service.arn)))
}

/// One line a request, at its end; requests are short enough to stay in the second of their beginning.
fn access(service: &Service, prefix: &str, pace: &Minute, running: &[&Task], second: i64, lines: &mut Vec<Line>) {
    let within = u64::try_from(second.rem_euclid(60)).unwrap_or(0);
    for event in pace.events(within..within + 1) {
        let at_ms = pace.begins_ms(event);
        if at_ms.div_euclid(1000) != second {
            continue;
        }
        let chosen = usize::try_from(pace.draw(event, 1)).unwrap_or(0) % running.len();
        let took = millis(pace.duration_ms(event, 60_000.0));
        let (level, status, message) = match (pace.fails(event), pace.draw(event, 2) % 100) {
            (true, _) => ("error", 503, "no free worker: request timed out"),
            (false, 0) => ("warn", 404, "not found"),
            (false, _) => ("info", 200, "request"),
        };
        let method = if pace.draw(event, 3).is_multiple_of(4) { "POST" } else { "GET" };
        let message = format!(
            "{{\"level\":\"{level}\",\"msg\":\"{message}\",\"service\":\"{}\",\"method\":\"{method}\",\"path\":\"/items/{}\",\"status\":{status},\"durationMs\":{took},\"requestId\":\"{}\"}}",
            service.name,
            pace.draw(event, 4) % 100_000,
            pace.id(event)
        );
        lines.push(Line { at_ms, stream: format!("{prefix}/{}", running[chosen].id), message });
    }
}

fn idle(service: &Service, prefix: &str, running: &[&Task], second: i64, lines: &mut Vec<Line>) {
    for task in running {
        let own = i64::try_from(hash::of(&task.id) % 15_000).unwrap_or(0);
        if second.rem_euclid(IDLE_S) == own / 1000 {
            let message = format!("{{\"level\":\"info\",\"msg\":\"alive\",\"service\":\"{}\"}}", service.name);
            let at_ms = second * 1000 + own % 1000;
            lines.push(Line { at_ms, stream: format!("{prefix}/{}", task.id), message });
        }
    }
}

pub fn streams(world: &EnvironmentWorld, group: &str, now: i64) -> Vec<Stream> {
    let mut streams = Vec::new();
    for (service, prefix) in writers(world, group) {
        for task in tasks(service) {
            let Some(started) = task.started else { continue };
            let last = task.stopped.or(task.stopping).map_or(now, |at| at.as_second());
            streams.push(Stream { name: format!("{prefix}/{}", task.id), first_s: started.as_second(), last_s: last });
        }
    }
    streams
}
