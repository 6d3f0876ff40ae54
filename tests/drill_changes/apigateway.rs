use aws_sdk_apigateway::Client;
use aws_sdk_apigateway::error::ProvideErrorMetadata;
use aws_sdk_apigateway::types::{Op, PatchOperation};
use watchfloor::drill::world::metric::MetricId;
use watchfloor::model::Stat;

use crate::rig::Rig;

fn replace(path: &str, value: &str) -> PatchOperation {
    PatchOperation::builder().op(Op::Replace).path(path).value(value).build()
}

/// Requests and 4xx answers of the API in the five minutes before the last one.
fn requests(rig: &Rig) -> (f64, f64) {
    rig.look("prod", |world, now| {
        let sum = |metric: &str| -> f64 {
            let id = MetricId::new("AWS/ApiGateway", metric, &[("ApiName", "payments-prod")]);
            let at = |minutes: i64| now - jiff::SignedDuration::from_mins(minutes);
            world.metrics.query(now, &id, Stat::Sum, 60, at(7), at(2)).iter().map(|(_, value)| value).sum()
        };
        (sum("Count"), sum("4XXError"))
    })
}

#[tokio::test(start_paused = true)]
async fn throttles_follow_the_stage() {
    let rig = Rig::new("payments", "calm", 10);
    let client = Client::new(&rig.sdk("prod"));
    let api = client.get_rest_apis().send().await.unwrap().items()[0].id().unwrap().to_owned();
    let update = || client.update_stage().rest_api_id(&api).stage_name("live");
    let (all, refused) = requests(&rig);
    assert!(refused / all < 0.05, "{refused} of {all}");
    let half = all / 5.0 / 60.0 / 2.0;
    let answer = update()
        .patch_operations(replace("/*/*/throttling/rateLimit", &format!("{half}")))
        .patch_operations(replace("/*/*/throttling/burstLimit", "7"))
        .send()
        .await
        .unwrap();
    let setting = &answer.method_settings().unwrap()["*/*"];
    assert_eq!((setting.throttling_rate_limit(), setting.throttling_burst_limit()), (half, 7));
    rig.minutes(9).await;
    let (all, refused) = requests(&rig);
    assert!((0.3..0.7).contains(&(refused / all)), "{refused} of {all}");
    update().patch_operations(replace("/*/*/throttling/rateLimit", "2000")).send().await.unwrap();
    rig.minutes(9).await;
    let (all, refused) = requests(&rig);
    assert!(refused / all < 0.05, "{refused} of {all}");
}

#[tokio::test(start_paused = true)]
async fn a_method_has_a_throttle_of_its_own() {
    let rig = Rig::new("payments", "calm", 10);
    let client = Client::new(&rig.sdk("prod"));
    let api = client.get_rest_apis().send().await.unwrap().items()[0].id().unwrap().to_owned();
    let (path, method) = rig.look("prod", |world, _| {
        let route = &world.rest_apis.values().next().unwrap().routes[0];
        (route.path.replace('/', "~1"), route.method.clone())
    });
    let update = || client.update_stage().rest_api_id(&api).stage_name("live");
    let rate = format!("/{path}/{method}/throttling/rateLimit");
    update().patch_operations(replace(&rate, "0")).send().await.unwrap();
    rig.minutes(9).await;
    let (all, refused) = requests(&rig);
    assert!(refused / all > 0.1 && refused / all < 0.95, "only this method is shut: {refused} of {all}");
    let shown = client.get_stage().rest_api_id(&api).stage_name("live").send().await.unwrap();
    let setting = &shown.method_settings().unwrap()[&format!("{path}/{method}")];
    assert_eq!((setting.throttling_rate_limit(), setting.throttling_burst_limit()), (0.0, 5000), "AWS's default");
    let answer = update().patch_operations(replace(&rate, "-1")).send().await.unwrap();
    assert_eq!(answer.method_settings().unwrap()[&format!("{path}/{method}")].throttling_rate_limit(), -1.0);
    update().patch_operations(replace("/*/*/throttling/rateLimit", "0")).send().await.unwrap();
    rig.minutes(9).await;
    let (all, refused) = requests(&rig);
    assert!(refused / all > 0.1 && refused / all < 0.95, "only this method is open: {refused} of {all}");
    let remove = PatchOperation::builder().op(Op::Remove).path(format!("/{path}/{method}")).build();
    let answer = update().patch_operations(remove).send().await.unwrap();
    assert_eq!(answer.method_settings().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn patches_that_mean_nothing_are_refused_as_a_whole() {
    let rig = Rig::new("payments", "calm", 10);
    let client = Client::new(&rig.sdk("prod"));
    let api = client.get_rest_apis().send().await.unwrap().items()[0].id().unwrap().to_owned();
    let before = client.get_stage().rest_api_id(&api).stage_name("live").send().await.unwrap();
    for bad in [
        replace("/*/*/throttling/rateLimit", "many"),
        replace("/*/*/throttling/burstLimit", "-2"),
        PatchOperation::builder().op(Op::Remove).path("/~1nothing/GET").build(),
        replace("/nothing", "1"),
        PatchOperation::builder().op(Op::Add).path("/*/*/throttling/rateLimit").value("1").build(),
    ] {
        let update = client.update_stage().rest_api_id(&api).stage_name("live");
        let update = update.patch_operations(replace("/*/*/throttling/rateLimit", "1")).patch_operations(bad);
        assert_eq!(update.send().await.unwrap_err().code(), Some("BadRequestException"));
    }
    let missing = client.update_stage().rest_api_id(&api).stage_name("nobody");
    assert_eq!(missing.send().await.unwrap_err().code(), Some("NotFoundException"));
    let after = client.get_stage().rest_api_id(&api).stage_name("live").send().await.unwrap();
    assert_eq!(after.method_settings(), before.method_settings());
}
