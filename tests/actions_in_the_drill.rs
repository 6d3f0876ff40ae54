//! Actions on Lambda, DynamoDB, API Gateway and alarms in the drill: found by name, planned, judged by the guards, sent
//! once, watched until done, and brought back by their own inverse.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use watchfloor::actions::{Action, Ask, Wanted, by_id};
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::guard::{Given, Guard, Policy, Situation, authorise, confirm, judge};
use watchfloor::model::record::Overridden;
use watchfloor::model::{Observation, Plan, Risk, Sent, Standing, Target, Value, Values};

mod guarded;

use guarded::Rig;

/// The production environment of `payments`, some minutes into a scenario.
async fn payments(scenario: &str, elapsed_min: u64) -> Rig {
    Rig::open("payments", scenario, elapsed_min, "prod").await
}

impl Rig {
    async fn target(&self, action: &dyn Action, name: &str) -> Target {
        let wanted = Wanted { name: Some(name.into()), ..Wanted::default() };
        let mut found = action.find(&self.session, &wanted).await.unwrap();
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        found.remove(0)
    }

    async fn plan(&self, action: &dyn Action, target: &Target, params: &Values) -> Plan {
        let now = self.drill.clock.now();
        action.plan(&Ask { session: &self.session, target, params, now, token: "token" }).await.unwrap()
    }

    /// With leave of the guards; what can be overridden is.
    async fn send(&self, action: &dyn Action, plan: &Plan) -> Sent {
        let situation = self.situation(plan).await;
        let policy = Policy::new("test", Risk::High);
        let verdicts = judge(plan, &policy, &situation, &[]);
        let refused = verdicts.iter().filter(|verdict| verdict.refuses());
        let overridden = refused
            .inspect(|verdict| assert_eq!(verdict.guard, Guard::Floor, "{verdict:?}"))
            .map(|verdict| Overridden { rule: verdict.rule.clone(), reason: "a test".into() })
            .collect();
        let given = Given { typed: confirm::phrase_for(plan, &situation, policy.risk), overridden, ..Given::default() };
        let again = self.plan(action, &plan.target, &plan.params).await;
        let leave = authorise(plan, &Ok(again), &policy, &situation, &given, Some(situation.now)).unwrap();
        action.send(&self.operator, leave).await
    }

    async fn situation(&self, plan: &Plan) -> Situation {
        let identity = self.operator.verify_identity().await.unwrap();
        guarded::content(plan, &self.session.environment, identity, self.drill.clock.now())
    }

    async fn observe(&self, action: &dyn Action, plan: &Plan, receipt: Option<&Values>) -> Observation {
        action.observe(&self.session, plan, receipt, self.drill.clock.now()).await.unwrap()
    }

    /// Until it is final, at most half an hour.
    async fn done(&self, action: &dyn Action, plan: &Plan, receipt: Option<&Values>) {
        for _ in 0..60 {
            let observation = self.observe(action, plan, receipt).await;
            if observation.standing.is_final() {
                assert_eq!(observation.standing, Standing::Done, "{}", observation.says);
                return;
            }
            tokio::time::advance(Duration::from_secs(30)).await;
        }
        panic!("{} does not end", plan.action);
    }

    fn changes(&self) -> Vec<String> {
        self.endpoint.log().changes().into_iter().map(|received| received.operation).collect()
    }

    /// Plans, sends and watches; gives the plan.
    async fn run(&self, id: &str, target: &Target, params: Values) -> Plan {
        let action = by_id(id).unwrap();
        let plan = self.plan(action, target, &params).await;
        assert_eq!(plan.facts.impossible, None, "{id}");
        let before = self.changes().len();
        match self.send(action, &plan).await {
            Sent::Accepted { receipt } => self.done(action, &plan, Some(&receipt)).await,
            other => panic!("{id}: {other:?}"),
        }
        assert_eq!(self.changes().len(), before + 1, "{id} was sent once");
        plan
    }

