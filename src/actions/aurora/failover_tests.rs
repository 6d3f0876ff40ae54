//! What a plan to fail over says, and how far a failover is.
use rstest::rstest;

use super::*;

fn member(name: &str, writer: bool, status: &str) -> Member {
    Member {
        name: name.into(),
        writer,
        tier: Some(1),
        status: status.into(),
        class: "db.r6g.large".into(),
        ..Member::default()
    }
}

fn cluster(status: &str, writer: &str) -> Cluster {
    let members = ["a", "b", "c"].map(|name| member(name, name == writer, "available"));
    Cluster {
        name: "orders".into(),
        status: status.into(),
        engine: "aurora-postgresql".into(),
        members: members.to_vec(),
        ..Cluster::default()
    }
}

fn plan(cluster: &Cluster, asked: &str) -> Plan {
    let target = Target {
        environment: "wallet/prod".into(),
        account: "111122223333".into(),
        region: "sa-east-1".into(),
        kind: TargetKind::RdsCluster,
        name: "orders".into(),
        arn: "arn:aws:rds:sa-east-1:111122223333:cluster:orders".into(),
    };
    judge(&target, cluster, asked, None, "2026-11-21T03:04:05Z".parse().unwrap())
}

#[test]
fn the_reader_is_pinned_and_the_way_back_is_the_old_writer() {
    let plan = plan(&cluster("available", "a"), "best");
    assert_eq!(plan.request, Values::from([("target_db_instance_identifier".to_owned(), "b".into())]));
    assert_eq!((&*plan.value, &plan.params["to"]), ("b", &Value::from("b")));
    assert_eq!(plan.undo.unwrap().params["to"], Value::from("a"));
    assert_eq!(plan.facts, Facts::default());
    assert!(plan.touches.iter().any(|says| says.contains("30 to 120 s")));
}

#[test]
fn what_cannot_be_is_said() {
    let whole = cluster("available", "a");
    assert!(plan(&whole, "a").facts.impossible.unwrap().contains("already"));
    assert!(plan(&whole, "x").facts.impossible.unwrap().contains("not a member"));
    let mut alone = whole.clone();
    alone.members.truncate(1);
    assert!(plan(&alone, "best").facts.impossible.unwrap().contains("no reader"));
    let mut ill = whole.clone();
    ill.members[1].status = "rebooting".into();
    assert!(plan(&ill, "b").facts.impossible.unwrap().contains("rebooting"));
    assert_eq!(&*plan(&ill, "best").value, "c");
    let secondary = cluster("available", "none");
    assert!(plan(&secondary, "best").facts.impossible.unwrap().contains("global cluster"));
    let busy = plan(&cluster("backing-up", "a"), "best").facts;
    assert!(busy.obstacle.unwrap().says.contains("backing-up") && busy.impossible.is_none());
}

#[test]
fn rds_for_mysql_chooses_by_itself() {
    let whole = Cluster { engine: "mysql".into(), ..cluster("available", "a") };
    assert_eq!(plan(&whole, "best").request, Values::new());
    assert!(plan(&whole, "b").facts.impossible.is_some());
}

#[rstest]
#[case("available", "b", true, "", Standing::Done)]
#[case("failing-over", "b", true, "", Standing::Underway)]
#[case("failing-over", "a", true, "", Standing::Underway)]
#[case("available", "a", true, "Started cross AZ failover to DB instance: b", Standing::Underway)]
#[case("available", "a", true, "Cluster failover failed, check the health of your cluster instances", Standing::Failed)]
#[case("available", "a", true, "Completed failover to DB instance: b", Standing::Overtaken)]
#[case("available", "a", true, "Completed failover to DB instance: a", Standing::Underway)]
#[case("available", "a", true, "Completed failover to DB instance: b-2", Standing::Underway)]
#[case("available", "a", false, "", Standing::NotApplied)]
#[case("available", "a", false, "Completed failover to DB instance: a", Standing::NotApplied)]
#[case("available", "a", false, "Started same AZ failover to DB instance: b", Standing::Underway)]
#[case("failing-over", "a", false, "", Standing::Unclear)]
#[case("failing-over", "a", false, "Started cross AZ failover to DB instance: c", Standing::Unclear)]
#[case("failing-over", "a", false, "Started cross AZ failover to DB instance: b", Standing::Underway)]
#[case("backing-up", "a", false, "", Standing::Unclear)]
#[case("available", "a", false, "Cluster failover failed, check the health of your instances", Standing::Unclear)]
#[case("available", "a", false, "Completed failover to DB instance: b", Standing::Overtaken)]
#[case("available", "c", true, "", Standing::Overtaken)]
#[case("available", "c", false, "", Standing::Unclear)]
#[case("available", "none", true, "", Standing::Underway)]
#[case("failing-over", "none", false, "", Standing::Unclear)]
#[case("failing-over", "none", false, "Started same AZ failover to DB instance: b", Standing::Underway)]
fn how_far_it_is(
    #[case] status: &str,
    #[case] writer: &str,
    #[case] accepted: bool,
    #[case] event: &str,
    #[case] expected: Standing,
) {
    let told: Vec<String> = Some(event.to_owned()).filter(|event| !event.is_empty()).into_iter().collect();
    assert_eq!(standing(&cluster(status, writer), ("a", "b"), &told, accepted).0, expected);
}
