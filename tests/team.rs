//! The table that a team shares, against an endpoint that keeps DynamoDB's conditions.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::sync::Arc;

use aws_credential_types::Credentials;
use jiff::{Timestamp, ToSpan};
use watchfloor::cloud::shared_table::{Condition, Item};
use watchfloor::cloud::{SharedTable, Transport};
use watchfloor::config::Team;
use watchfloor::guard::LockState;
use watchfloor::model::{Entry, Plan};
use watchfloor::runbook::audit::{Author, Files, Ledger, Log};
use watchfloor::runbook::lock::Claim;
use watchfloor::runbook::team::proposal::Proposal;
use watchfloor::runbook::team::records::Copier;
use watchfloor::runbook::team::{approvals, locks, setup};
use winterbaume_core::MockAws;

const ARN: &str = "arn:aws:ecs:us-east-1:111122223333:service/payments-prod/payment-api";

fn transport() -> Transport {
    let mock = MockAws::builder()
        .with_service(winterbaume_dynamodb::DynamoDbService::new())
        .with_service(winterbaume_sts::StsService::new())
        .build();
    let credentials = Arc::new(|_: &_| Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test"));
    Transport { http: mock.http_client(), credentials: Some(credentials) }
}

async fn open(transport: &Transport) -> SharedTable {
    let team = Team { table: Some("watchfloor".to_owned()), region: Some("eu-west-1".to_owned()), ..Team::default() };
    SharedTable::open(&team, transport).await.unwrap().unwrap()
}

async fn made(transport: &Transport) -> SharedTable {
    let table = open(transport).await;
    table.create().await.unwrap();
    table
}

fn now() -> Timestamp {
    "2026-11-21T03:04:05Z".parse().unwrap()
}

fn claim(run: &str) -> Claim {
    Claim {
        arn: ARN.into(),
        holder: format!("{run}@desk").into(),
        run: run.into(),
        reason: "ecs-rollback".into(),
        until: now() + 20.minutes(),
    }
}

fn plan() -> Box<Plan> {
    let text = r#"{"action":"ecs.rollback","target":{"environment":"payments/prod","account":"111122223333",
        "region":"us-east-1","kind":"ecs-service","name":"payment-api",
        "arn":"arn:aws:ecs:us-east-1:111122223333:service/payments-prod/payment-api"},"params":{"share":5.0},
        "differences":[],"observed":{},"decisive":[],"operation":"ecs:UpdateService","request":{},"touches":[],
        "value":"api:41","facts":{},"undo":null,"owed":null,"read_at":"2026-11-21T03:04:00Z"}"#;
    Box::new(serde_json::from_str(text).unwrap())
}

#[tokio::test]
async fn without_a_table_in_the_configuration_nothing_is_shared() {
    assert!(SharedTable::open(&Team::default(), &transport()).await.unwrap().is_none());
}

#[tokio::test]
async fn making_the_table_twice_makes_it_once() {
    let transport = transport();
    let table = open(&transport).await;
    let mut said = Vec::new();
    setup::init(&table, |says| said.push(says)).await.unwrap();
    assert!(said[0].starts_with("made table watchfloor in eu-west-1"), "{said:?}");
    assert!(said.iter().filter(|says| says.starts_with("switched on")).count() == 2, "{said:?}");
    said.clear();
    setup::init(&open(&transport).await, |says| said.push(says)).await.unwrap();
    assert_eq!(said.iter().filter(|says| says.ends_with("already")).count(), 3, "{said:?}");
    let standing = table.standing().await.unwrap().unwrap();
    assert!(standing.active && standing.fits);
}

#[tokio::test]
async fn of_two_consoles_exactly_one_wins_the_lock() {
    let transport = transport();
    let (one, two) = (made(&transport).await, open(&transport).await);
    for round in 0..20 {
        let (first, second) = (claim(&format!("a{round}")), claim(&format!("b{round}")));
        let (a, b) = tokio::join!(locks::take(&one, &first, now()), locks::take(&two, &second, now()));
        let (a, b) = (a.unwrap(), b.unwrap());
        let ours = [&a, &b].into_iter().filter(|state| **state == LockState::Ours).count();
        assert_eq!(ours, 1, "{a:?} {b:?}");
        let (winner, loser, told) = if a == LockState::Ours { (first, second, b) } else { (second, first, a) };
        let LockState::Held { holder, until, .. } = told else { panic!("{told:?}") };
        assert_eq!((holder, until), (winner.holder.clone(), Some(winner.until)));
        assert_eq!(locks::take(&one, &winner, now()).await.unwrap(), LockState::Ours, "again is safe");
        locks::release(&two, ARN, &loser.run).await.unwrap();
        assert_eq!(locks::state(&one, ARN, &winner.run, now()).await, LockState::Ours, "only its holder releases it");
        assert_eq!(locks::all(&two, now()).await.unwrap().len(), 1);
        locks::release(&two, ARN, &winner.run).await.unwrap();
        assert_eq!(locks::state(&one, ARN, "x", now()).await, LockState::Free);
    }
}

