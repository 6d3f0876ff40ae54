//! Log lines of the embedded estates through the real client: every line once, in order, the same in every run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use aws_sdk_cloudwatchlogs::Client;
use jiff::{SignedDuration, Timestamp};
use watchfloor::drill::wire::Endpoint;
use watchfloor::drill::{estate, scenario};

use crate::estate::sdk;
use crate::web::{BEGAN, drill, embedded};

const PROCESSING: &str = "/aws/lambda/payments-prod-payment-processing";

fn prod(endpoint: &Arc<Endpoint>) -> Client {
    Client::new(&sdk(endpoint, "333333333333", "us-east-1"))
}

/// Milliseconds of a moment of the scenario.
fn at(second: i64) -> i64 {
    (BEGAN.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)).as_millisecond()
}

/// All events of a group between two seconds of the scenario, over all pages: id, time and message.
async fn all(
    client: &Client,
    group: &str,
    (from, to): (i64, i64),
    limit: i32,
    pattern: &str,
) -> Vec<(String, i64, String)> {
    let asked = client.filter_log_events().log_group_name(group).start_time(at(from)).end_time(at(to) - 1);
    let asked = if pattern.is_empty() { asked } else { asked.filter_pattern(pattern) };
    let (mut events, mut token) = (Vec::new(), None);
    loop {
        let page = asked.clone().limit(limit).set_next_token(token).send().await.unwrap();
        assert!(page.events().len() <= usize::try_from(limit).unwrap());
        for event in page.events() {
            let id = event.event_id().unwrap().to_owned();
            events.push((id, event.timestamp().unwrap(), event.message().unwrap().to_owned()));
        }
        token = page.next_token.clone();
        if token.is_none() {
            return events;
        }
    }
}

#[tokio::test]
async fn every_line_comes_once_and_in_order_whatever_the_page() {
    let (_, endpoint) = embedded("payments", "bad-deploy", 10);
    let client = prod(&endpoint);
    let whole = all(&client, PROCESSING, (0, 90), 10_000, "").await;
    assert!(whole.len() > 1000, "{}", whole.len());
    assert!(whole.is_sorted_by_key(|event| event.1));
    assert_eq!(whole.iter().map(|event| &event.0).collect::<BTreeSet<_>>().len(), whole.len());
    let (first, last) = (whole[0].1, whole[whole.len() - 1].1);
    assert!(first >= at(0) && last < at(90));
    for limit in [97, 1000] {
        assert_eq!(all(&client, PROCESSING, (0, 90), limit, "").await, whole, "by {limit}");
    }
    let parts = [(0, 33), (33, 34), (34, 90)];
    let mut joined = Vec::new();
    for part in parts {
        joined.extend(all(&client, PROCESSING, part, 10_000, "").await);
    }
    assert_eq!(joined, whole, "an interval is the sum of its parts");
    let (_, again) = embedded("payments", "bad-deploy", 25);
    assert_eq!(all(&prod(&again), PROCESSING, (0, 90), 10_000, "").await, whole, "the same in another run, later");
}

#[tokio::test]
async fn the_fault_of_a_bad_version_is_in_its_log_and_filters_find_it() {
    let (_, endpoint) = embedded("payments", "bad-deploy", 10);
    let client = prod(&endpoint);
    let before = all(&client, PROCESSING, (-300, 0), 10_000, "ERROR").await.len();
    let after = all(&client, PROCESSING, (180, 480), 10_000, "ERROR").await;
    assert!(after.len() > 20 * before.max(1), "{before} then {}", after.len());
    assert!(after.iter().all(|event| event.2.contains("ERROR")));
    let throttled = all(&client, PROCESSING, (180, 480), 10_000, "ProvisionedThroughputExceededException").await.len();
    let other = all(&client, PROCESSING, (180, 480), 10_000, "ERROR -ProvisionedThroughputExceededException").await;
    assert!(throttled > 0);
    assert_eq!(throttled + other.len(), after.len());
    let starts = all(&client, PROCESSING, (60, 120), 10_000, "\"START RequestId\"").await;
    assert!(starts.iter().all(|event| event.2.trim_end().ends_with("Version: 43")));
    let reports = all(&client, PROCESSING, (60, 120), 10_000, "?REPORT ?END").await;
    assert!(reports.len() > starts.len());
    let api = "/aws/apigateway/payments-prod";
    let failing = all(&client, api, (180, 480), 10_000, "{ $.status >= 500 && $.resourcePath = \"/pro*\" }").await;
    assert!(!failing.is_empty() && failing.len() < all(&client, api, (180, 480), 10_000, "").await.len());
    let wrong = client.filter_log_events().log_group_name(PROCESSING).filter_pattern("{ $.a").send().await.unwrap_err();
    assert!(wrong.into_service_error().is_invalid_parameter_exception());
    let none = client.filter_log_events().log_group_name("none").send().await.unwrap_err();
    assert!(none.into_service_error().is_resource_not_found_exception());
    let rare = client.filter_log_events().log_group_name(PROCESSING).filter_pattern("no-such-word").send();
    let rare = rare.await.unwrap();
    assert!(rare.events().is_empty() && rare.next_token().is_some(), "an empty page that is not the last one");
    let later = client.filter_log_events().log_group_name(PROCESSING).start_time(at(900)).send().await.unwrap();
    assert!(later.events().is_empty() && later.next_token().is_none(), "nothing comes from the future");
}

