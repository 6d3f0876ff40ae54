use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::types::AliasRoutingConfiguration;
use watchfloor::drill::world::metric::MetricId;
use watchfloor::model::Stat;

use crate::rig::Rig;

const FUNCTION: &str = "payments-prod-payment-processing";

/// Sum of a metric of the function over the five minutes before the last one.
fn sum(rig: &Rig, metric: &str) -> f64 {
    rig.look("prod", |world, now| {
        let id = MetricId::new("AWS/Lambda", metric, &[("FunctionName", FUNCTION)]);
        let at = |minutes: i64| now - jiff::SignedDuration::from_mins(minutes);
        world.metrics.query(now, &id, Stat::Sum, 60, at(7), at(2)).iter().map(|(_, value)| value).sum()
    })
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_is_moved_back_ends_the_bad_deploy() {
    let rig = Rig::new("payments", "bad-deploy", 8);
    let client = Client::new(&rig.sdk("prod"));
    assert!(rig.alarms("prod").len() >= 3, "{:?}", rig.alarms("prod"));
    assert!(sum(&rig, "Errors") / sum(&rig, "Invocations") > 0.05);
    let alias = client.get_alias().function_name(FUNCTION).name("live").send().await.unwrap();
    assert_eq!(alias.function_version(), Some("43"));
    let update = client.update_alias().function_name(FUNCTION).name("live").function_version("42");
    let moved = update.revision_id(alias.revision_id().unwrap()).send().await.unwrap();
    assert_eq!(moved.function_version(), Some("42"));
    assert_ne!(moved.revision_id(), alias.revision_id());
    rig.minutes(15).await;
    assert!(sum(&rig, "Errors") / sum(&rig, "Invocations") < 0.01);
    // Alarms on AWS/DynamoDB ignore missing data: one that nothing is reported for any more keeps its state.
    assert_eq!(rig.alarms("prod"), ["payments-prod-transactions-write-throttles"]);
    let stays = client.get_alias().function_name(FUNCTION).name("live").send().await.unwrap();
    assert_eq!((stays.function_version(), stays.revision_id()), (Some("42"), moved.revision_id()));
}

#[tokio::test(start_paused = true)]
async fn a_weight_shares_the_errors_out() {
    let rig = Rig::new("payments", "bad-deploy", 5);
    let client = Client::new(&rig.sdk("prod"));
    let whole = sum(&rig, "Errors") / sum(&rig, "Invocations");
    let weights = |weight| AliasRoutingConfiguration::builder().additional_version_weights("43", weight).build();
    let update = || client.update_alias().function_name(FUNCTION).name("live");
    update().function_version("42").routing_config(weights(0.5)).send().await.unwrap();
    rig.minutes(8).await;
    let half = sum(&rig, "Errors") / sum(&rig, "Invocations");
    assert!(half < whole * 0.75 && half > whole * 0.25, "{half} of {whole}");
    let kept = update().description("x").send().await.unwrap();
    assert_eq!(kept.routing_config().unwrap().additional_version_weights().unwrap()["43"], 0.5, "as in Lambda");
    let none = update().routing_config(AliasRoutingConfiguration::builder().build()).send().await.unwrap();
    assert!(none.routing_config().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_alias_refuses_what_lambda_refuses() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let update = || client.update_alias().function_name(FUNCTION).name("live");
    let before = client.get_alias().function_name(FUNCTION).name("live").send().await.unwrap();
    let error = update().function_version("41").revision_id("another").send().await.unwrap_err();
    assert_eq!(error.code(), Some("PreconditionFailedException"));
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 412);
    let error = update().function_version("9999").send().await.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    let missing = client.update_alias().function_name(FUNCTION).name("nobody").function_version("41");
    assert_eq!(missing.send().await.unwrap_err().code(), Some("ResourceNotFoundException"));
    let weigh = |version: &str, weight| {
        update()
            .routing_config(AliasRoutingConfiguration::builder().additional_version_weights(version, weight).build())
    };
    let current = before.function_version().unwrap();
    for (version, weight) in [(current, 0.1), ("41", 1.5), ("41", -0.1)] {
        let error = weigh(version, weight).send().await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameterValueException"), "{version} {weight}");
    }
    let after = client.get_alias().function_name(FUNCTION).name("live").send().await.unwrap();
    assert_eq!(after.revision_id(), before.revision_id(), "nothing was changed");
}

#[tokio::test(start_paused = true)]
async fn concurrency_is_reserved_within_the_accounts_limit() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let put = |n| client.put_function_concurrency().function_name(FUNCTION).reserved_concurrent_executions(n);
    let error = put(990).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValueException"));
    assert!(error.message().unwrap().contains("below its minimum value of [100]"));
    assert_eq!(put(-1).send().await.unwrap_err().code(), Some("InvalidParameterValueException"));
    put(0).send().await.unwrap();
    rig.minutes(9).await;
    assert_eq!(sum(&rig, "Invocations"), 0.0, "0 stops the function");
    assert!(sum(&rig, "Throttles") > 0.0);
    let limits = client.get_account_settings().send().await.unwrap();
    assert_eq!(limits.account_limit().unwrap().concurrent_executions(), 1000);
    client.delete_function_concurrency().function_name(FUNCTION).send().await.unwrap();
    let held = client.get_function_concurrency().function_name(FUNCTION).send().await.unwrap();
    assert_eq!(held.reserved_concurrent_executions(), None);
    rig.minutes(9).await;
    assert!(sum(&rig, "Invocations") > 0.0);
}