#[tokio::test]
async fn a_lock_that_is_kept_ends_when_its_holder_says_so_or_somebody_takes_it_over() {
    let transport = transport();
    let (one, two) = (made(&transport).await, open(&transport).await);
    let (first, second) = (claim("r1"), claim("r2"));
    assert_eq!(locks::take(&one, &first, now()).await.unwrap(), LockState::Ours);
    assert!(locks::keep(&one, &first, now()).await.unwrap());
    assert!(!locks::keep(&two, &second, now()).await.unwrap(), "only its holder keeps it");
    assert_eq!(locks::kept(&two).await.unwrap(), [(ARN.into(), "r1".into())]);
    let later = now() + 48.hours();
    let refused = locks::take(&two, &second, later).await.unwrap();
    assert!(matches!(&refused, LockState::Held { reason, until: None, .. } if reason.contains("outcome of r1")));
    assert_eq!(locks::take(&one, &first, now()).await.unwrap(), LockState::Ours, "it is known now");
    assert_eq!(locks::kept(&two).await.unwrap(), []);
    assert!(locks::keep(&one, &first, now()).await.unwrap());
    let before = locks::take_over(&two, &second, later).await.unwrap();
    assert!(matches!(before, LockState::Held { holder, .. } if holder == "r1@desk"));
    assert!(!locks::keep(&one, &first, later).await.unwrap());
    assert_eq!(locks::kept(&two).await.unwrap(), []);
}

#[tokio::test]
async fn without_aws_time_no_lock_has_ended_and_taking_over_tells_whose_it_was() {
    let transport = transport();
    let table = made(&transport).await;
    locks::take(&table, &claim("r1"), now()).await.unwrap();
    // The endpoint says no time: how far this clock is off is not known.
    assert!(!locks::relies_on_clock(&table));
    let later = now() + 2.hours();
    assert!(matches!(locks::take(&table, &claim("r2"), later).await.unwrap(), LockState::Held { .. }));
    let before = locks::take_over(&table, &claim("r2"), later).await.unwrap();
    assert!(matches!(before, LockState::Held { holder, .. } if holder == "r1@desk"));
    assert_eq!(locks::state(&table, ARN, "r2", later).await, LockState::Ours);
    assert!(matches!(locks::state(&table, ARN, "r1", later).await, LockState::Held { .. }));
}

#[tokio::test]
async fn a_plan_is_put_there_read_by_its_digest_and_approved() {
    let transport = transport();
    let (operator, second) = (made(&transport).await, open(&transport).await);
    let proposal = Proposal {
        plan: plan(),
        runbook: "ecs-rollback".into(),
        principal: "arn:aws:sts::1:assumed-role/op/me".into(),
        proposer: "arn:aws:sts::2:assumed-role/team/me".into(),
        operator: "me@desk".into(),
        reason: "5xx".into(),
        at: now(),
    };
    let digest = proposal.digest();
    assert_eq!(approvals::proposal(&second, &digest).await.unwrap(), None);
    approvals::propose(&operator, &proposal).await.unwrap();
    approvals::propose(&operator, &proposal).await.unwrap();
    let other = Proposal { proposer: "arn:aws:sts::2:assumed-role/team/other".into(), ..proposal.clone() };
    assert!(approvals::propose(&second, &other).await.is_err());
    let found = approvals::proposal(&second, &digest).await.unwrap().unwrap();
    assert_eq!(found, proposal);
    let own = [proposal.principal.clone()];
    assert!(approvals::approvals(&operator, &found.plan, &own, now()).await.by.is_empty());
    let you = "arn:aws:sts::2:assumed-role/team/you";
    approvals::approve(&second, &found, you, "looks right", now() + 1.minute()).await.unwrap();
    approvals::approve(&second, &found, &proposal.proposer, "myself", now() + 1.minute()).await.unwrap();
    let in_force = approvals::approvals(&operator, &found.plan, &own, now() + 2.minutes()).await;
    assert_eq!(in_force.by, [(you.into(), now() + 1.minute())]);
    assert!(approvals::approvals(&operator, &found.plan, &own, now() + 7.minutes()).await.by.is_empty());
    assert_eq!(approvals::proposals(&operator).await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_plan_under_a_digest_is_refused() {
    let transport = transport();
    let table = made(&transport).await;
    let text = |value: &str| aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned());
    let plan_text = serde_json::to_string(&plan()).unwrap();
    let at = now().to_string();
    let item: Item = [("pk", "plans"), ("sk", "forged"), ("plan", &plan_text), ("at", &at)]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), text(value)))
        .collect();
    let condition = Condition { expression: "attribute_not_exists(#pk)".to_owned(), names: vec!["pk"], values: vec![] };
    assert!(table.put(item, condition).await.unwrap());
    let refused = approvals::proposal(&table, "forged").await.unwrap_err();
    assert!(refused.to_string().contains("another plan than this digest says"), "{refused}");
}

#[tokio::test]
async fn records_are_copied_once_and_a_failed_copy_is_made_later() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::open(Files::new(folder.path(), Ledger::Real));
    let author = Author { principal: "p".into(), operator: "me".into(), console: "c".into() };
    let append = || log.append(Entry::Disarmed { environment: "a/b".into(), why: "x".into() }, &author, now()).unwrap();
    let first = append();
    append();
    let transport = transport();
    let missing = open(&transport).await;
    let mut copier = Copier::open(log.files().clone(), folder.path(), "watchfloor");
    copier.look().unwrap();
    assert!(copier.copy(&missing).await.is_err(), "there is no table yet");
    assert_eq!(copier.behind(), 2);
    let table = made(&transport).await;
    assert_eq!(copier.copy(&table).await.unwrap(), 2);
    append();
    copier.look().unwrap();
    assert_eq!((copier.copy(&table).await.unwrap(), copier.behind()), (1, 0));
    // Another console, or the same one later, goes on; one that has forgotten where copies nothing twice.
    for path in ["team-copied.json", "none"] {
        let mut again = Copier::open(log.files().clone(), folder.path(), "watchfloor");
        again.look().unwrap();
        again.copy(&table).await.unwrap();
        assert_eq!(table.all(&format!("records#{}", first.hash)).await.unwrap().len(), 3);
        let _ = std::fs::remove_file(folder.path().join(path));
    }
}
