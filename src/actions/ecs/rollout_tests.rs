//! Whose deployment is it, and how far is it: every way in which a rollout can go.
use jiff::ToSpan;
use proptest::prelude::*;

use super::*;

fn planned() -> Timestamp {
    "2026-11-21T03:04:05Z".parse().unwrap()
}

fn deployment(id: &str, revision: &str, primary: bool, rollout: Option<Rollout>, after_s: i64) -> Deployment {
    Deployment {
        id: id.into(),
        primary,
        task_definition: format!("arn:aws:ecs:us-east-1:1:task-definition/{revision}").into(),
        desired: 3,
        running: if primary { 3 } else { 0 },
        created: Some(planned() + after_s.seconds()),
        rollout,
        ..Deployment::default()
    }
}

fn service(deployments: Vec<Deployment>) -> Service {
    Service {
        desired: 3,
        running: 3,
        task_definition: deployments[0].task_definition.clone(),
        deployments,
        ..Service::default()
    }
}

/// From api:42, deployment `ecs-svc/old`, back to api:41.
fn sought(receipt: Option<&str>) -> Sought {
    Sought {
        before: "ecs-svc/old".into(),
        revision: "api:41".into(),
        was: "api:42".into(),
        receipt: receipt.map(Into::into),
        since: planned(),
    }
}

fn judged(service: &Service, receipt: Option<&str>) -> (Standing, Option<String>) {
    let judged = judge(service, &sought(receipt), &[], &Health::NoGroups);
    (judged.standing, judged.mine.map(|id| id.to_string()))
}

const OLD: fn(bool) -> Deployment =
    |primary| deployment("ecs-svc/old", "api:42", primary, Some(Rollout::Completed), -900);

#[test]
fn our_deployment_is_done_only_when_it_completed_and_all_tasks_run_healthily() {
    let ours = |rollout| deployment("ecs-svc/new", "api:41", true, rollout, 2);
    let mine = Some("ecs-svc/new".to_owned());
    let rolling = service(vec![ours(Some(Rollout::InProgress)), OLD(false)]);
    assert_eq!(judged(&rolling, Some("ecs-svc/new")), (Standing::Underway, mine.clone()));
    let mut done = service(vec![ours(Some(Rollout::Completed))]);
    assert_eq!(judged(&done, Some("ecs-svc/new")), (Standing::Done, mine.clone()));
    let healthy = |health| judge(&done, &sought(Some("ecs-svc/new")), &[], &health).standing;
    assert_eq!(healthy(Health::Healthy(3)), Standing::Done);
    assert_eq!(healthy(Health::Healthy(2)), Standing::Underway);
    assert_eq!(healthy(Health::Unknown("denied".into())), Standing::Underway);
    done.running = 2;
    assert_eq!(judged(&done, Some("ecs-svc/new")), (Standing::Underway, mine.clone()));
    let failed = service(vec![ours(Some(Rollout::Failed)), OLD(false)]);
    assert_eq!(judged(&failed, Some("ecs-svc/new")), (Standing::Failed, mine.clone()));
    let untold = service(vec![ours(None)]);
    assert_eq!(judged(&untold, Some("ecs-svc/new")), (Standing::Done, mine.clone()), "no state is no failure");
    assert_eq!(judged(&service(vec![ours(None), OLD(false)]), Some("ecs-svc/new")), (Standing::Underway, mine));
}