    /// The same and then its inverse, after which everything decisive is as before.
    async fn there_and_back(&self, id: &str, name: &str, params: &[(&str, Value)]) {
        let target = self.target(by_id(id).unwrap(), name).await;
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let plan = self.run(id, &target, params).await;
        let undo = plan.undo.clone().expect("it can be undone");
        let back = self.run(&undo.action, &target, undo.params).await;
        for (there, here) in plan.differences.iter().zip(&back.differences) {
            assert_eq!((&there.field, &there.before), (&here.field, &here.after), "{id}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_action_goes_there_and_back() {
    let rig = payments("calm", 5).await;
    rig.there_and_back("lambda.alias_rollback", "payments-prod-payment-processing", &[]).await;
    rig.there_and_back("lambda.alias_rollback", "payments-prod-payment-validation", &[("weight", 10.into())]).await;
    rig.there_and_back("lambda.concurrency", "payments-prod-payment-validation", &[("reserved", 250.into())]).await;
    rig.there_and_back("dynamodb.capacity", "payments-prod-transactions", &[("write", 5000.into())]).await;
    rig.there_and_back("alarm.mute", "payments-prod-api-5xx", &[("for", "2h".into())]).await;
}

#[tokio::test(start_paused = true)]
async fn a_stage_is_throttled_and_set_free() {
    let rig = payments("calm", 5).await;
    let action = by_id("apigateway.throttle").unwrap();
    let signal = watchfloor::signals::Signal::inventory(&watchfloor::signals::api_gateway::ApiGateway, &rig.session);
    let stage = signal.await.unwrap().stages.remove(0);
    let wanted = Wanted { arn: Some(stage.arn), ..Wanted::default() };
    let target = action.find(&rig.session, &wanted).await.unwrap().remove(0);
    let params = [("rate", Value::Count(1234)), ("burst", Value::Count(777))];
    rig.there_and_back("apigateway.throttle", &target.name, &params).await;
    let settings = async || {
        let (api, stage) = target.arn.split_once("/restapis/").unwrap().1.split_once("/stages/").unwrap();
        let answer = rig.session.apigateway().get_stage().rest_api_id(api).stage_name(stage).send().await.unwrap();
        answer.method_settings().cloned().unwrap_or_default()
    };
    let before = settings().await;
    let params = [("method", "POST /process".into()), ("rate", Value::Count(1234))];
    rig.there_and_back("apigateway.throttle", &target.name, &params).await;
    assert_eq!(settings().await, before, "the method has the stage's limits again, not none");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_came_is_resolved_by_reading() {
    for (mode, expected) in [
        (FaultMode::CommitThenCut, Standing::Done),
        (FaultMode::CommitThen500, Standing::Done),
        (FaultMode::RejectBefore, Standing::NotApplied),
    ] {
        let rig = payments("bad-deploy", 8).await;
        let action = by_id("lambda.alias_rollback").unwrap();
        let target = rig.target(action, "payments-prod-payment-processing").await;
        let plan = rig.plan(action, &target, &Values::new()).await;
        assert_eq!((plan.params["to"].clone(), plan.facts.is_rollback), ("42".into(), true));
        rig.endpoint.rules().add(Rule::all(mode).operation("UpdateAlias"));
        let sent = rig.send(action, &plan).await;
        assert!(matches!(sent, Sent::Unknown { .. }), "{sent:?}");
        let observation = rig.observe(action, &plan, None).await;
        assert_eq!(observation.standing, expected, "{}", observation.says);
        assert_eq!(rig.changes().len(), 1, "sent once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_of_a_stale_plan_is_refused_by_aws_and_changes_nothing() {
    let rig = payments("bad-deploy", 8).await;
    let action = by_id("lambda.alias_rollback").unwrap();
    let target = rig.target(action, "payments-prod-payment-processing").await;
    let plan = rig.plan(action, &target, &Values::new()).await;
    let lambda = rig.operator.permit("UpdateAlias").unwrap();
    let other = lambda.session().lambda().update_alias().function_name(&*target.name).name("live");
    other.description("somebody else").send().await.unwrap();
    drop(lambda);
    let situation = rig.situation(&plan).await;
    let policy = Policy::new("test", Risk::High);
    let given = Given { typed: confirm::phrase_for(&plan, &situation, policy.risk), ..Given::default() };
    let again = rig.plan(action, &target, &plan.params).await;
    let now = Some(situation.now);
    assert!(authorise(&plan, &Ok(again), &policy, &situation, &given, now).is_err(), "stale");
    // The race that a second reading cannot see: AWS's own lock does.
    let leave = authorise(&plan, &Ok(plan.clone()), &policy, &situation, &given, now).unwrap();
    assert!(matches!(action.send(&rig.operator, leave).await, Sent::Rejected { .. }));
    assert_eq!(rig.observe(action, &plan, None).await.standing, Standing::NotApplied);
}
