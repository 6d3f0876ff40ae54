use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    BillingMode, GlobalSecondaryIndexUpdate, ProvisionedThroughput, TableDescription, UpdateGlobalSecondaryIndexAction,
};
use watchfloor::drill::world::metric::MetricId;
use watchfloor::model::Stat;

use crate::rig::Rig;

const TABLE: &str = "payments-prod-transactions";

fn units(read: i64, write: i64) -> ProvisionedThroughput {
    ProvisionedThroughput::builder().read_capacity_units(read).write_capacity_units(write).build().unwrap()
}

async fn table(client: &Client) -> TableDescription {
    client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap()
}

fn throttles(rig: &Rig, minutes: i64) -> f64 {
    rig.look("prod", |world, now| {
        let id = MetricId::new("AWS/DynamoDB", "WriteThrottleEvents", &[("TableName", TABLE)]);
        let from = now - jiff::SignedDuration::from_mins(minutes);
        world.metrics.query(now, &id, Stat::Sum, 60, from, now).iter().map(|(_, value)| value).sum()
    })
}

fn index(read: i64, write: i64) -> GlobalSecondaryIndexUpdate {
    let action = UpdateGlobalSecondaryIndexAction::builder()
        .index_name("by-merchant")
        .provisioned_throughput(units(read, write))
        .build()
        .unwrap();
    GlobalSecondaryIndexUpdate::builder().update(action).build()
}

#[tokio::test(start_paused = true)]
async fn more_capacity_ends_the_throttles_of_the_hot_table() {
    let rig = Rig::new("payments", "hot-table", 30);
    let client = Client::new(&rig.sdk("prod"));
    assert!(throttles(&rig, 5) > 0.0 && rig.alarms("prod").len() >= 3);
    let update = client.update_table().table_name(TABLE).provisioned_throughput(units(100, 300));
    let answer = update.global_secondary_index_updates(index(100, 300)).send().await.unwrap();
    let shown = answer.table_description().unwrap();
    assert_eq!(shown.table_status().unwrap().as_str(), "UPDATING");
    assert_eq!(shown.provisioned_throughput().unwrap().write_capacity_units(), Some(100), "not yet");
    assert_eq!(shown.global_secondary_indexes()[0].index_status().unwrap().as_str(), "UPDATING");
    let again = client.update_table().table_name(TABLE).provisioned_throughput(units(100, 400)).send().await;
    assert_eq!(again.unwrap_err().code(), Some("ResourceInUseException"));
    rig.minutes(2).await;
    let after = table(&client).await;
    assert_eq!(after.table_status().unwrap().as_str(), "ACTIVE");
    let capacity = after.provisioned_throughput().unwrap();
    assert_eq!((capacity.read_capacity_units(), capacity.write_capacity_units()), (Some(100), Some(300)));
    assert!(capacity.last_increase_date_time().is_some() && capacity.last_decrease_date_time().is_none());
    rig.minutes(15).await;
    assert_eq!(throttles(&rig, 10), 0.0);
    // Alarms on AWS/DynamoDB ignore missing data: one that nothing is reported for any more keeps its state.
    assert_eq!(rig.alarms("prod"), ["payments-prod-transactions-write-throttles"]);
    let changes = rig.endpoint.log().changes();
    assert_eq!(changes.len(), 2, "with the refused one");
}

#[tokio::test(start_paused = true)]
async fn decreases_are_limited_in_a_day() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let update = |write| client.update_table().table_name(TABLE).provisioned_throughput(units(100, write));
    for (place, write) in [90, 80, 70, 60].into_iter().enumerate() {
        update(write).send().await.unwrap();
        rig.minutes(2).await;
        let shown = table(&client).await.provisioned_throughput.unwrap();
        assert_eq!(shown.number_of_decreases_today(), i64::try_from(place + 1).ok());
        assert!(shown.last_decrease_date_time().is_some());
    }
    let error = update(50).send().await.unwrap_err();
    assert_eq!(error.code(), Some("LimitExceededException"));
    assert!(error.message().unwrap().contains("Number of decreases today: 4"), "{:?}", error.message());
    update(65).send().await.unwrap();
    rig.minutes(61).await;
    update(50).send().await.unwrap();
    rig.minutes(2).await;
    let shown = table(&client).await.provisioned_throughput.unwrap();
    assert_eq!((shown.number_of_decreases_today(), shown.write_capacity_units()), (Some(5), Some(50)));
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_a_capacity_is_refused() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let update = || client.update_table().table_name(TABLE);
    let same = update().provisioned_throughput(units(100, 100)).send().await.unwrap_err();
    assert_eq!(same.code(), Some("ValidationException"));
    assert!(same.message().unwrap().contains("will not change"));
    let codes = [
        (update().provisioned_throughput(units(0, 100)), "ValidationException"),
        (update().provisioned_throughput(units(100, 40_001)), "LimitExceededException"),
        (update().billing_mode(BillingMode::PayPerRequest), "ValidationException"),
        (update(), "ValidationException"),
        (update().deletion_protection_enabled(true), "ValidationException"),
        (client.update_table().table_name("nobody").provisioned_throughput(units(1, 1)), "ResourceNotFoundException"),
    ];
    for (place, (request, code)) in codes.into_iter().enumerate() {
        assert_eq!(request.send().await.unwrap_err().code(), Some(code), "{place}");
    }
    assert_eq!(table(&client).await.table_status().unwrap().as_str(), "ACTIVE");
}
