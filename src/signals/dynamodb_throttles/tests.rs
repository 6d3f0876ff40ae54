//! Tests of the DynamoDB throttles signal: judgement on plain data, inventories through the real SDK clients.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::testing::wire::{self, Answer, BOUNDARIES, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

fn store(table: &str, index: Option<&str>, provisioned: Option<(i64, i64)>) -> Store {
    Store {
        table: table.into(),
        index: index.map(Into::into),
        arn: "arn:t".into(),
        description: Some(Description { status: "ACTIVE".into(), provisioned, changed: None }),
    }
}

fn read(stores: Vec<Store>, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let inventory = Inventory { stores, fault: None };
    let set = metrics(&DynamoDbThrottles.queries(&inventory), points);
    let reading = interpret(&DynamoDbThrottles, &inventory, &set);
    check_invariants(&reading);
    reading
}

/// A table with 100/100 units, with these throttles and this consumption a minute.
fn table(read_throttles: f64, write_throttles: f64, consumed: f64) -> Reading {
    read(vec![store("payments-prod-transactions", None, Some((100, 100)))], |query| match &*query.name {
        "ReadThrottleEvents" => steady(read_throttles),
        "WriteThrottleEvents" => steady(write_throttles),
        _ => steady(consumed),
    })
}

#[rstest]
#[case(0.0, 0.0, 0.0, Severity::Ok, "0")]
#[case(0.2, 0.2, 0.0, Severity::Ok, "0.4/min")]
#[case(0.0, 1.0, 0.0, Severity::Warning, "1/min")]
#[case(12.0, 400.0, 0.0, Severity::Warning, "412/min")]
#[case(300.0, 300.0, 0.0, Severity::Critical, "600/min")]
#[case(0.0, 0.0, 4799.0, Severity::Ok, "0")]
#[case(0.0, 0.0, 4800.0, Severity::Warning, "80.0 % used")]
#[case(5.0, 0.0, 6000.0, Severity::Warning, "5/min")]
#[case(0.0, 0.0, 6600.0, Severity::Warning, "110.0 % used")]
fn throttles_and_use_as_severities(
    #[case] read_throttles: f64,
    #[case] write_throttles: f64,
    #[case] consumed: f64,
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let reading = table(read_throttles, write_throttles, consumed);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[test]
fn the_cell_has_curve_time_and_number() {
    let reading = table(12.0, 400.0, 6.0);
    assert_eq!((reading.value, reading.unit.as_str(), reading.since), (Some(412.0), "/min", Some(minute(0))));
    assert_eq!(reading.series.unwrap().points[3], Some(412.0));
    let table = &reading.resources[0];
    assert_eq!(table.logical_name, "transactions");
    assert_eq!(field(table, "consumed_read_per_s"), FieldValue::Number(0.1));
    assert_eq!(field(table, "read_utilisation"), FieldValue::Number(0.1));
    assert!(table.reason.starts_with("12/min reads throttled, 400/min writes throttled"));
}

#[test]
fn missing_points_are_zero_when_answered() {
    let reading = read(vec![store("t", None, None)], |_| silent());
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Ok, "0"));
    assert_eq!(field(&reading.resources[0], "billing_mode"), FieldValue::Text("PAY_PER_REQUEST".into()));
    assert_eq!(field(&reading.resources[0], "read_utilisation"), FieldValue::Unknown);
}

#[test]
fn an_index_is_throttled_on_its_own() {
    let stores = vec![store("t", None, Some((5, 5))), store("t", Some("by-user"), Some((5, 5)))];
    let reading = read(stores, |query| {
        let of_the_index = query.dimensions.iter().any(|(key, _)| *key == "GlobalSecondaryIndexName");
        if of_the_index && query.name == "WriteThrottleEvents" { steady(30.0) } else { silent() }
    });
    let names: Vec<&str> = reading.resources.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["t/by-user", "t"]);
    assert_eq!(reading.resources[1].severity, Severity::Ok);
}

#[test]
fn unanswered_and_undescribed_are_unknown() {
    let stores = || vec![store("t", None, None)];
    for missing in ["ReadThrottleEvents", "WriteThrottleEvents", "ConsumedReadCapacityUnits"] {
        let reading = read(stores(), |query| if query.name == missing { None } else { silent() });
        assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "…"), "{missing}");
    }
    let undescribed = Store { description: None, ..store("t", None, None) };
    let fault = Fault::new(FaultKind::Denied, "DescribeTable", "no");
    let inventory = Inventory { stores: vec![undescribed], fault: Some(fault.clone()) };
    let set = metrics(&DynamoDbThrottles.queries(&inventory), |_| silent());
    let reading = interpret(&DynamoDbThrottles, &inventory, &set);
    assert_eq!((reading.severity, reading.fault), (Severity::Unknown, Some(fault)));
    assert_eq!(field(&reading.resources[0], "billing_mode"), FieldValue::Unknown);
}

#[test]
fn without_metrics_every_table_is_listed_and_unknown() {
    let inventory = Inventory { stores: vec![store("a", None, None), store("b", None, None)], fault: None };
    let fault = Fault::new(FaultKind::Throttled, "GetMetricData", "slow down");
    let unread = MetricSet { fault: Some(fault.clone()), ..MetricSet::default() };
    let reading = interpret(&DynamoDbThrottles, &inventory, &unread);
    assert_eq!((reading.headline.as_str(), reading.resources.len()), ("metrics throttled", 2));
    assert_eq!((reading.severity, reading.fault), (Severity::Unknown, Some(fault)));
}

