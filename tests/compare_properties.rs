//! Every setting of every kind that the inventories tell of: a single difference is reported exactly once, wherever it is.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;

use watchfloor::base::Text;
use watchfloor::compare::setting::{Tags, Value};
use watchfloor::compare::verdict::EXISTS;
use watchfloor::compare::{Judged, Matrix, Snapshot, Verdict, connect, inventory, read};
use watchfloor::config::manifest::{self, Allowed, Manifest};
use watchfloor::config::{Source, presets};
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::model::Tier;
use watchfloor::signals::naming::Naming;

use support::{Answer, FakeAws, environment};

mod support;

const ESTATES: [&str; 5] = ["analytics", "payments", "uex-payments", "wallet-ecs", "wallet-eks"];

async fn estate(name: &str) -> Vec<Snapshot> {
    let started = "2026-11-21T03:12:00Z".parse().unwrap();
    let options = DrillOptions { scenario: Some("calm".into()), speed: 0.0, ..DrillOptions::new(name, started) };
    let drill = Drill::open(&options).unwrap();
    let asked = connect(&drill.config, &connector::transport(Arc::new(drill.endpoint()))).await;
    read(&asked, started, &|_| {}).await
}

fn judge(snapshots: &[Snapshot], manifest: &Manifest) -> Judged {
    let environments: Vec<_> = snapshots.iter().map(Snapshot::environment).collect();
    let naming = Naming::new(environments.iter(), &[]);
    Matrix::of(snapshots[0].system.clone(), snapshots, &naming, &manifest.matches).judge(manifest)
}

/// `kind name key environment verdict` of every cell that is neither the same nor approved.
fn wrong(judged: &Judged) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &judged.rows {
        for setting in &row.settings {
            for (column, cell) in judged.columns.iter().zip(&setting.cells) {
                let Some(cell) = cell.as_ref().filter(|cell| cell.verdict > Verdict::Approved) else { continue };
                let (kind, name, key) = (&row.kind, &row.name, &setting.key);
                lines.push(format!("{kind} {name} {key} {} {}", column.environment, cell.verdict.word()));
            }
        }
    }
    lines
}

/// Another value of the same form.
fn other(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number + 1.0),
        Value::Text(text) => Value::Text(Text::new(format!("{text}x"))),
        Value::Bool(on) => Value::Bool(!on),
        Value::List(words) => Value::list(words.iter().map(|word| word.to_string()).chain(["injected".to_owned()])),
        Value::Absent => Value::Text("injected".into()),
        Value::Unknown(fault) => unreachable!("{fault}"),
    }
}

/// Three environments that are the same one, but for what names them.
fn thrice(one: &Snapshot) -> Vec<Snapshot> {
    let places = [("blue", Tier::Development), ("green", Tier::Staging), ("red", Tier::Production)];
    let place = |(name, tier): (&str, Tier)| {
        let mut snapshot = Snapshot { name: name.into(), tier, ..one.clone() };
        for resource in &mut snapshot.resources {
            if let Tags::Known(tags) = &mut resource.tags {
                tags.insert("Environment".into(), name.into());
            }
        }
        snapshot
    };
    places.map(place).into()
}

