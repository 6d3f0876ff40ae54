//! Load balancers, queues, keys and buckets of the embedded estates through the real clients and over raw HTTP.

use std::sync::Arc;

use aws_config::SdkConfig;
use http::{HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use watchfloor::base::Clock;
use watchfloor::drill::accounts::Accounts;
use watchfloor::drill::wire::{Answer, Endpoint, Live};
use watchfloor::drill::world::ecs::TaskStatus;
use watchfloor::drill::{World, estate, scenario};
use winterbaume_core::{MockRequest, MockResponse};

use crate::estate::sdk;

/// The beginning of every scenario here.
pub const BEGAN: &str = "2026-11-21T03:04:00Z";

/// An estate as it is some minutes into a scenario; time stands still.
pub fn drill(estate: &estate::Estate, scenario: &scenario::Scenario, minutes: i64) -> (Arc<World>, Arc<Endpoint>) {
    let began: Timestamp = BEGAN.parse().unwrap();
    let world = Arc::new(World::new(estate, scenario, 1, began));
    let clock = Clock::simulated(began + SignedDuration::from_mins(minutes), 0.0);
    let accounts = estate.environments.iter().map(|environment| environment.head.account.clone());
    let accounts = Accounts::new(accounts.collect::<Vec<_>>());
    (Arc::clone(&world), Arc::new(Endpoint::new(Live { world, clock }, accounts)))
}

pub fn embedded(name: &str, play: &str, minutes: i64) -> (Arc<World>, Arc<Endpoint>) {
    let estate = estate::load(name).unwrap();
    let scenario = scenario::load(&estate, Some(play)).unwrap();
    drill(&estate, &scenario, minutes)
}

fn uex(scenario: &str, minutes: i64) -> (Arc<World>, SdkConfig) {
    let (world, endpoint) = embedded("uex-payments", scenario, minutes);
    (world, sdk(&endpoint, "666666666666", "us-east-1"))
}

/// An estate with one queue that a service of two tasks consumes, and one that a figure describes.
const QUEUES: &str = r#"
name = "q"
default_scenario = "calm"
[[environment]]
name = "prod"
tier = "production"
account = "123456789012"
region = "eu-west-1"
[[key]]
alias = "alias/q"
description = "queues"
[[queue]]
name = "orders"
sent_per_minute = 300
consumer = { per_minute = 400 }
dead_letter = "orders-dead"
max_receives = 3
kms_key = "alias/q"
[[queue]]
name = "orders-dead"
retention_days = 14
[[queue]]
name = "mails"
sent_per_minute = 10
consumer = { per_minute = 100 }
"#;

pub fn queues(play: &str, minutes: i64) -> (Arc<World>, Arc<Endpoint>) {
    let estate = estate::parse(QUEUES).unwrap();
    let scenario = toml::from_str(&format!("title = \"t\"\n{play}")).unwrap();
    drill(&estate, &scenario, minutes)
}

#[tokio::test]
async fn one_balancer_routes_six_paths_to_six_groups() {
    let (_, config) = uex("calm", 5);
    let client = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let balancers = client.describe_load_balancers().send().await.unwrap();
    let [balancer] = balancers.load_balancers() else { panic!("one balancer") };
    assert_eq!(balancer.load_balancer_name(), Some("uex-payments-prod"));
    let arn = balancer.load_balancer_arn().unwrap();
    assert!(arn.ends_with(":loadbalancer/app/uex-payments-prod/0c95e7a1d3f8426b"), "{arn}");
    assert_eq!(balancer.state().unwrap().code().unwrap().as_str(), "active");
    assert_eq!(balancer.availability_zones().len(), 3);
    assert!(balancer.created_time().unwrap().secs() > 0);
    for size in [1, 4, 400] {
        let mut groups = Vec::new();
        let asked = client.describe_target_groups().load_balancer_arn(arn).page_size(size).into_paginator();
        let mut items = asked.items().send();
        while let Some(group) = items.next().await {
            groups.push(group.unwrap());
        }
        assert_eq!(groups.len(), 6, "by {size}");
        let mut ports: Vec<_> = groups.iter().filter_map(|group| group.port()).collect();
        ports.sort_unstable();
        assert_eq!(ports, [3900, 3901, 3902, 3903, 8900, 9000]);
    }
    let listeners = client.describe_listeners().load_balancer_arn(arn).send().await.unwrap();
    let listener = listeners.listeners()[0].listener_arn().unwrap();
    let rules = client.describe_rules().listener_arn(listener).send().await.unwrap();
    let paths: Vec<_> = rules.rules().iter().flat_map(|rule| rule.conditions()).flat_map(|one| one.values()).collect();
    let wanted = ["/presentation/*", "/client/*", "/management/*", "/api/uex/*", "/api/processing/*", "/api/mgmt/*"];
    assert_eq!(paths, wanted);
    assert_eq!(rules.rules().last().unwrap().is_default(), Some(true));
    let tags = client.describe_tags().resource_arns(arn).send().await.unwrap();
    assert_eq!(tags.tag_descriptions()[0].tags().len(), 3);
    let attributes = client.describe_load_balancer_attributes().load_balancer_arn(arn).send().await.unwrap();
    assert!(!attributes.attributes().is_empty());
    let ecs = aws_sdk_ecs::Client::new(&config);
    let services = ecs.describe_services().cluster("uex-payments-prod").services("uex-backend").send().await.unwrap();
    let group = services.services()[0].load_balancers()[0].target_group_arn().unwrap();
    let named = client.describe_target_groups().target_group_arns(group).send().await.unwrap();
    assert_eq!(named.target_groups()[0].target_group_name(), Some("uex-backend"));
    assert_eq!(named.target_groups()[0].load_balancer_arns(), [arn.to_owned()]);
    let attributes = client.describe_target_group_attributes().target_group_arn(group).send().await.unwrap();
    assert!(!attributes.attributes().is_empty());
}

#[tokio::test]
async fn what_is_missing_in_load_balancing() {
    let (_, config) = uex("calm", 0);
    let client = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let error = client.describe_load_balancers().names("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_load_balancer_not_found_exception());
    let error = client.describe_target_groups().names("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_target_group_not_found_exception());
    let error = client.describe_target_health().target_group_arn("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_target_group_not_found_exception());
    let error = client.describe_listeners().load_balancer_arn("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_load_balancer_not_found_exception());
    let error = client.describe_rules().listener_arn("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_listener_not_found_exception());
    let here = client.describe_load_balancers().names("uex-payments-prod").send().await.unwrap();
    assert_eq!(here.load_balancers().len(), 1);
}

#[tokio::test]
async fn targets_are_the_tasks_of_the_service() {
    let (world, config) = uex("image-pull", 4);
    let client = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let began: Timestamp = BEGAN.parse().unwrap();
    let (arn, running, leaving) = {
        let snapshot = world.at(began + SignedDuration::from_mins(4));
        let prod = snapshot.environment("666666666666", "us-east-1").unwrap();
        let service = &prod.clusters["uex-payments-prod"].services["uex-backend"];
        let count = |status| service.tasks.iter().filter(|task| task.last_status == status).count();
        let arn = service.target_group.as_ref().unwrap().arn.clone();
        (arn, count(TaskStatus::Running), count(TaskStatus::Deprovisioning))
    };
    let health = client.describe_target_health().target_group_arn(&arn).send().await.unwrap();
    let states: Vec<_> = health
        .target_health_descriptions()
        .iter()
        .map(|one| one.target_health().unwrap().state().unwrap().as_str().to_owned())
        .collect();
    assert_eq!(states.iter().filter(|state| *state == "healthy").count(), running, "{states:?}");
    assert_eq!(states.iter().filter(|state| *state == "draining").count(), leaving, "{states:?}");
    let asked = aws_sdk_elasticloadbalancingv2::types::TargetDescription::builder().id("10.9.9.9").build();
    let unknown = client.describe_target_health().target_group_arn(&arn).targets(asked).send().await.unwrap();
    let unknown = unknown.target_health_descriptions()[0].target_health().unwrap().state().unwrap().as_str().to_owned();
    assert_eq!(unknown, "unused");
}

#[tokio::test]
async fn queues_their_attributes_and_their_dead_letters() {
    let (_, endpoint) = queues("", 10);
    let client = aws_sdk_sqs::Client::new(&sdk(&endpoint, "123456789012", "eu-west-1"));
    for size in 1..=4 {
        let mut urls = client.list_queues().into_paginator().page_size(size).items().send();
        let mut names = Vec::new();
        while let Some(url) = urls.next().await {
            names.push(url.unwrap().rsplit('/').next().unwrap().to_owned());
        }
        assert_eq!(names, ["mails", "orders", "orders-dead"], "by {size}");
    }
    let prefix = client.list_queues().queue_name_prefix("orders").send().await.unwrap();
    assert_eq!(prefix.queue_urls().len(), 2);
    let url = client.get_queue_url().queue_name("orders").send().await.unwrap().queue_url.unwrap();
    assert_eq!(url, "https://sqs.eu-west-1.amazonaws.com/123456789012/orders");
    let all = aws_sdk_sqs::types::QueueAttributeName::All;
    let answer = client.get_queue_attributes().queue_url(&url).attribute_names(all).send().await.unwrap();
    let of = |name: &str| answer.attributes().unwrap().get(&name.into()).cloned();
    assert_eq!(of("QueueArn").as_deref(), Some("arn:aws:sqs:eu-west-1:123456789012:orders"));
    assert_eq!(of("MessageRetentionPeriod").as_deref(), Some("345600"));
    assert_eq!(of("SqsManagedSseEnabled").as_deref(), Some("false"));
    let policy: serde_json::Value = serde_json::from_str(&of("RedrivePolicy").unwrap()).unwrap();
    assert_eq!(policy["maxReceiveCount"], 3);
    assert_eq!(policy["deadLetterTargetArn"], "arn:aws:sqs:eu-west-1:123456789012:orders-dead");
    let none = client.get_queue_attributes().queue_url(&url).send().await.unwrap();
    assert!(none.attributes().is_none(), "nothing is asked for");
    let dead = client.get_queue_url().queue_name("orders-dead").send().await.unwrap().queue_url.unwrap();
    let sources = client.list_dead_letter_source_queues().queue_url(&dead).send().await.unwrap();
    assert_eq!(sources.queue_urls(), std::slice::from_ref(&url));
    assert!(client.list_queue_tags().queue_url(&url).send().await.unwrap().tags().is_none_or(|tags| tags.is_empty()));
    let error = client.get_queue_url().queue_name("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());
    let error = client.get_queue_attributes().queue_url("https://x/1/none").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());
}

/// A request as a client signs it, with a signature that nobody checks.
async fn signed(endpoint: &Endpoint, service: &str, region: &str, request: MockRequest) -> MockResponse {
    let key = "AKIADRIL333333333333";
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20261121/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    );
    let mut request = request;
    request.headers.insert(http::header::AUTHORIZATION, HeaderValue::from_str(&value).unwrap());
    match endpoint.answer(&request).await {
        Answer::Response(response) => response,
        other => panic!("{other:?}"),
    }
}

async fn s3(endpoint: &Endpoint, region: &str, method: &str, uri: &str) -> (u16, String) {
    let uri = format!("https://s3.{region}.amazonaws.com{uri}");
    let request = MockRequest { method: method.into(), uri, headers: HeaderMap::new(), body: Default::default() };
    let response = signed(endpoint, "s3", region, request).await;
    (response.status, String::from_utf8(response.body.to_vec()).unwrap())
}

async fn kms(endpoint: &Endpoint, operation: &str, body: &str) -> (u16, serde_json::Value) {
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-target", HeaderValue::from_str(&format!("TrentService.{operation}")).unwrap());
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.1"));
    let body = body.to_owned().into();
    let request = MockRequest { method: "POST".into(), uri: "/".into(), headers, body };
    let response = signed(endpoint, "kms", "us-east-1", request).await;
    (response.status, serde_json::from_slice(&response.body).unwrap())
}

#[tokio::test]
async fn receipts_expire_are_encrypted_and_not_public() {
    let (_, endpoint) = embedded("payments", "calm", 0);
    let bucket = "payments-prod-receipts-333333333333";
    let (status, all) = s3(&endpoint, "eu-west-1", "GET", "/?x-id=ListBuckets").await;
    assert_eq!(status, 200);
    assert!(all.contains(&format!("<Name>{bucket}</Name>")), "from any region: {all}");
    assert!(all.contains("<BucketRegion>us-east-1</BucketRegion>"), "{all}");
    let ask = async |sub: &str| s3(&endpoint, "us-east-1", "GET", &format!("/{bucket}?{sub}")).await;
    assert!(ask("lifecycle").await.1.contains("<Expiration><Days>365</Days></Expiration>"));
    let encryption = ask("encryption").await.1;
    assert!(encryption.contains("<KMSMasterKeyID>arn:aws:kms:us-east-1:333333333333:key/"), "{encryption}");
    assert!(ask("versioning").await.1.contains("<Status>Enabled</Status>"));
    assert!(ask("publicAccessBlock").await.1.contains("<RestrictPublicBuckets>true</RestrictPublicBuckets>"));
    assert!(ask("tagging").await.1.contains("<Key>CostCenter</Key><Value>CC-4120</Value>"));
    assert!(ask("location").await.1.contains("LocationConstraint"));
    assert_eq!(s3(&endpoint, "us-east-1", "HEAD", &format!("/{bucket}")).await.0, 200);
    assert_eq!(s3(&endpoint, "eu-west-1", "HEAD", &format!("/{bucket}")).await.0, 301);
    let (status, error) = s3(&endpoint, "us-east-1", "GET", "/none?lifecycle").await;
    assert!(status == 404 && error.contains("<Code>NoSuchBucket</Code>"), "{error}");
    let (status, error) = s3(&endpoint, "us-east-1", "PUT", &format!("/{bucket}/key")).await;
    assert!(status == 403 && error.contains("<Code>AccessDenied</Code>"), "{error}");
    let uri = format!("https://{bucket}.s3.us-east-1.amazonaws.com/?lifecycle");
    let request = MockRequest { method: "GET".into(), uri, headers: HeaderMap::new(), body: Default::default() };
    assert_eq!(signed(&endpoint, "s3", "us-east-1", request).await.status, 200);
}

#[tokio::test]
async fn an_environment_has_its_own_key() {
    let (_, endpoint) = embedded("payments", "calm", 0);
    let (_, aliases) = kms(&endpoint, "ListAliases", "{}").await;
    assert_eq!(aliases["Aliases"][0]["AliasName"], "alias/payments-prod");
    assert_eq!(aliases["Truncated"], false);
    let (_, keys) = kms(&endpoint, "ListKeys", "{}").await;
    let id = keys["Keys"][0]["KeyId"].as_str().unwrap().to_owned();
    for name in [id.as_str(), "alias/payments-prod", keys["Keys"][0]["KeyArn"].as_str().unwrap()] {
        let (_, key) = kms(&endpoint, "DescribeKey", &format!("{{\"KeyId\":\"{name}\"}}")).await;
        assert_eq!(key["KeyMetadata"]["KeyId"], id.as_str(), "{name}");
    }
    let asked = format!("{{\"KeyId\":\"{id}\"}}");
    assert_eq!(kms(&endpoint, "GetKeyRotationStatus", &asked).await.1["KeyRotationEnabled"], true);
    let (_, tags) = kms(&endpoint, "ListResourceTags", &asked).await;
    assert_eq!(tags["Tags"].as_array().unwrap().len(), 3);
    let (status, error) = kms(&endpoint, "DescribeKey", "{\"KeyId\":\"alias/none\"}").await;
    assert_eq!((status, error["__type"].as_str()), (400, Some("NotFoundException")));
}

#[tokio::test]
async fn groups_of_logs_are_kept_as_long_as_the_environment_wants() {
    for (account, region, days) in
        [("111111111111", "eu-west-1", 30), ("222222222222", "us-west-2", 90), ("333333333333", "us-east-1", 365)]
    {
        let (_, endpoint) = embedded("payments", "calm", 0);
        let client = aws_sdk_cloudwatchlogs::Client::new(&sdk(&endpoint, account, region));
        for size in [1, 3, 50] {
            let mut items = client.describe_log_groups().limit(size).into_paginator().items().send();
            let mut names = Vec::new();
            while let Some(group) = items.next().await {
                let group = group.unwrap();
                assert_eq!(group.retention_in_days(), Some(days));
                assert!(group.kms_key_id().is_some() && group.stored_bytes() > Some(0));
                names.push(group.log_group_name().unwrap().to_owned());
            }
            assert_eq!(names.len(), 4, "{names:?}");
            assert!(names[0].starts_with("/aws/apigateway/") && names[3].starts_with("/aws/lambda/"), "{names:?}");
        }
        let some = client.describe_log_groups().log_group_name_prefix("/aws/lambda/").send().await.unwrap();
        assert_eq!(some.log_groups().len(), 3);
        let arn = some.log_groups()[0].log_group_arn().unwrap();
        let tags = client.list_tags_for_resource().resource_arn(arn).send().await.unwrap();
        assert_eq!(tags.tags().unwrap().len(), 3);
        let error = client.describe_log_groups().limit(51).send().await.unwrap_err();
        assert!(error.into_service_error().is_invalid_parameter_exception());
    }
}

fn play(estate: &str, text: &str, minutes: i64) -> Arc<Endpoint> {
    let estate = estate::load(estate).unwrap();
    let scenario = toml::from_str(&format!("title = \"t\"\n{text}")).unwrap();
    drill(&estate, &scenario, minutes).1
}

#[tokio::test]
async fn sick_targets_are_unhealthy_for_as_long_as_the_scenario_says() {
    let text = "[[unhealthy]]\nat_s = 60\nfor_s = 600\nenvironment = \"prod\"\ncluster = \"uex-payments-prod\"\nservice = \"uex-backend\"\nshare = 0.5\n";
    for (minutes, unhealthy) in [(0, 0), (5, 3), (15, 0)] {
        let config = sdk(&play("uex-payments", text, minutes), "666666666666", "us-east-1");
        let client = aws_sdk_elasticloadbalancingv2::Client::new(&config);
        let groups = client.describe_target_groups().names("uex-backend").send().await.unwrap();
        let arn = groups.target_groups()[0].target_group_arn().unwrap();
        let health = client.describe_target_health().target_group_arn(arn).send().await.unwrap();
        let sick = health
            .target_health_descriptions()
            .iter()
            .filter_map(|one| one.target_health())
            .filter(|health| health.state().unwrap().as_str() == "unhealthy" && health.reason().is_some());
        assert_eq!((health.target_health_descriptions().len(), sick.count()), (6, unhealthy), "{minutes}");
    }
}

#[tokio::test]
async fn a_deployment_of_an_api_is_the_newest_and_its_stage_shows_it() {
    let text = "[[api_deploy]]\nat_s = 60\nenvironment = \"prod\"\nrest_api = \"payments-prod\"\ndescription = \"release 12\"\nrate_limit = 10\n";
    let config = sdk(&play("payments", text, 5), "333333333333", "us-east-1");
    let client = aws_sdk_apigateway::Client::new(&config);
    let api = client.get_rest_apis().send().await.unwrap().items()[0].id().unwrap().to_owned();
    let deployments = client.get_deployments().rest_api_id(&api).send().await.unwrap();
    let newest = &deployments.items()[0];
    assert_eq!(newest.description(), Some("release 12"));
    let began: Timestamp = BEGAN.parse().unwrap();
    assert_eq!(newest.created_date().unwrap().secs(), began.as_second() + 60);
    let stages = client.get_stages().rest_api_id(&api).send().await.unwrap();
    assert_eq!(stages.item()[0].deployment_id(), newest.id());
    assert_eq!(stages.item()[0].method_settings().unwrap()["*/*"].throttling_rate_limit(), 10.0);
}

#[tokio::test]
async fn scaling_activities_say_what_was_done_and_why() {
    use aws_sdk_applicationautoscaling::types::ServiceNamespace::Ecs;
    let (_, config) = uex("peak", 20);
    let client = aws_sdk_applicationautoscaling::Client::new(&config);
    let answer = client.describe_scaling_activities().service_namespace(Ecs).send().await.unwrap();
    assert!(!answer.scaling_activities().is_empty());
    for activity in answer.scaling_activities() {
        assert!(activity.description().starts_with("Setting desired count to "), "{}", activity.description());
        assert!(activity.cause().contains("in state ALARM triggered policy"), "{}", activity.cause());
        let ended = activity.end_time().map(|at| at.secs());
        assert!(ended.is_none_or(|ended| ended >= activity.start_time().secs()));
        assert_eq!(ended.is_some(), activity.status_code().as_str() == "Successful");
    }
    let done = answer.scaling_activities().iter().filter(|one| one.status_code().as_str() == "Successful");
    assert!(done.count() > 0);
}