#[test]
fn no_tables_is_absent() {
    assert_eq!(read(vec![], |_| None).severity, Severity::Absent);
}

fn wire_table(name: &str) -> Value {
    json!({"Table": {"TableName": name, "TableArn": format!("arn:aws:dynamodb:us-east-1:1:table/{name}"),
        "TableStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 50},
        "GlobalSecondaryIndexes": [{"IndexName": "by-user", "IndexArn": "arn:i", "IndexStatus": "CREATING",
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}]}})
}

fn answer(call: &Call, tables: &[String]) -> Answer {
    match call.operation.as_str() {
        "ListTables" => {
            let start =
                call.get("ExclusiveStartTableName").map(|last| tables.iter().position(|t| *t == last).unwrap() + 1);
            let (names, next) = page(tables, 100, start.map(|start| format!("page-{start}")).as_deref());
            Ok(json!({"TableNames": names, "LastEvaluatedTableName": next.and(names.last())}))
        }
        "DescribeTable" => Ok(wire_table(&call.get("TableName").unwrap())),
        other => panic!("{other}"),
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("t{i:03}")).collect()
}

#[tokio::test]
async fn every_page_and_table_is_read_once() {
    for &count in BOUNDARIES {
        let (session, calls) = wire::session(move |call| answer(call, &names(count))).await;
        let found = Signal::inventory(&DynamoDbThrottles, &session).await.unwrap();
        assert_eq!(found.stores.len(), count * 2);
        assert!(found.stores.is_sorted_by_key(|s| (s.table.clone(), s.index.clone())), "order depends on the network");
        assert_eq!((calls.count("ListTables"), calls.count("DescribeTable")), (pages(count, 100), count));
    }
}

#[tokio::test]
async fn a_table_with_all_it_has() {
    let (session, _) = wire::session(|call| match call.operation.as_str() {
        "DescribeTable" if call.get("TableName").as_deref() == Some("t001") => Ok(json!({"Table": {
            "TableName": "t001", "TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
            "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}}})),
        _ => answer(call, &names(2)),
    })
    .await;
    let found = Signal::inventory(&DynamoDbThrottles, &session).await.unwrap();
    let provisioned: Vec<_> = found.stores.iter().map(|s| s.description.as_ref().unwrap().provisioned).collect();
    assert_eq!(provisioned, [Some((100, 50)), Some((5, 5)), None]);
}

#[tokio::test]
async fn one_denied_table_leaves_the_rest_and_a_deleted_one_is_no_fault() {
    let (session, _) = wire::session(|call| match (call.operation.as_str(), call.get("TableName").as_deref()) {
        ("DescribeTable", Some("t001")) => Err((400, "AccessDeniedException")),
        ("DescribeTable", Some("t002")) => Err((400, "ResourceNotFoundException")),
        _ => answer(call, &names(4)),
    })
    .await;
    let found = Signal::inventory(&DynamoDbThrottles, &session).await.unwrap();
    let tables: Vec<&str> = found.stores.iter().filter(|s| s.index.is_none()).map(|s| s.table.as_str()).collect();
    assert_eq!(tables, ["t000", "t001", "t003"]);
    assert_eq!(
        found.fault.map(|f| (f.kind, f.operation.to_string())),
        Some((FaultKind::Denied, "DescribeTable".into()))
    );
}

#[tokio::test]
async fn only_what_may_belong_is_described() {
    let select =
        crate::config::Select { names: vec!["t00*".into()], exclude: vec!["t001".into()], ..Default::default() };
    let (session, calls) = wire::session_selecting(select, |call| answer(call, &names(101))).await;
    assert_eq!(Signal::inventory(&DynamoDbThrottles, &session).await.unwrap().stores.len(), 18);
    assert_eq!(calls.count("DescribeTable"), 9);
}

#[tokio::test]
async fn a_repeated_token_is_a_fault() {
    let (session, calls) = wire::session(|_| Ok(json!({"TableNames": ["a"], "LastEvaluatedTableName": "a"}))).await;
    assert_eq!(Signal::inventory(&DynamoDbThrottles, &session).await.unwrap_err().kind, FaultKind::Service);
    assert_eq!(calls.all().len(), 2);
}

proptest! {
    #[test]
    fn nothing_unanswered_is_ok(
        points in prop::collection::vec(prop::option::of(prop::collection::vec(prop::option::of(any::<f64>()), 0..9)), 8),
        units in prop::option::of(any::<(i64, i64)>()),
        described in any::<bool>(),
    ) {
        let mut stores = vec![store("t", None, units), store("t", Some("i"), units)];
        if !described {
            stores.truncate(1);
            stores[0].description = None;
        }
        let queries = DynamoDbThrottles.queries(&Inventory { stores: stores.clone(), fault: None });
        let answered = |query: &MetricQuery| points[queries.iter().position(|q| q == query).unwrap()].clone();
        let missing = !described || queries.iter().any(|q| answered(q).is_none());
        let reading = read(stores, answered);
        prop_assert!(!missing || reading.severity >= Severity::Unknown);
    }
}