#[test]
fn a_rollback_by_the_circuit_breaker_is_a_failure_although_the_service_is_stable() {
    let back = deployment("ecs-svc/back", "api:42", true, Some(Rollout::Completed), 300);
    let mut failed = deployment("ecs-svc/new", "api:41", false, Some(Rollout::Failed), 2);
    failed.reason = "ECS deployment circuit breaker: tasks failed to start.".into();
    let both = service(vec![back.clone(), failed]);
    let told = judge(&both, &sought(Some("ecs-svc/new")), &[], &Health::NoGroups);
    assert_eq!((told.standing, told.state), (Standing::Failed, Some("FAILED")));
    assert!(told.says.contains("circuit breaker") && told.says.contains("api:42"));
    // Later the failed deployment is gone; events or service deployments still tell.
    let mut alone = service(vec![back]);
    assert_eq!(judged(&alone, Some("ecs-svc/new")).0, Standing::Overtaken);
    let past = |status: &str, revision: &str, after_s: i64| Past {
        status: status.into(),
        task_definition: revision.into(),
        created: Some(planned() + after_s.seconds()),
        ..Past::default()
    };
    let with = |past: Past| judge(&alone, &sought(Some("ecs-svc/new")), &[past], &Health::NoGroups).standing;
    assert_eq!(with(past("ROLLBACK_SUCCESSFUL", "api:41", 2)), Standing::Failed);
    assert_eq!(with(past("ROLLBACK_SUCCESSFUL", "api:41", -900)), Standing::Overtaken, "that was before");
    assert_eq!(with(past("ROLLBACK_SUCCESSFUL", "api:40", 2)), Standing::Overtaken, "that is another revision's");
    assert_eq!(with(past("SUCCESSFUL", "api:41", 2)), Standing::Overtaken);
    alone.events = vec!["(service api) (deployment ecs-svc/new) deployment failed: tasks failed to start.".into()];
    assert_eq!(judged(&alone, Some("ecs-svc/new")).0, Standing::Failed);
}

#[test]
fn another_operators_deployment_overtakes_ours() {
    let theirs = deployment("ecs-svc/theirs", "api:43", true, Some(Rollout::InProgress), 60);
    let ours = deployment("ecs-svc/new", "api:41", false, Some(Rollout::InProgress), 2);
    let both = service(vec![theirs.clone(), ours]);
    assert_eq!(judged(&both, Some("ecs-svc/new")), (Standing::Overtaken, Some("ecs-svc/new".into())));
    assert_eq!(judged(&service(vec![theirs]), Some("ecs-svc/new")).0, Standing::Overtaken);
}

#[test]
fn without_an_answer_only_a_newer_deployment_of_exactly_our_revision_is_ours() {
    assert_eq!(judged(&service(vec![OLD(true)]), None), (Standing::NotApplied, None));
    let ours = deployment("ecs-svc/new", "api:41", true, Some(Rollout::Completed), 2);
    assert_eq!(judged(&service(vec![ours.clone()]), None), (Standing::Done, Some("ecs-svc/new".into())));
    let mut early = ours.clone();
    early.created = Some(planned() - 10.minutes());
    assert_eq!(judged(&service(vec![early]), None), (Standing::Unclear, None));
    let mut undated = ours;
    undated.created = None;
    assert_eq!(judged(&service(vec![undated]), None), (Standing::Unclear, None));
    let theirs = deployment("ecs-svc/x", "api:43", true, Some(Rollout::Completed), 2);
    assert_eq!(judged(&service(vec![theirs]), None), (Standing::Unclear, None));
}

fn any_deployment(primary: bool) -> impl Strategy<Value = Deployment> {
    let ids = prop::sample::select(vec!["ecs-svc/old", "ecs-svc/new", "ecs-svc/x"]);
    let revisions = prop::sample::select(vec!["api:41", "api:42", "api:43"]);
    let states =
        prop::sample::select(vec![None, Some(Rollout::InProgress), Some(Rollout::Completed), Some(Rollout::Failed)]);
    (ids, revisions, states, -900i64..900)
        .prop_map(move |(id, revision, rollout, after_s)| deployment(id, revision, primary, rollout, after_s))
}

proptest! {
    #[test]
    fn done_is_only_our_own_complete_primary_deployment(
        first in any_deployment(true),
        second in proptest::option::of(any_deployment(false)),
        running in 0i64..5,
        pending in 0i64..2,
        accepted: bool,
    ) {
        let mut service = service(std::iter::once(first.clone()).chain(second).collect());
        (service.running, service.pending) = (running, pending);
        let receipt = accepted.then_some("ecs-svc/new");
        let judged = judge(&service, &sought(receipt), &[], &Health::NoGroups);
        if judged.standing == Standing::Done {
            prop_assert!(first.task_definition.ends_with("/api:41"));
            prop_assert!((running, pending) == (service.desired, 0));
            prop_assert!(matches!(first.rollout, None | Some(Rollout::Completed)));
            prop_assert!(receipt.map_or(&*first.id != "ecs-svc/old", |id| first.id == id));
        }
        if judged.standing == Standing::NotApplied {
            prop_assert!(&*first.id == "ecs-svc/old" && !accepted);
        }
    }
}
