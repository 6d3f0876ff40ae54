//! Tests of `dynamodb.capacity`: judgement on plain data, requests and outcomes through the real SDK clients.
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::capacity::TableCapacity;
use super::plan::{Wish, decreases_left, judge};
use super::table::{Both, Bounds, Dimension, Read, Store, TABLE_QUOTA};
use crate::actions::testing::{self, Answer, Aws, accepted, check_failed_sends, now, observe};
use crate::actions::{Action, Wanted};
use crate::guard::{self, Guard, Policy};
use crate::model::{FaultKind, Plan, Risk, Standing, Target, TargetKind, Value, Values};

const ARN: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/pay";

fn target() -> Target {
    testing::target(TargetKind::DynamodbTable, "pay", ARN)
}

/// What the endpoint has: units of the table and of its index `by-date`, a status, and scalable targets.
#[derive(Clone)]
struct Estate {
    table: (i64, i64),
    index: (i64, i64),
    status: &'static str,
    on_demand: bool,
    decreases: i64,
    scaled: Vec<(&'static str, &'static str, i32, i32)>,
}

impl Default for Estate {
    fn default() -> Self {
        Self { table: (100, 50), index: (10, 10), status: "ACTIVE", on_demand: false, decreases: 0, scaled: Vec::new() }
    }
}

impl Estate {
    fn aws(self) -> Aws {
        Aws::new(move |call| match call.operation.as_str() {
            "ListTables" => Answer::Ok(json!({"TableNames": ["pay"]})),
            "DescribeTable" => Answer::Ok(json!({"Table": self.table()})),
            "DescribeLimits" => {
                Answer::Ok(json!({"TableMaxReadCapacityUnits": 40_000, "TableMaxWriteCapacityUnits": 30_000}))
            }
            "DescribeScalableTargets" => Answer::Ok(json!({"ScalableTargets": self.targets()})),
            "UpdateTable" => Answer::Ok(json!({"TableDescription": {"TableStatus": "UPDATING"}})),
            "RegisterScalableTarget" => Answer::Ok(json!({"ScalableTargetARN": "arn:aws:x"})),
            other => panic!("{other}"),
        })
    }

    fn table(&self) -> Json {
        let units = |(read, write): (i64, i64)| {
            json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write, "NumberOfDecreasesToday": self.decreases,
                "LastDecreaseDateTime": (now() - 10.minutes()).as_second()})
        };
        let billing = if self.on_demand { "PAY_PER_REQUEST" } else { "PROVISIONED" };
        json!({"TableName": "pay", "TableArn": ARN, "TableStatus": self.status,
            "BillingModeSummary": {"BillingMode": billing}, "ProvisionedThroughput": units(self.table),
            "GlobalSecondaryIndexes": [{"IndexName": "by-date", "IndexStatus": self.status,
                "IndexArn": format!("{ARN}/index/by-date"), "ProvisionedThroughput": units(self.index)}]})
    }

    fn targets(&self) -> Vec<Json> {
        let target = |(resource, dimension, min, max): &(&str, &str, i32, i32)| {
            json!({"ServiceNamespace": "dynamodb", "ResourceId": resource, "ScalableDimension": dimension,
                "MinCapacity": min, "MaxCapacity": max, "RoleARN": "r", "CreationTime": 0})
        };
        self.scaled.iter().map(target).collect()
    }

    async fn plan(&self, params: &[(&str, Value)]) -> Plan {
        self.clone().aws().plan(&TableCapacity, &target(), params).await.unwrap()
    }
}

const READS: (&str, &str, i32, i32) = ("table/pay", "dynamodb:table:ReadCapacityUnits", 50, 400);

#[tokio::test]
async fn a_table_gets_both_numbers_and_an_index_its_own() {
    let aws = Estate::default().aws();
    let plan = aws.plan(&TableCapacity, &target(), &[("read", 300.into())]).await.unwrap();
    assert_eq!((plan.value.as_str(), plan.differences.len()), ("read=300", 1));
    assert!(plan.owed.is_some() && plan.facts.impossible.is_none());
    assert_eq!(plan.undo.clone().unwrap().params, Values::from([("read".to_owned(), 100.into())]));
    accepted(aws.send(&TableCapacity, &plan).await);
    let throughput = json!({"ReadCapacityUnits": 300, "WriteCapacityUnits": 50});
    assert_eq!(aws.mutations()[0].body, json!({"TableName": "pay", "ProvisionedThroughput": throughput}));
    let aws = Estate::default().aws();
    let params = [("write", 20.into()), ("index", "by-date".into())];
    let plan = aws.plan(&TableCapacity, &target(), &params).await.unwrap();
    accepted(aws.send(&TableCapacity, &plan).await);
    let throughput = json!({"ReadCapacityUnits": 10, "WriteCapacityUnits": 20});
    let update = json!([{"Update": {"IndexName": "by-date", "ProvisionedThroughput": throughput}}]);
    assert_eq!(aws.mutations()[0].body, json!({"TableName": "pay", "GlobalSecondaryIndexUpdates": update}));
    assert_eq!(aws.mutations().len(), 1);
}