#[tokio::test]
async fn every_setting_of_every_kind_counts() {
    let (mut kinds, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let mut tried = 0;
    let mut ones = vec![in_no_estate().await];
    for name in ESTATES {
        ones.extend(estate(name).await.pop());
    }
    for one in &ones {
        let (name, all) = (&one.system, thrice(one));
        assert_eq!(wrong(&judge(&all, &Manifest::default())), Vec::<String>::new(), "{name}");
        for (index, resource) in all[0].resources.iter().enumerate() {
            let mut wanted: Vec<(Text, Verdict)> = Vec::new();
            let of_kind = |key: &Text| (resource.kind.clone(), key.clone());
            if kinds.insert(resource.kind.clone()) {
                wanted.push((EXISTS.into(), Verdict::Missing));
            }
            let new = resource.settings.iter().filter(|setting| keys.insert(of_kind(&setting.key)));
            wanted.extend(new.map(|setting| (setting.key.clone(), Verdict::Drift)));
            if let Tags::Known(tags) = &resource.tags {
                let tags =
                    tags.keys().map(|key| Text::new(format!("tag:{key}"))).filter(|key| keys.insert(of_kind(key)));
                wanted.extend(tags.flat_map(|key| [(key.clone(), Verdict::Drift), (key, Verdict::Untagged)]));
            }
            for (key, verdict) in wanted {
                let place = tried % all.len();
                tried += 1;
                let (mut changed, index) = of_kind_alone(&all, index);
                inject(&mut changed[place], index, &key, verdict);
                let judged = judge(&changed, &Manifest::default());
                let found = wrong(&judged);
                let end = format!(" {key} {} {}", changed[place].name, verdict.word());
                assert_eq!(found.len(), 1, "{name}: {} {} {key}: {found:?}", resource.kind, resource.name);
                assert!(found[0].starts_with(&*resource.kind) && found[0].ends_with(&end), "{found:?}, not{end}");
                assert_eq!(judged.findings().count(), 1);
            }
        }
    }
    let unseen: Vec<&str> = inventory::kinds().into_iter().filter(|kind| !kinds.contains(*kind)).collect();
    assert_eq!(unseen, [""; 0]);
    assert!(keys.len() > 200, "{}", keys.len());
}

/// Only the resources of one's kind, and its place among them.
fn of_kind_alone(all: &[Snapshot], index: usize) -> (Vec<Snapshot>, usize) {
    let kind = &all[0].resources[index].kind;
    let before = all[0].resources[..index].iter().filter(|one| one.kind == *kind).count();
    let mut all = all.to_vec();
    for snapshot in &mut all {
        snapshot.resources.retain(|one| one.kind == *kind);
    }
    (all, before)
}

/// The kinds that no estate of the drill has: HTTP APIs, and a cache cluster that stands alone.
async fn in_no_estate() -> Snapshot {
    let aws = FakeAws::new(|asked| match asked.operation.as_str() {
        "GET /v2/apis" => Answer::json(
            200,
            r#"{"items":[{"apiId":"a1","name":"events","protocolType":"HTTP","routeSelectionExpression":"$request.method","corsConfiguration":{"allowOrigins":["https://a"]},"tags":{"Environment":"x"}}]}"#,
        ),
        "GET /v2/apis/a1/routes" => Answer::json(200, r#"{"items":[{"routeKey":"GET /x","authorizationType":"JWT"}]}"#),
        "GET /v2/apis/a1/stages" => Answer::json(
            200,
            r#"{"items":[{"stageName":"live","autoDeploy":true,"accessLogSettings":{"destinationArn":"arn:aws:logs:eu-west-1:111111111111:log-group:events","format":"x"},"defaultRouteSettings":{"throttlingRateLimit":5.5,"throttlingBurstLimit":9},"routeSettings":{"GET /x":{"throttlingRateLimit":1.0}},"stageVariables":{"A":"1"},"tags":{"Environment":"x"}}]}"#,
        ),
        "DescribeReplicationGroups" => Answer::xml(
            200,
            "<DescribeReplicationGroupsResponse><DescribeReplicationGroupsResult><ReplicationGroups/></DescribeReplicationGroupsResult></DescribeReplicationGroupsResponse>",
        ),
        "DescribeCacheClusters" => Answer::xml(
            200,
            "<DescribeCacheClustersResponse><DescribeCacheClustersResult><CacheClusters><CacheCluster><CacheClusterId>alone</CacheClusterId><ARN>arn:aws:elasticache:eu-west-1:111111111111:cluster:alone</ARN><Engine>redis</Engine><EngineVersion>7.0</EngineVersion><CacheNodeType>cache.t3.micro</CacheNodeType><NumCacheNodes>1</NumCacheNodes><CacheParameterGroup><CacheParameterGroupName>default.redis7</CacheParameterGroupName></CacheParameterGroup><SnapshotRetentionLimit>1</SnapshotRetentionLimit><AtRestEncryptionEnabled>true</AtRestEncryptionEnabled></CacheCluster></CacheClusters></DescribeCacheClustersResult></DescribeCacheClustersResponse>",
        ),
        other => unreachable!("{other}"),
    });
    let config = environment("prod");
    let session = aws.session(&config).await;
    let mut snapshot = Snapshot::empty(&session.environment, "2026-11-21T03:12:00Z".parse().unwrap());
    for inventory in
        inventory::ALL.iter().filter(|one| ["http api", "cache cluster"].iter().any(|kind| one.kinds().contains(kind)))
    {
        let found = inventory.read(&session).await;
        assert_eq!(found.unlisted, []);
        snapshot.resources.extend(found.resources);
    }
    for resource in snapshot.resources.iter_mut().filter(|resource| resource.tags == Tags::Elsewhere) {
        resource.tags = Tags::known([("Environment", "x")]);
    }
    snapshot
}

fn inject(snapshot: &mut Snapshot, index: usize, key: &str, verdict: Verdict) {
    if key == EXISTS {
        snapshot.resources.remove(index);
        return;
    }
    let resource = &mut snapshot.resources[index];
    match (key.strip_prefix("tag:"), &mut resource.tags) {
        (Some(tag), Tags::Known(tags)) => {
            tags.remove(tag);
            if verdict == Verdict::Drift {
                tags.insert(tag.into(), "injected".into());
            }
        }
        _ => {
            let setting = resource.settings.iter_mut().find(|setting| &*setting.key == key).unwrap();
            setting.value = other(&setting.value);
        }
    }
}

/// The same with the environments as they are and what their manifest approves.
#[tokio::test]
async fn every_setting_of_payments_counts_beside_what_is_approved() {
    let all = estate("payments").await;
    let text = presets::manifest("payments").unwrap();
    let manifest = manifest::read(&Source::new("m", text), &inventory::kinds()).unwrap();
    let anything = manifest.variations.iter().any(|rule| rule.allowed == Allowed::Any);
    assert!(!anything, "a rule that allows anything would have to be left out below");
    let mut tried = 0;
    for (index, resource) in all[2].resources.iter().enumerate() {
        for setting in &resource.settings {
            let place = tried % all.len();
            tried += 1;
            // What only production has cannot differ.
            let (Some(_), Some(same)) = (same_row(&all[0], &all[2], index), same_row(&all[place], &all[2], index))
            else {
                continue;
            };
            let mut changed = all.clone();
            for snapshot in &mut changed {
                snapshot.resources.retain(|one| one.kind == resource.kind);
            }
            let same = all[place].resources[..same].iter().filter(|one| one.kind == resource.kind).count();
            inject(&mut changed[place], same, &setting.key, Verdict::Drift);
            let mut found = wrong(&judge(&changed, &manifest));
            // Of the kinds that were taken out above, what must exist is missed.
            found.retain(|line| line.starts_with(&*resource.kind));
            let end = format!(" {} {} DRIFT", setting.key, changed[place].name);
            assert!(found.len() == 1 && found[0].ends_with(&end), "{} {}: {found:?}", resource.name, setting.key);
        }
    }
    assert!(tried > 300, "{tried}");
}

/// The place of the resource that stands in the same row.
fn same_row(of: &Snapshot, with: &Snapshot, index: usize) -> Option<usize> {
    let (there, here) = (of.environment(), with.environment());
    let naming = Naming::new([&there, &here].into_iter(), &[]);
    let wanted = &with.resources[index];
    let name = naming.logical(&wanted.name, &here);
    of.resources.iter().position(|one| one.kind == wanted.kind && naming.logical(&one.name, &there) == name)
}
