use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ReturnValue,
    ReturnValuesOnConditionCheckFailure, ScalarAttributeType, TimeToLiveSpecification,
};

use crate::rig::Rig;

const TABLE: &str = "watchfloor-team";

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

async fn create(client: &Client) -> Result<(), Option<String>> {
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let create = client
        .create_table()
        .table_name(TABLE)
        .attribute_definitions(attribute("pk"))
        .attribute_definitions(attribute("sk"))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .billing_mode(BillingMode::PayPerRequest);
    create.send().await.map(|_| ()).map_err(|error| error.code().map(str::to_owned))
}

/// A table that can be used.
async fn team() -> (Rig, Client) {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    create(&client).await.unwrap();
    rig.seconds(20).await;
    (rig, client)
}

fn key(sk: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), text("LOCK")), ("sk".to_owned(), text(sk))])
}

#[tokio::test(start_paused = true)]
async fn a_table_is_made_and_can_be_used_after_a_while() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    create(&client).await.unwrap();
    let status = async || {
        let shown = client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap();
        assert_eq!(shown.billing_mode_summary().unwrap().billing_mode(), Some(&BillingMode::PayPerRequest));
        shown.table_status().unwrap().as_str().to_owned()
    };
    assert_eq!(status().await, "CREATING");
    let early = client.get_item().table_name(TABLE).set_key(Some(key("a"))).send().await.unwrap_err();
    assert_eq!(early.code(), Some("ResourceNotFoundException"));
    assert_eq!(create(&client).await, Err(Some("ResourceInUseException".to_owned())));
    rig.seconds(20).await;
    assert_eq!(status().await, "ACTIVE");
    let ttl = || {
        let ttl = TimeToLiveSpecification::builder().attribute_name("expires").enabled(true).build().unwrap();
        client.update_time_to_live().table_name(TABLE).time_to_live_specification(ttl)
    };
    ttl().send().await.unwrap();
    assert_eq!(ttl().send().await.unwrap_err().code(), Some("ValidationException"));
    let shown = client.describe_time_to_live().table_name(TABLE).send().await.unwrap();
    let shown = shown.time_to_live_description().unwrap();
    assert_eq!((shown.attribute_name(), shown.time_to_live_status().unwrap().as_str()), (Some("expires"), "ENABLED"));
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_taken_once_and_again_when_it_has_expired() {
    let (rig, client) = team().await;
    let take = |holder: &str, now: i64| {
        client
            .put_item()
            .table_name(TABLE)
            .item("pk", text("LOCK"))
            .item("sk", text("arn:aws:ecs:x"))
            .item("holder", text(holder))
            .item("expires", number(now + 60))
            .condition_expression("attribute_not_exists(pk) OR expires < :now")
            .expression_attribute_values(":now", number(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    };
    take("anna", 1000).send().await.unwrap();
    let refused = take("ben", 1030).send().await.unwrap_err().into_service_error();
    assert!(refused.is_conditional_check_failed_exception());
    let aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(why) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(why.item().unwrap()["holder"], text("anna"), "who holds it");
    take("ben", 1061).send().await.unwrap();
    let found = client.get_item().table_name(TABLE).set_key(Some(key("arn:aws:ecs:x"))).consistent_read(true);
    assert_eq!(found.send().await.unwrap().item().unwrap()["holder"], text("ben"));
    let release = |holder: &str| {
        client
            .delete_item()
            .table_name(TABLE)
            .set_key(Some(key("arn:aws:ecs:x")))
            .condition_expression("holder = :me")
            .expression_attribute_values(":me", text(holder))
    };
    let theirs = release("anna").send().await.unwrap_err();
    assert_eq!(theirs.code(), Some("ConditionalCheckFailedException"));
    release("ben").send().await.unwrap();
    let gone = client.get_item().table_name(TABLE).set_key(Some(key("arn:aws:ecs:x"))).send().await.unwrap();
    assert!(gone.item().is_none());
    assert_eq!((rig.sent("PutItem"), rig.sent("DeleteItem"), rig.sent("GetItem")), (3, 2, 0));
}

#[tokio::test(start_paused = true)]
async fn items_are_changed_and_found_in_order() {
    let (_rig, client) = team().await;
    for n in [3, 1, 2, 10] {
        let put = client.put_item().table_name(TABLE).item("pk", text("RECORD")).item("n", number(n));
        put.item("sk", text(&format!("2026-11-21T03:{n:02}"))).send().await.unwrap();
    }
    client.put_item().table_name(TABLE).item("pk", text("OTHER")).item("sk", text("x")).send().await.unwrap();
    let query = || {
        client
            .query()
            .table_name(TABLE)
            .key_condition_expression("pk = :p AND begins_with(sk, :s)")
            .expression_attribute_values(":p", text("RECORD"))
            .expression_attribute_values(":s", text("2026-11-21"))
    };
    let all = query().send().await.unwrap();
    let order: Vec<&AttributeValue> = all.items().iter().map(|item| &item["n"]).collect();
    assert_eq!(order, [&number(1), &number(2), &number(3), &number(10)]);
    let first = query().limit(3).scan_index_forward(false).send().await.unwrap();
    assert_eq!((first.count(), first.items()[0]["n"].clone()), (3, number(10)));
    let rest = query().scan_index_forward(false).set_exclusive_start_key(first.last_evaluated_key.clone());
    let rest = rest.send().await.unwrap();
    assert_eq!((rest.count(), rest.last_evaluated_key()), (1, None));
    let update =
        || client.update_item().table_name(TABLE).key("pk", text("RECORD")).key("sk", text("2026-11-21T03:01"));
    let changed = update()
        .update_expression("SET #s = :new REMOVE n")
        .condition_expression("attribute_exists(pk) AND NOT #s = :new")
        .expression_attribute_names("#s", "status")
        .expression_attribute_values(":new", text("closed"))
        .return_values(ReturnValue::AllNew);
    let attributes = changed.clone().send().await.unwrap().attributes.unwrap();
    assert_eq!((attributes["status"].clone(), attributes.contains_key("n")), (text("closed"), false));
    assert_eq!(changed.send().await.unwrap_err().code(), Some("ConditionalCheckFailedException"), "once is enough");
    let key_changed = update().update_expression("SET pk = :x").expression_attribute_values(":x", text("y"));
    assert_eq!(key_changed.send().await.unwrap_err().code(), Some("ValidationException"));
}

#[tokio::test(start_paused = true)]
async fn what_dynamodb_would_not_take_is_refused() {
    let (_rig, client) = team().await;
    let put = || client.put_item().table_name(TABLE).item("pk", text("P")).item("sk", text("S"));
    let values = |name: &str| put().expression_attribute_values(name, text("x"));
    for (place, request) in [
        client.put_item().table_name(TABLE).item("pk", text("P")),
        client.put_item().table_name(TABLE).item("pk", number(1)).item("sk", text("S")),
        client.put_item().table_name(TABLE).item("pk", text("")).item("sk", text("S")),
        put().condition_expression("pk == pk"),
        put().condition_expression("status = sk"),
        put().condition_expression("pk = :x"),
        values(":x"),
        put().item("large", text(&"x".repeat(410_000))),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(request.send().await.unwrap_err().code(), Some("ValidationException"), "{place}");
    }
    let get = client.get_item().table_name(TABLE).key("pk", text("P")).send().await.unwrap_err();
    assert_eq!(get.code(), Some("ValidationException"), "half a key");
    let query = client.query().table_name(TABLE).key_condition_expression("sk = :s");
    let query = query.expression_attribute_values(":s", text("S")).send().await.unwrap_err();
    assert!(query.message().unwrap().contains("missed key schema element: pk"), "{:?}", query.message());
    let missing = client.get_item().table_name("nobody").set_key(Some(key("a"))).send().await.unwrap_err();
    assert_eq!(missing.code(), Some("ResourceNotFoundException"));
    let none = client.get_item().table_name(TABLE).key("pk", text("P")).key("sk", text("S")).send().await.unwrap();
    assert!(none.item().is_none(), "nothing was put");
}