#[tokio::test]
async fn where_autoscaling_owns_it_its_minimum_is_raised() {
    let estate = Estate { scaled: vec![READS], ..Estate::default() };
    let aws = estate.clone().aws();
    let plan = aws.plan(&TableCapacity, &target(), &[("read", 300.into())]).await.unwrap();
    assert_eq!(plan.operation, "application-autoscaling:RegisterScalableTarget");
    assert_eq!((plan.differences[0].before.clone(), plan.differences[0].after.clone()), (50.into(), 300.into()));
    assert!(plan.owed.is_some() && !plan.decisive.contains(&"read".to_owned()), "what it scales flickers");
    let [capacity] = &plan.facts.capacity[..] else { panic!("{:?}", plan.facts.capacity) };
    assert_eq!((capacity.before, capacity.after, capacity.most), (50, 300, Some(400)));
    accepted(aws.send(&TableCapacity, &plan).await);
    let expected = json!({"ServiceNamespace": "dynamodb", "ResourceId": "table/pay",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits", "MinCapacity": 300});
    assert_eq!(aws.mutations()[0].body, expected);
    let above = estate.plan(&[("read", 500.into())]).await;
    assert_eq!(above.request["max_capacity"], 500.into());
    assert_eq!(above.facts.capacity[0].most, Some(400), "the floor guard refuses unless overridden");
    let maximum = &above.facts.capacity[1];
    assert_eq!((maximum.before, maximum.after), (400, 500), "the maximum is judged as well");
    let other = estate.plan(&[("write", 80.into())]).await;
    assert_eq!(other.operation, "dynamodb:UpdateTable");
    let two = estate.plan(&[("read", 300.into()), ("write", 80.into())]).await;
    assert!(two.facts.impossible.unwrap().contains("one after the other"));
}

#[tokio::test]
async fn a_raised_maximum_is_brought_back_with_the_minimum() {
    let raised = Estate { scaled: vec![READS], ..Estate::default() }.plan(&[("read", 500.into())]).await;
    let undo = raised.undo.unwrap().params;
    assert_eq!(undo, Values::from([("read".to_owned(), 50.into()), ("max".to_owned(), 400.into())]));
    let undo: Vec<(&str, Value)> = undo.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let there = Estate { scaled: vec![(READS.0, READS.1, 500, 500)], table: (60, 50), ..Estate::default() };
    let aws = there.clone().aws();
    let back = aws.plan(&TableCapacity, &target(), &undo).await.unwrap();
    assert_eq!((back.facts.impossible.clone(), &*back.value), (None, "read=50,read.max=400"));
    accepted(aws.send(&TableCapacity, &back).await);
    let body = &aws.mutations()[0].body;
    assert_eq!((&body["MinCapacity"], &body["MaxCapacity"]), (&json!(50), &json!(400)));
    assert_eq!(back.undo.unwrap().params["max"], 500.into());
    let only = there.plan(&[("read", 500.into()), ("max", 600.into())]).await;
    assert_eq!((&*only.value, only.undo.unwrap().params["max"].clone()), ("read.max=600", 500.into()));
    for (params, says) in [
        (&[("read", Value::Count(500)), ("max", Value::Count(400))][..], "above the maximum 400"),
        (&[("write", Value::Count(60)), ("max", Value::Count(400))], "no maximum to change"),
    ] {
        let impossible = there.plan(params).await.facts.impossible.unwrap();
        assert!(impossible.contains(says), "{impossible}");
    }
    let both = [("read", 5.into()), ("write", 5.into()), ("max", 9.into())];
    assert_eq!(there.aws().plan(&TableCapacity, &target(), &both).await.unwrap_err().kind, FaultKind::Invalid);
}

#[tokio::test]
async fn each_of_two_numbers_is_judged() {
    let plan = Estate { table: (10, 10_000), ..Estate::default() }
        .plan(&[("read", 9000.into()), ("write", 30_000.into())])
        .await;
    let policy = Policy { step: Some(10_000), ..Policy::new("dynamodb-capacity", Risk::High) };
    let verdicts = guard::judge(&plan, &policy, &guard::testing::content(&plan), &[]);
    let floor = verdicts.iter().find(|verdict| verdict.guard == Guard::Floor).unwrap();
    assert_eq!(&*floor.says, "10000 → 30000 is a step of 20000 WCU, runbook maximum 10000");
}

#[rstest]
#[case(Estate { on_demand: true, table: (0, 0), ..Estate::default() }, &[("read", 5.into())], "billed by request")]
#[case(Estate::default(), &[("read", 100.into())], "already")]
#[case(Estate::default(), &[("read", 40_001.into())], "a table may have 40000")]
#[case(Estate::default(), &[("write", 30_001.into())], "a table may have 30000")]
#[case(Estate { decreases: 4, ..Estate::default() }, &[("read", 90.into())], "none is left now, the next from 03:54Z")]
#[case(Estate { decreases: 27, ..Estate::default() }, &[("read", 90.into())], "the next from 00:00Z")]
#[tokio::test]
async fn what_cannot_be(#[case] estate: Estate, #[case] params: &[(&str, Value)], #[case] says: &str) {
    let impossible = estate.plan(params).await.facts.impossible.unwrap();
    assert!(impossible.contains(says), "{impossible}");
}

#[tokio::test]
async fn a_table_that_is_being_updated_is_in_the_way_and_bad_parameters_are_told() {
    let plan = Estate { status: "UPDATING", ..Estate::default() }.plan(&[("read", 300.into())]).await;
    assert!(plan.facts.obstacle.unwrap().says.contains("UPDATING"));
    let raised = Estate { decreases: 4, ..Estate::default() }.plan(&[("read", 300.into())]).await;
    assert_eq!(raised.facts.impossible, None, "an increase uses no decrease");
    for params in [&[][..], &[("read", (-1).into())], &[("read", 5.into()), ("index", "none-such".into())]] {
        let fault = Estate::default().aws().plan(&TableCapacity, &target(), params).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Invalid);
    }
}

#[tokio::test]
async fn failed_sends() {
    check_failed_sends(&TableCapacity, &Estate::default().plan(&[("read", 300.into())]).await).await;
    let scaled = Estate { scaled: vec![READS], ..Estate::default() };
    check_failed_sends(&TableCapacity, &scaled.plan(&[("read", 300.into())]).await).await;
}

#[tokio::test]
async fn units_are_observed() {
    let plan = Estate::default().plan(&[("read", 300.into())]).await;
    let receipt = Values::from([("table_status".to_owned(), "UPDATING".into())]);
    for (table, status, receipt, standing) in [
        ((100, 50), "UPDATING", Some(&receipt), Standing::Underway),
        ((300, 50), "ACTIVE", Some(&receipt), Standing::Done),
        ((300, 50), "ACTIVE", None, Standing::Done),
        ((100, 50), "ACTIVE", None, Standing::NotApplied),
        ((100, 50), "ACTIVE", Some(&receipt), Standing::Unclear),
        ((120, 50), "ACTIVE", Some(&receipt), Standing::Overtaken),
        ((120, 50), "ACTIVE", None, Standing::Unclear),
        ((300, 50), "INACCESSIBLE_ENCRYPTION_CREDENTIALS", Some(&receipt), Standing::Failed),
        ((100, 50), "INACCESSIBLE_ENCRYPTION_CREDENTIALS", None, Standing::Unclear),
        // Somebody else's index is being built, or somebody else's units are set.
        ((100, 50), "UPDATING", None, Standing::Unclear),
        ((120, 50), "UPDATING", None, Standing::Unclear),
        ((300, 50), "UPDATING", None, Standing::Underway),
    ] {
        let aws = Estate { table, status, ..Estate::default() }.aws();
        let observation = observe(&aws, &TableCapacity, &plan, receipt).await;
        assert_eq!(observation.standing, standing, "{}", observation.says);
        assert_eq!(observation.values["read"], table.0.into());
    }
}

#[tokio::test]
async fn a_raised_minimum_is_done_when_the_units_are_there() {
    let plan = Estate { scaled: vec![READS], ..Estate::default() }.plan(&[("read", 300.into())]).await;
    let receipt = Values::new();
    for (units, min, receipt, standing) in [
        (100, 300, Some(&receipt), Standing::Underway),
        (300, 300, Some(&receipt), Standing::Done),
        (380, 300, None, Standing::Done),
        (100, 50, None, Standing::NotApplied),
        (100, 70, Some(&receipt), Standing::Overtaken),
    ] {
        let scaled = vec![(READS.0, READS.1, min, 400)];
        let aws = Estate { table: (units, 50), scaled, ..Estate::default() }.aws();
        let observation = observe(&aws, &TableCapacity, &plan, receipt).await;
        assert_eq!(observation.standing, standing, "{}", observation.says);
    }
    let gone = observe(&Estate::default().aws(), &TableCapacity, &plan, Some(&receipt)).await;
    assert_eq!(gone.standing, Standing::Unclear);
}

#[tokio::test]
async fn tables_are_found_by_their_indexes_too_and_limits_are_asked_once() {
    let aws = Estate::default().aws();
    let session = aws.session().await;
    let arn = Wanted { arn: Some(format!("{ARN}/index/by-date").into()), ..Wanted::default() };
    assert_eq!(TableCapacity.find(&session, &arn).await.unwrap(), [target()]);
    let name = Wanted { name: Some("pay".into()), ..Wanted::default() };
    assert_eq!(TableCapacity.find(&session, &name).await.unwrap(), [target()]);
    let choices = TableCapacity.choices(&session, &target(), "index").await.unwrap();
    assert_eq!(choices[0].label, "by-date");
    for _ in 0..3 {
        super::table::read(&session, &target(), None).await.unwrap();
    }
    assert_eq!(aws.count("DescribeLimits"), 1);
}

fn store(decreases: i64, minutes_ago: Option<i64>) -> Store {
    let decreased = minutes_ago.map(|minutes| now() - minutes.minutes());
    Store {
        decreases,
        decreased,
        units: Both { read: 10, write: 10 },
        table_status: "ACTIVE".into(),
        ..Store::default()
    }
}

#[rstest]
#[case(0, None, 4)]
#[case(3, Some(1), 1)]
#[case(4, Some(1), 0)]
#[case(4, Some(60), 1)]
#[case(26, Some(61), 1)]
#[case(27, Some(61), 0)]
#[case(4, None, 0)]
// 03:04 now: 190 minutes ago was yesterday.
#[case(27, Some(190), 4)]
fn decreases_are_four_and_one_an_hour(#[case] today: i64, #[case] minutes_ago: Option<i64>, #[case] left: i64) {
    let (found, next) = decreases_left(&store(today, minutes_ago), now());
    assert_eq!(found, left);
    assert_eq!(next.is_some(), left == 0);
    assert!(next.is_none_or(|next: Timestamp| next > now()));
}

proptest! {
    #[test]
    fn one_request_within_the_quota(
        (read, write) in (1..50_000i64, 1..50_000i64),
        (asked_read, asked_write) in (proptest::option::of(0..60_000i64), proptest::option::of(0..60_000i64)),
        scaled: [bool; 2],
    ) {
        prop_assume!(asked_read.is_some() || asked_write.is_some());
        let bounds = |on: bool| on.then_some(Bounds { min: 5, max: 500 });
        let read = Read {
            store: Store { units: Both { read, write }, ..store(0, None) },
            scaling: Both { read: bounds(scaled[0]), write: bounds(scaled[1]) },
            quota: Both { read: TABLE_QUOTA, write: TABLE_QUOTA },
        };
        let wish = Wish { units: Both { read: asked_read, write: asked_write }, max: None };
        let plan = judge(&target(), &read, wish, now());
        let possible = plan.facts.impossible.is_none();
        let request: Vec<i64> = plan.request.values().filter_map(Value::count).collect();
        if possible {
            prop_assert!(!request.is_empty());
            for dimension in Dimension::ALL {
                prop_assert!(wish.units.of(dimension).is_none_or(|asked| asked <= TABLE_QUOTA));
            }
        }
        let changes = plan.differences.iter().filter(|d| d.after != d.before);
        let changes: Vec<_> = changes.map(|d| (d.before.count().unwrap(), d.after.count().unwrap())).collect();
        let seen: Vec<_> = plan.facts.capacity.iter().map(|one| (one.before, one.after)).collect();
        prop_assert_eq!(seen, changes, "what changes is what the guard sees");
    }
}
