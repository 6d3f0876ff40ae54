//! What AWS itself says of a resource: asked through the real SDK clients, in every protocol, without secrets.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ciborium::Value as Cbor;
use jiff::Timestamp;
use serde_json::{Value, json};
use support::{Answer, Asked, FakeAws, environment};
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::inquiry::{self, Answer as Told, Desk, Question, RawAsked};
use watchfloor::model::{EnvId, Fault, FaultKind, Field, Resource, SignalId};
use watchfloor::poll::Pollers;
use watchfloor::poll::collect::one_wall;
use watchfloor::poll::environments;
use watchfloor::signals::{self, raw::Raw};

fn resource(name: &str, arn: &str, fields: &[(&str, &str)]) -> Resource {
    let fields = fields.iter().map(|(key, value)| Field::new(key, *value)).collect();
    Resource { name: name.into(), arn: arn.into(), fields, ..Resource::default() }
}

async fn ask(
    signal: &str,
    resource: &Resource,
    answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> (Vec<Raw>, FakeAws) {
    let aws = FakeAws::new(answer);
    let session = aws.session(&environment("prod")).await;
    let signal = signals::ALL.iter().find(|one| one.id().0 == signal).unwrap();
    (signal.raw(&session, resource).unwrap().await, aws)
}

fn body(asked: &Asked) -> Value {
    serde_json::from_slice(&asked.body).unwrap()
}

fn said<'r>(raw: &'r [Raw], operation: &str) -> &'r Value {
    let found = raw.iter().find(|one| one.operation == operation).unwrap_or_else(|| panic!("no {operation}: {raw:?}"));
    found.said.as_ref().unwrap()
}

#[tokio::test]
async fn an_ecs_service_with_its_task_definition() {
    let arn = "arn:aws:ecs:eu-west-1:111111111111:service/wallet/api";
    let service = resource("api", arn, &[("cluster", "wallet"), ("task_definition", "api:7")]);
    let (raw, aws) = ask("ecs-capacity", &service, |asked| match asked.operation.as_str() {
        "DescribeServices" => Answer::json(200, r#"{"services": [{"serviceName": "api", "newMember": 1.5}]}"#),
        "DescribeTaskDefinition" => Answer::json(
            200,
            r#"{"taskDefinition": {"family": "api", "containerDefinitions": [{
                "environment": [{"name": "DB_URL", "value": "postgres://app:pw@db/x"}],
                "secrets": [{"name": "KEY", "valueFrom": "arn:aws:ssm:eu-west-1:111111111111:parameter/key"}]}]}}"#,
        ),
        other => panic!("{other}"),
    })
    .await;
    assert_eq!(raw.iter().map(|one| one.operation).collect::<Vec<_>>(), ["DescribeServices", "DescribeTaskDefinition"]);
    let named = said(&raw, "DescribeServices");
    assert_eq!(*named, json!({"services": [{"serviceName": "api", "newMember": 1.5}]}), "what no model knows too");
    let container = &said(&raw, "DescribeTaskDefinition")["taskDefinition"]["containerDefinitions"][0];
    assert_eq!(container["environment"][0], json!({"name": "DB_URL", "value": "•••• (22 characters)"}));
    assert_eq!(container["secrets"][0]["valueFrom"], "arn:aws:ssm:eu-west-1:111111111111:parameter/key");
    let asked: Vec<Value> = aws.asked().iter().map(body).collect();
    assert!(asked.contains(&json!({"cluster": "wallet", "services": [arn]})), "{asked:?}");
    assert!(asked.contains(&json!({"taskDefinition": "api:7"})), "{asked:?}");
}