#[tokio::test]
async fn streams_and_the_events_of_one() {
    let (_, endpoint) = embedded("payments", "bad-deploy", 10);
    let client = prod(&endpoint);
    let streams = client.describe_log_streams().log_group_name(PROCESSING).send().await.unwrap();
    let names: Vec<_> = streams.log_streams().iter().filter_map(|stream| stream.log_stream_name()).collect();
    assert!(names.iter().any(|name| name.contains("[43]")) && names.iter().any(|name| name.contains("[42]")));
    let stream = names.iter().find(|name| name.contains("[43]")).unwrap();
    let asked = client.get_log_events().log_group_name(PROCESSING).log_stream_name(*stream);
    let asked = asked.start_time(at(120)).end_time(at(240)).limit(200);
    let (mut forwards, mut token) = (Vec::new(), None);
    loop {
        let page = asked.clone().start_from_head(true).set_next_token(token.clone()).send().await.unwrap();
        forwards.extend(
            page.events().iter().map(|event| (event.timestamp().unwrap(), event.message().unwrap().to_owned())),
        );
        if page.next_forward_token == token {
            break;
        }
        token = page.next_forward_token;
    }
    let (mut backwards, mut token) = (Vec::new(), None);
    loop {
        let page = asked.clone().set_next_token(token.clone()).send().await.unwrap();
        let events =
            page.events().iter().map(|event| (event.timestamp().unwrap(), event.message().unwrap().to_owned()));
        backwards.splice(0..0, events);
        if page.next_backward_token == token {
            break;
        }
        token = page.next_backward_token;
    }
    assert!(forwards.len() > 400, "{}", forwards.len());
    assert!(forwards.is_sorted_by_key(|event| event.0));
    assert_eq!(forwards, backwards);
    let none = client.get_log_events().log_group_name(PROCESSING).log_stream_name("none").send().await.unwrap_err();
    assert!(none.into_service_error().is_resource_not_found_exception());
}

#[tokio::test]
async fn containers_write_into_the_group_of_their_definition() {
    let (_, endpoint) = embedded("uex-payments", "peak", 20);
    let config = sdk(&endpoint, "666666666666", "us-east-1");
    let ecs = aws_sdk_ecs::Client::new(&config);
    let definition = ecs.describe_task_definition().task_definition("uex-payments-prod-presentation").send().await;
    let definition = definition.unwrap().task_definition.unwrap();
    let options = definition.container_definitions()[0].log_configuration().unwrap().options().unwrap().clone();
    let group = &options["awslogs-group"];
    let client = Client::new(&config);
    let errors = all(&client, group, (900, 1080), 10_000, "{ $.level = \"error\" }").await;
    assert!(!errors.is_empty(), "the service is ill");
    let starts = all(&client, group, (0, 1200), 10_000, "listening").await;
    assert!(!starts.is_empty(), "auto scaling started tasks");
    let streams = client.describe_log_streams().log_group_name(group).order_by("LastEventTime".into()).send().await;
    let prefix = &options["awslogs-stream-prefix"];
    let streams = streams.unwrap();
    assert!(streams.log_streams().iter().all(|stream| stream.log_stream_name().unwrap().starts_with(prefix)));
}

#[tokio::test]
async fn a_database_tells_its_checkpoints() {
    let (_, endpoint) = embedded("analytics", "calm", 10);
    let estate = estate::load("analytics").unwrap();
    let head = &estate.environments[0].head;
    let client = Client::new(&sdk(&endpoint, &head.account, &head.region));
    let groups = client.describe_log_groups().send().await.unwrap();
    for name in ["/ecs/analytics-api", "/rds/postgresql"] {
        let group = groups.log_groups().iter().find(|group| group.log_group_name() == Some(name)).unwrap();
        assert_eq!(group.retention_in_days(), Some(7), "{name}");
    }
    let checkpoints = all(&client, "/rds/postgresql", (0, 600), 10_000, "\"checkpoint starting\"").await;
    assert_eq!(checkpoints.len(), 2);
}

// One figure depends on the machine: it is printed, not asserted.
#[tokio::test]
#[allow(clippy::print_stdout, reason = "the time that it takes is for people")]
async fn ten_thousand_lines_a_second_come_whole() {
    let estate = estate::load("payments").unwrap();
    let play: scenario::Scenario = toml::from_str(&format!(
        "title = \"t\"\n[[log_burst]]\nat_s = 60\nfor_s = 8\nenvironment = \"prod\"\ngroup = \"{PROCESSING}\"\nlines_per_second = 10000\nmessage = \"again and again\"\n"
    ))
    .unwrap();
    let (_, endpoint) = drill(&estate, &play, 3);
    let client = prod(&endpoint);
    let start = Instant::now();
    let lines = all(&client, PROCESSING, (60, 120), 10_000, "\"again and again\"").await;
    println!("80,000 lines in {:?}", start.elapsed());
    assert_eq!(lines.len(), 80_000);
    assert!(lines.is_sorted_by_key(|event| event.1));
    assert_eq!(all(&client, PROCESSING, (50, 60), 10_000, "\"again and again\"").await.len(), 0);
}
