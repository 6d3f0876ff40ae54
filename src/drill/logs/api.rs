//! Access logs of a REST API.

use super::line::{Line, Stream};
use super::pace::{Metrics, millis};
use crate::drill::world::apigateway::RestApi;
use crate::drill::world::{EnvironmentWorld, hash};

/// Streams that API Gateway writes into.
const STREAMS: u64 = 4;

fn api<'a>(world: &'a EnvironmentWorld, name: &str) -> Option<&'a RestApi> {
    world.rest_apis.values().find(|api| api.name == name)
}

fn stream(api: &RestApi, number: u64) -> String {
    hash::hex(&(&api.id, "stream", number), 32)
}

pub fn write(world: &EnvironmentWorld, name: &str, second: i64, lines: &mut Vec<Line>) {
    let Some(api) = api(world, name).filter(|api| !api.routes.is_empty()) else { return };
    let metrics = Metrics {
        namespace: "AWS/ApiGateway",
        dimensions: &[("ApiName", name)],
        number: "Count",
        failing: "5XXError",
        duration: "Latency",
        unit_ms: 1.0,
    };
    let seed = hash::of(&(world.seed, "api", name));
    let Some(pace) = metrics.minute(&world.metrics, second.div_euclid(60), seed) else { return };
    let within = u64::try_from(second.rem_euclid(60)).unwrap_or(0);
    for event in pace.events(within..within + 1) {
        let at_ms = pace.begins_ms(event);
        if at_ms.div_euclid(1000) != second {
            continue;
        }
        let route = &api.routes[usize::try_from(pace.draw(event, 1)).unwrap_or(0) % api.routes.len()];
        let status = match (pace.fails(event), pace.draw(event, 2) % 120) {
            (true, _) => 502,
            (false, 0) => 400,
            (false, _) => 200,
        };
        let message = format!(
            "{{\"requestId\":\"{}\",\"ip\":\"203.0.113.{}\",\"httpMethod\":\"{}\",\"resourcePath\":\"{}\",\"status\":{status},\"responseLatency\":{}}}",
            pace.id(event),
            pace.draw(event, 3) % 250 + 1,
            route.method,
            route.path,
            millis(pace.duration_ms(event, 29_000.0))
        );
        lines.push(Line { at_ms, stream: stream(api, pace.draw(event, 4) % STREAMS), message });
    }
}

pub fn streams(world: &EnvironmentWorld, name: &str, now: i64) -> Vec<Stream> {
    let Some(api) = api(world, name) else { return Vec::new() };
    (0..STREAMS).map(|number| Stream::since(stream(api, number), api.created.as_second(), now)).collect()
}
