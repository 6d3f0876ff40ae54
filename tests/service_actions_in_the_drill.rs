//! Actions on ECS, EKS and Aurora against the drill: found by name, planned, sent once, and watched until they are done.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails by panicking")]

use std::time::Duration;

use jiff::Timestamp;
use watchfloor::actions::{Ask, Wanted, by_id};
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::guard::{Given, Policy, authorise, confirm};
use watchfloor::model::record::Overridden;
use watchfloor::model::{Identity, Observation, Plan, Risk, Sent, Standing, Target, Value, Values};

mod guarded;

use guarded::Rig;

impl Rig {
    fn now(&self) -> Timestamp {
        self.drill.clock.now()
    }

    /// The only one of this name.
    async fn target(&self, action: &str, name: &str) -> Target {
        let wanted = Wanted { name: Some(name.into()), ..Wanted::default() };
        let mut found = by_id(action).unwrap().find(&self.session, &wanted).await.unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    async fn plan(&self, action: &str, target: &Target, params: &[(&str, Value)]) -> Plan {
        let params: Values = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let ask = Ask { session: &self.session, target, params: &params, now: self.now(), token: "one-token" };
        by_id(action).unwrap().plan(&ask).await.unwrap()
    }

    /// Sends with leave of the guards, of which some are overridden.
    async fn send(&self, plan: &Plan, over: &[&str]) -> Sent {
        let identity = Identity {
            account: plan.target.account.clone(),
            arn: format!("arn:aws:sts::{}:assumed-role/operator/me", plan.target.account).into(),
        };
        let situation = guarded::content(plan, &self.session.environment, identity, plan.read_at);
        let policy = Policy::new("test", Risk::High);
        let overridden = over.iter().map(|rule| Overridden { rule: (*rule).into(), reason: "a test".into() }).collect();
        let typed = confirm::phrase_for(plan, &situation, policy.risk);
        let given = Given { typed, overridden, ..Given::default() };
        let leave = authorise(plan, &Ok(plan.clone()), &policy, &situation, &given, Some(situation.now)).unwrap();
        by_id(&plan.action).unwrap().send(&self.operator, leave).await
    }

    async fn observe(&self, plan: &Plan, receipt: Option<&Values>) -> Observation {
        by_id(&plan.action).unwrap().observe(&self.session, plan, receipt, self.now()).await.unwrap()
    }

    /// Lets time go by until the change is over, at most half an hour.
    async fn settled(&self, plan: &Plan, receipt: Option<&Values>) -> Observation {
        for _ in 0..60 {
            let seen = self.observe(plan, receipt).await;
            if seen.standing.is_final() {
                return seen;
            }
            tokio::time::advance(Duration::from_secs(30)).await;
        }
        self.observe(plan, receipt).await
    }

    fn sent(&self) -> Vec<String> {
        self.endpoint.log().changes().iter().map(|received| received.operation.clone()).collect()
    }
}

fn receipt(sent: Sent) -> Values {
    match sent {
        Sent::Accepted { receipt } => receipt,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_goes_to_the_last_that_completed_and_is_done_when_it_won() {
    let rig = Rig::open("uex-payments", "image-pull", 2, "prod").await;
    let target = rig.target("ecs.rollback", "uex-backend").await;
    let plan = rig.plan("ecs.rollback", &target, &[]).await;
    assert_eq!(plan.observed["to"], plan.observed["last_completed"]);
    assert_eq!(plan.observed["to.status"], "ACTIVE".into());
    assert!(plan.facts.obstacle.is_some(), "the bad rollout goes on");
    assert_eq!(rig.sent(), Vec::<String>::new());
    let receipt = receipt(rig.send(&plan, &[&format!("in-flight/{}", target.name)]).await);
    assert_eq!(rig.observe(&plan, Some(&receipt)).await.standing, Standing::Underway);
    let seen = rig.settled(&plan, Some(&receipt)).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    assert_eq!(seen.values["mine"], seen.values["primary_deployment"]);
    assert_eq!((&seen.values["current"], &seen.values["running"]), (&plan.observed["to"], &seen.values["desired"]));
    assert_eq!(rig.sent(), ["UpdateService"]);
}

#[tokio::test(start_paused = true)]
async fn a_cut_answer_is_resolved_by_reading_alone() {
    let rig = Rig::open("uex-payments", "calm", 5, "prod").await;
    let target = rig.target("ecs.redeploy", "uex-backend").await;
    let plan = rig.plan("ecs.redeploy", &target, &[]).await;
    assert_eq!(rig.observe(&plan, None).await.standing, Standing::NotApplied);
    rig.endpoint.rules().add(Rule::all(FaultMode::CommitThenCut).operation("UpdateService"));
    assert!(matches!(rig.send(&plan, &[]).await, Sent::Unknown { .. }));
    let seen = rig.settled(&plan, None).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    assert_eq!(rig.sent(), ["UpdateService"], "sent once");
}

#[tokio::test(start_paused = true)]
async fn a_deployment_in_progress_is_stopped_and_rolled_back() {
    let rig = Rig::open("uex-payments", "image-pull", 2, "prod").await;
    let target = rig.target("ecs.stop_deployment", "uex-backend").await;
    let plan = rig.plan("ecs.stop_deployment", &target, &[]).await;
    assert_ne!(plan.observed["back_to"], Value::None);
    let receipt = receipt(rig.send(&plan, &[]).await);
    let seen = rig.settled(&plan, Some(&receipt)).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    assert_eq!(seen.values["current"], plan.observed["back_to"]);
    assert_eq!(rig.sent(), ["StopServiceDeployment"]);
}

#[tokio::test(start_paused = true)]
async fn an_autoscaled_service_gets_a_higher_minimum() {
    let rig = Rig::open("wallet-ecs", "calm", 5, "production").await;
    let target = rig.target("ecs.scale", "wallet-api").await;
    let plan = rig.plan("ecs.scale", &target, &[("desired", Value::Count(12))]).await;
    assert_eq!(plan.operation, "application-autoscaling:RegisterScalableTarget");
    let capacity = plan.facts.capacity[0].clone();
    assert_eq!((capacity.least, capacity.most, capacity.after), (None, Some(20), 12));
    let receipt = receipt(rig.send(&plan, &[]).await);
    let seen = rig.settled(&plan, Some(&receipt)).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    assert_eq!(rig.sent(), ["RegisterScalableTarget"]);
}

#[tokio::test(start_paused = true)]
async fn a_node_group_grows() {
    let rig = Rig::open("wallet-eks", "calm", 5, "production").await;
    let all = by_id("eks.nodegroup_scale").unwrap();
    let groups = rig.session.eks().list_clusters().send().await.unwrap().clusters()[0].clone();
    let groups = rig.session.eks().list_nodegroups().cluster_name(groups).send().await.unwrap();
    let wanted = Wanted { name: Some(groups.nodegroups()[0].as_str().into()), ..Wanted::default() };
    let target = all.find(&rig.session, &wanted).await.unwrap().remove(0);
    let first = rig.plan("eks.nodegroup_scale", &target, &[("desired", Value::Count(1))]).await;
    let (desired, max) = (first.observed["desired"].count().unwrap(), first.observed["max"].count().unwrap());
    assert!(desired < max);
    let plan = rig.plan("eks.nodegroup_scale", &target, &[("desired", Value::Count(desired + 1))]).await;
    let over = format!("ownership/{}", target.name);
    let receipt = receipt(rig.send(&plan, &[&over]).await);
    assert_ne!(receipt["update_id"], Value::None);
    let seen = rig.settled(&plan, Some(&receipt)).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    assert_eq!(rig.sent(), ["UpdateNodegroupConfig"]);
    let changes = rig.endpoint.log().changes();
    assert_eq!(changes[0].input["scalingConfig"], serde_json::json!({"desiredSize": desired + 1}));
    assert_eq!(changes[0].input["clientRequestToken"], "one-token");
}

#[tokio::test(start_paused = true)]
async fn an_update_whose_answer_was_lost_is_found_among_the_groups_updates() {
    let rig = Rig::open("wallet-eks", "calm", 5, "production").await;
    let target = rig.target("eks.nodegroup_scale", "wallet-production-workers").await;
    let first = rig.plan("eks.nodegroup_scale", &target, &[("desired", Value::Count(1))]).await;
    let more = Value::Count(first.observed["desired"].count().unwrap() + 1);
    let plan = rig.plan("eks.nodegroup_scale", &target, &[("desired", more)]).await;
    let before = rig.observe(&plan, None).await;
    assert_eq!((before.standing, &before.values["mine"]), (Standing::NotApplied, &Value::None));
    rig.endpoint.rules().add(Rule::all(FaultMode::CommitThenCut).operation("UpdateNodegroupConfig"));
    let over = format!("ownership/{}", target.name);
    assert!(matches!(rig.send(&plan, &[&over]).await, Sent::Unknown { .. }));
    let seen = rig.settled(&plan, None).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    assert_eq!(seen.values["update.status"], "Successful".into());
    assert_ne!(seen.values["mine"], Value::None);
    assert_eq!(rig.sent(), ["UpdateNodegroupConfig"], "sent once");
}

#[tokio::test(start_paused = true)]
async fn a_writer_fails_over_to_the_best_reader() {
    let rig = Rig::open("wallet-ecs", "calm", 5, "production").await;
    let clusters = rig.session.rds().describe_db_clusters().send().await.unwrap();
    let name = clusters.db_clusters()[0].db_cluster_identifier().unwrap().to_owned();
    let target = rig.target("aurora.failover", &name).await;
    let plan = rig.plan("aurora.failover", &target, &[]).await;
    assert_eq!(plan.facts.impossible, None);
    assert_ne!(plan.observed["to"], plan.observed["writer"]);
    let receipt = receipt(rig.send(&plan, &[]).await);
    let seen = rig.settled(&plan, Some(&receipt)).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    assert_eq!(seen.values["writer"], plan.observed["to"]);
    assert_eq!(rig.sent(), ["FailoverDBCluster"]);
}