#[tokio::test]
async fn a_function_without_the_values_of_its_variables() {
    let function = resource("pay", "arn:aws:lambda:eu-west-1:111111111111:function:pay", &[]);
    let (raw, aws) = ask("lambda-errors", &function, |_| {
        Answer::json(
            200,
            r#"{"FunctionName": "pay", "MemorySize": 512, "CodeSha256": "DWdgBTsdgrZQ6cMuyfB3Oh8bhm2xwmZo0xZ7r1hC2rE=",
                "Environment": {"Variables": {"STRIPE_KEY": "sk_live_hunter2", "STAGE": "prod"}},
                "Layers": [{"Arn": "arn:aws:lambda:eu-west-1:111111111111:layer:base:3"}],
                "Note": "signed: https://b.s3.amazonaws.com/x?X-Amz-Security-Token=hunter2"}"#,
        )
    })
    .await;
    let told = said(&raw, "GetFunctionConfiguration");
    let expected = json!({"STRIPE_KEY": "•••• (15 characters)", "STAGE": "•••• (4 characters)"});
    assert_eq!(told["Environment"]["Variables"], expected);
    assert_eq!(
        (&told["MemorySize"], &told["Layers"][0]["Arn"]),
        (&json!(512), &json!("arn:aws:lambda:eu-west-1:111111111111:layer:base:3"))
    );
    assert!(!format!("{raw:?}").contains("hunter2"));
    assert_eq!(aws.asked().len(), 1);
    assert_eq!(aws.asked()[0].operation, "GET /2015-03-31/functions/pay/configuration");
}

#[tokio::test]
async fn a_table_and_an_index_by_its_table() {
    let index = resource("orders/by-day", "", &[("table", "orders"), ("index", "by-day")]);
    let answer = r#"{"Table": {"TableName": "orders", "CreationDateTime": 1763607600.5}}"#;
    let (raw, aws) = ask("dynamodb-throttles", &index, |_| Answer::json(200, answer)).await;
    assert_eq!(*said(&raw, "DescribeTable"), serde_json::from_str::<Value>(answer).unwrap());
    assert_eq!(body(&aws.asked()[0]), json!({"TableName": "orders"}));
}

#[tokio::test]
async fn a_database_from_xml() {
    let database = resource("wallet-1", "arn:aws:rds:eu-west-1:111111111111:db:wallet-1", &[]);
    let (raw, aws) = ask("rds", &database, |_| {
        Answer::xml(
            200,
            r#"<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult>
                <DBInstances><DBInstance><DBInstanceIdentifier>wallet-1</DBInstanceIdentifier>
                <PendingModifiedValues><MasterUserPassword>hunter2</MasterUserPassword></PendingModifiedValues>
                <AllocatedStorage>500</AllocatedStorage></DBInstance></DBInstances></DescribeDBInstancesResult>
                <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></DescribeDBInstancesResponse>"#,
        )
    })
    .await;
    let told = &said(&raw, "DescribeDBInstances")["DescribeDBInstancesResponse"];
    assert_eq!(told["ResponseMetadata"]["RequestId"], "r-1");
    let instance = &told["DescribeDBInstancesResult"]["DBInstances"]["DBInstance"];
    assert_eq!((&instance["DBInstanceIdentifier"], &instance["AllocatedStorage"]), (&json!("wallet-1"), &json!("500")));
    assert_eq!(instance["PendingModifiedValues"]["MasterUserPassword"], "•••• (7 characters)");
    assert!(String::from_utf8_lossy(&aws.asked()[0].body).contains("DBInstanceIdentifier=wallet-1"));
    let cluster = resource("wallet", "arn:aws:rds:eu-west-1:111111111111:cluster:wallet", &[]);
    let empty = "<DescribeDBClustersResponse><DescribeDBClustersResult/></DescribeDBClustersResponse>";
    let (raw, aws) = ask("rds", &cluster, move |_| Answer::xml(200, empty)).await;
    said(&raw, "DescribeDBClusters");
    assert!(String::from_utf8_lossy(&aws.asked()[0].body).contains("DBClusterIdentifier=wallet"));
}

