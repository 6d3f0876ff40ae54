//! Every figure of the five systems that describes a deployed thing, as real SDK clients read it from the drill.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod containers;
mod data;
mod serverless;
mod table;
mod watching;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;

use jiff::Timestamp;
use watchfloor::cloud::Session;
use watchfloor::config::presets;
use watchfloor::drill::{Drill, DrillOptions, connector, estate};
use watchfloor::model::EnvId;

/// What was found in an environment, one fact a line.
type Facts = BTreeSet<String>;

fn open(estate: &str) -> Drill {
    let began: Timestamp = "2026-11-21T03:04:00Z".parse().unwrap();
    let options = DrillOptions { scenario: Some("calm".to_owned()), speed: 0.0, ..DrillOptions::new(estate, began) };
    Drill::open(&options).unwrap()
}

/// All facts of an environment.
async fn facts(drill: &Drill, environment: &str) -> Facts {
    let config = drill.config.environments.iter().find(|config| config.name == environment).unwrap();
    let transport = connector::transport(Arc::new(drill.endpoint()));
    let session = Session::open(config, config.environment(EnvId(0)), &transport).await.unwrap();
    let identity = session.verify_identity().await.unwrap();
    let mut facts = Facts::from([format!("account {}", identity.account)]);
    facts.insert(format!("region {}", config.region.as_deref().unwrap()));
    serverless::collect(&session, &mut facts).await;
    containers::collect(&session, &mut facts).await;
    data::collect(&session, &mut facts).await;
    watching::collect(&session, &mut facts).await;
    watching::storage(drill, config, &mut facts);
    facts
}

#[tokio::test]
async fn every_figure_of_every_estate_is_deployed() {
    let mut missing = String::new();
    for (estate, environments) in table::rows() {
        let drill = open(estate);
        for (environment, rows) in environments {
            let facts = facts(&drill, environment).await;
            let absent: Vec<_> = rows.iter().filter(|row| !facts.contains(**row)).collect();
            if !absent.is_empty() {
                missing += &format!("{estate} {environment} lacks {absent:#?}\nit has {facts:#?}\n");
            }
        }
    }
    assert!(missing.is_empty(), "{missing}");
}

/// The one line of the estates' description that is a sum: six services together, and what auto scaling may make of it.
#[tokio::test]
async fn the_six_services_of_uex_payments_run_so_many_tasks_together() {
    let drill = open("uex-payments");
    for (environment, tasks, bounds) in [("dev", 12, (0, 0)), ("staging", 18, (0, 0)), ("prod", 30, (30, 60))] {
        let facts = facts(&drill, environment).await;
        assert_eq!(containers::tasks(&facts), (tasks, bounds), "{environment}");
        assert_eq!(facts.iter().filter(|fact| fact.starts_with("service ")).count(), 6);
        assert!(facts.iter().filter(|fact| fact.starts_with("alarm ")).count() >= 20);
        let topics: BTreeSet<&str> =
            facts.iter().filter_map(|fact| fact.split_once(" tells ")).map(|of| of.1).collect();
        let wanted = ["critical", "info", "warning"].map(|class| format!("uex-payments-{environment}-{class}"));
        assert!(topics.into_iter().eq(wanted.iter().map(String::as_str)));
    }
}

#[tokio::test]
async fn the_wallets_alarms_have_the_four_classes() {
    for estate in ["wallet-ecs", "wallet-eks"] {
        let drill = open(estate);
        for environment in ["staging", "production"] {
            let facts = facts(&drill, environment).await;
            for class in 1..=4 {
                let name = format!("alarm wallet-{environment}-P{class}-");
                let topic = format!("tells wallet-{environment}-p{class}");
                let ours: Vec<_> = facts.iter().filter(|fact| fact.starts_with(&name)).collect();
                assert!(!ours.is_empty() && ours.iter().all(|fact| fact.ends_with(&topic)), "{estate}: {ours:?}");
            }
        }
    }
}

#[test]
fn presets_and_estates_agree() {
    assert_eq!(presets::names(), ["analytics", "payments", "uex-payments", "wallet-ecs", "wallet-eks"]);
    assert_eq!(estate::names(), presets::names());
    for name in estate::names() {
        let drill = open(name);
        let data = estate::load(name).unwrap().environments;
        let preset = drill.config.environments.iter();
        let preset: Vec<_> = preset
            .map(|one| (one.name.clone(), one.tier, one.account.clone().unwrap(), one.region.clone().unwrap()))
            .collect();
        let heads = data.iter().map(|one| &one.head);
        let heads: Vec<_> =
            heads.map(|one| (one.name.clone(), one.tier, one.account.clone(), one.region.clone())).collect();
        assert_eq!(preset, heads, "{name}");
    }
}

/// The report of `watchfloor status --json` on a calm day, with its exit code.
fn status(estate: &str) -> (Option<i32>, serde_json::Value) {
    let home = tempfile::tempdir().unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_watchfloor"))
        .args(["status", "--json", "--drill", estate, "--scenario", "calm"])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    let report = serde_json::from_slice(&run.stdout);
    (
        run.status.code(),
        report.unwrap_or_else(|error| panic!("{estate}: {error}: {}", String::from_utf8_lossy(&run.stderr))),
    )
}

#[test]
fn status_reads_every_environment_of_every_estate() {
    for name in estate::names() {
        let (code, report) = status(name);
        assert!(matches!(code, Some(0 | 1)), "{name}: {code:?}");
        let environments = report["systems"][0]["environments"].as_array().unwrap();
        assert_eq!(environments.len(), open(name).config.environments.len());
        for environment in environments {
            assert_eq!(environment["state"], "live", "{name}: {environment:#}");
            for signal in environment["signals"].as_array().unwrap() {
                assert_ne!(signal["severity"], "critical", "{name}: {signal:#}");
                assert_ne!(signal["severity"], "unknown", "{name}: {signal:#}");
            }
        }
    }
}