#[tokio::test]
async fn an_alarm_from_cbor_with_its_times() {
    let alarm = resource("pay-errors", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:pay-errors", &[]);
    let (raw, aws) = ask("alarms", &alarm, |_| {
        let alarm = Cbor::Map(vec![
            ("AlarmName".into(), "pay-errors".into()),
            ("Threshold".into(), 5.0.into()),
            ("StateUpdatedTimestamp".into(), Cbor::Tag(1, Box::new(1_763_607_600.into()))),
        ]);
        Answer::cbor(200, &Cbor::Map(vec![("MetricAlarms".into(), Cbor::Array(vec![alarm]))]))
    })
    .await;
    let expected = json!({"MetricAlarms": [
        {"AlarmName": "pay-errors", "Threshold": 5.0, "StateUpdatedTimestamp": "2025-11-20T03:00:00Z"}]});
    assert_eq!(*said(&raw, "DescribeAlarms"), expected);
    let asked: Cbor = ciborium::from_reader(&*aws.asked()[0].body).unwrap();
    let asked = format!("{asked:?}");
    assert!(asked.contains("pay-errors") && asked.contains("CompositeAlarm"), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_is_said_and_the_rest_is_told() {
    let stage = resource("pay/prod", "", &[("api_id", "a1"), ("stage", "prod"), ("protocol", "REST")]);
    let (raw, _) = ask("api-gateway", &stage, |asked| match asked.operation.as_str() {
        "GET /restapis/a1" => Answer::Http(
            403,
            vec![("x-amzn-errortype", "AccessDeniedException".into())],
            br#"{"message": "not authorized to perform: apigateway:GET"}"#.to_vec(),
        ),
        "GET /restapis/a1/stages/prod" => {
            Answer::json(200, r#"{"stageName": "prod", "variables": {"url": "internal"}}"#)
        }
        other => panic!("{other}"),
    })
    .await;
    let stage = said(&raw, "GetStage");
    assert_eq!(*stage, json!({"stageName": "prod", "variables": {"url": "•••• (8 characters)"}}));
    let denied = raw.iter().find(|one| one.operation == "GetRestApi").unwrap().said.as_ref().unwrap_err();
    assert_eq!(denied.kind, FaultKind::Denied);
    assert!(denied.message.contains("not authorized") && denied.remedy.is_some(), "{denied}");
}

#[tokio::test]
async fn a_queue_at_the_address_where_it_was_found() {
    let url = "https://sqs.eu-west-1.amazonaws.com/111111111111/orders";
    let aws = FakeAws::new(move |asked| match asked.operation.as_str() {
        "ListQueues" => Answer::json(200, &json!({"QueueUrls": [url]}).to_string()),
        "GetQueueAttributes" => Answer::json(200, r#"{"Attributes": {"VisibilityTimeout": "30"}}"#),
        other => panic!("{other}"),
    });
    let session = aws.session(&environment("prod")).await;
    let signal = signals::ALL.iter().find(|one| one.id().0 == "sqs").unwrap();
    let orders = resource("orders", "", &[]);
    let unknown = signal.raw(&session, &orders).unwrap().await;
    assert!(unknown[0].said.is_err() && aws.asked().is_empty(), "nothing is asked of a guessed address");
    signal.inventory(&session).await.unwrap();
    let raw = signal.raw(&session, &orders).unwrap().await;
    assert_eq!(*said(&raw, "GetQueueAttributes"), json!({"Attributes": {"VisibilityTimeout": "30"}}));
    assert_eq!(body(aws.asked().last().unwrap())["QueueUrl"], url);
}

#[tokio::test(start_paused = true)]
async fn no_connection_and_no_json_are_faults() {
    let table = resource("orders", "", &[]);
    let fault = |raw: Vec<Raw>| -> Fault { raw.into_iter().next().unwrap().said.unwrap_err() };
    let (raw, _) = ask("dynamodb-throttles", &table, |_| Answer::Cut).await;
    assert_eq!(fault(raw).kind, FaultKind::Unreachable);
    let (raw, _) = ask("dynamodb-throttles", &table, |_| Answer::json(200, "<html>login</html>")).await;
    assert_eq!(fault(raw).kind, FaultKind::Service);
}

/// Everything that is watched in an estate, by environment and signal, and a desk that knows its sessions.
async fn estate(name: &str) -> (Drill, Pollers, Vec<RawAsked>) {
    let started: Timestamp = "2026-11-20T03:00:00Z".parse().unwrap();
    let mut options = DrillOptions::new(name, started);
    options.speed = 0.0;
    let drill = Drill::open(&options).unwrap();
    let transport = connector::transport(Arc::new(drill.endpoint()));
    let (pollers, mut events) = Pollers::start(&drill.config, &transport, &drill.clock, signals::ALL, 1);
    let all = environments(&drill.config);
    let wall = one_wall(all, signals::ALL, &mut events, &drill.clock, Duration::from_secs(60)).await;
    let mut asked = Vec::new();
    for state in &wall.environments {
        for (signal, cell) in &state.cells {
            // One of each kind of thing: cluster and service, instance and cluster.
            let mut kinds = BTreeSet::new();
            let resources = cell.value().map(|reading| reading.resources.as_slice()).unwrap_or_default();
            let env = state.environment.id;
            let kind = |one: &Resource| one.fields.iter().find(|f| f.key == "kind").map(|f| format!("{:?}", f.value));
            let one_of_each = resources.iter().filter(|one| kinds.insert((kind(one), one.fields.len())));
            asked.extend(one_of_each.map(|one| RawAsked { env, signal: *signal, resource: one.clone() }));
        }
    }
    (drill, pollers, asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_is_watched_in_the_estates_is_described_by_what_the_policy_allows() {
    let mut used = BTreeSet::new();
    let mut signals_seen: BTreeSet<SignalId> = BTreeSet::new();
    for name in ["payments", "wallet-eks", "uex-payments", "analytics", "wallet-ecs"] {
        let (drill, pollers, questions) = estate(name).await;
        let sessions = pollers.sessions();
        let before: BTreeSet<EnvId> = questions.iter().map(|question| question.env).collect();
        let (mut desk, mut answers) = Desk::new(&drill.config, sessions.clone(), drill.clock.clone());
        for question in &questions {
            desk.ask(Question::Raw(Box::new(question.clone())));
            let Some(Told::Raw(answer)) = answers.recv().await else { panic!("another answer") };
            assert_eq!(answer.about, question.key());
            let Some(parts) = answer.parts else {
                assert_eq!(question.signal.0, "custom", "{question:?}");
                continue;
            };
            signals_seen.insert(question.signal);
            // A node group is named after its cluster too; a broker has no name of its own.
            let arn = question.resource.arn.as_str();
            let own = if arn.contains(":broker/") { arn } else { question.resource.name.rsplit('/').next().unwrap() };
            let mut named = false;
            for part in parts {
                let said = part.said.unwrap_or_else(|fault| panic!("{:?}: {fault}", question.key()));
                assert!(said.len() > 2, "{} of {:?}: {said:?}", part.operation, question.key());
                named |= said.iter().any(|line| line.contains(own));
            }
            assert!(named, "{:?} is not in the answer", question.key());
        }
        for env in before {
            used.extend(sessions.get(env).unwrap().meter.usage().by_operation.into_keys());
        }
    }
    // The estates have no queue; the operator's own metrics have no operation.
    let watched = signals::ALL.iter().map(|signal| signal.id()).filter(|id| !["sqs", "custom"].contains(&id.0));
    assert_eq!(signals_seen, watched.collect());
    let allowed: BTreeSet<&str> =
        signals::permissions().into_iter().chain(inquiry::PERMISSIONS.iter().copied()).collect();
    for operation in used {
        let (service, name) = operation.split_once(':').unwrap();
        let named = |action: &&str| action.split_once(':').is_some_and(|(_, own)| own.eq_ignore_ascii_case(name));
        let gateway = service.to_lowercase().contains("api gateway") || service.to_lowercase().contains("apigateway");
        let free = name == "GetCallerIdentity";
        assert!(gateway || free || allowed.iter().any(named), "{operation} is in no policy");
    }
}
