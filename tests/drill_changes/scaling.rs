use aws_sdk_applicationautoscaling::Client;
use aws_sdk_applicationautoscaling::error::ProvideErrorMetadata;
use aws_sdk_applicationautoscaling::types::{
    ScalableDimension, ScalableTarget, ScalableTargetAction, ScalingActivity, ServiceNamespace, SuspendedState,
};

use crate::rig::Rig;

const DIMENSION: ScalableDimension = ScalableDimension::EcsServiceDesiredCount;
const BACKEND: &str = "service/uex-payments-prod/uex-backend";

async fn target(client: &Client, id: &str) -> ScalableTarget {
    let describe = client.describe_scalable_targets().service_namespace(ServiceNamespace::Ecs);
    describe.resource_ids(id).send().await.unwrap().scalable_targets()[0].clone()
}

async fn activities(client: &Client, id: &str) -> Vec<ScalingActivity> {
    let describe = client.describe_scaling_activities().service_namespace(ServiceNamespace::Ecs).resource_id(id);
    describe.send().await.unwrap().scaling_activities().to_vec()
}

fn desired(rig: &Rig) -> u32 {
    rig.look("prod", |world, _| world.clusters["uex-payments-prod"].services["uex-backend"].desired)
}

fn running(rig: &Rig) -> u32 {
    rig.look("prod", |world, _| world.clusters["uex-payments-prod"].services["uex-backend"].running())
}

#[tokio::test(start_paused = true)]
async fn a_raised_minimum_holds_at_once_and_against_the_policies() {
    let rig = Rig::new("uex-payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let before = target(&client, BACKEND).await;
    let wanted = i32::try_from(desired(&rig)).unwrap() + 3;
    let register = || {
        client
            .register_scalable_target()
            .service_namespace(ServiceNamespace::Ecs)
            .resource_id(BACKEND)
            .scalable_dimension(DIMENSION)
    };
    let answer = register().min_capacity(wanted).send().await.unwrap();
    assert_eq!(answer.scalable_target_arn(), before.scalable_target_arn());
    let after = target(&client, BACKEND).await;
    assert_eq!((after.min_capacity(), after.max_capacity()), (wanted, before.max_capacity()), "the rest stays");
    assert_eq!(i32::try_from(desired(&rig)).unwrap(), wanted);
    let newest = activities(&client, BACKEND).await.remove(0);
    assert_eq!(newest.cause(), format!("minimum capacity was set to {wanted}"));
    assert_eq!(newest.description(), format!("Setting desired count to {wanted}."));
    rig.minutes(40).await;
    assert_eq!(i32::try_from(running(&rig)).unwrap(), wanted, "the policies would like less and may not");
    register().min_capacity(before.min_capacity()).send().await.unwrap();
    rig.minutes(40).await;
    assert!(i32::try_from(running(&rig)).unwrap() < wanted, "they may again");
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_bounds_is_refused() {
    let rig = Rig::new("uex-payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    for (id, min, max) in [(BACKEND, 9, 3), (BACKEND, -1, 3), ("service/uex-payments-prod/nobody", 1, 2)] {
        let register = client.register_scalable_target().service_namespace(ServiceNamespace::Ecs).resource_id(id);
        let register = register.scalable_dimension(DIMENSION).min_capacity(min).max_capacity(max);
        assert_eq!(register.send().await.unwrap_err().code(), Some("ValidationException"), "{id} {min} {max}");
    }
    assert_eq!(rig.sent("RegisterScalableTarget"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_scheduled_action_sets_the_bounds_at_its_time() {
    let rig = Rig::new("uex-payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let put = |schedule: &str| {
        client
            .put_scheduled_action()
            .service_namespace(ServiceNamespace::Ecs)
            .resource_id(BACKEND)
            .scalable_dimension(DIMENSION)
            .scheduled_action_name("bring-back")
            .schedule(schedule)
            .scalable_target_action(ScalableTargetAction::builder().min_capacity(9).max_capacity(24).build())
    };
    for bad in ["at(2026-11-21T03:00:00)", "rate(5 minutes)", "at(tomorrow)"] {
        assert_eq!(put(bad).send().await.unwrap_err().code(), Some("ValidationException"), "{bad}");
    }
    put("at(2026-11-21T03:40:00)").send().await.unwrap();
    let shown = client.describe_scheduled_actions().service_namespace(ServiceNamespace::Ecs).send().await.unwrap();
    assert_eq!(shown.scheduled_actions()[0].schedule(), "at(2026-11-21T03:40:00)");
    assert_eq!(shown.scheduled_actions()[0].scalable_target_action().unwrap().min_capacity(), Some(9));
    rig.minutes(9).await;
    assert_ne!(target(&client, BACKEND).await.min_capacity(), 9);
    rig.minutes(2).await;
    let after = target(&client, BACKEND).await;
    assert_eq!((after.min_capacity(), after.max_capacity()), (9, 24));
    assert!(desired(&rig) >= 9);
    let all = activities(&client, BACKEND).await;
    let ran = all.iter().find(|one| one.cause().starts_with("scheduled action name bring-back")).unwrap();
    assert_eq!(ran.status_message(), Some("Successfully set min capacity to 9 and max capacity to 24."));
    let delete = || {
        let delete = client.delete_scheduled_action().service_namespace(ServiceNamespace::Ecs).resource_id(BACKEND);
        delete.scalable_dimension(DIMENSION).scheduled_action_name("bring-back")
    };
    delete().send().await.unwrap();
    assert_eq!(delete().send().await.unwrap_err().code(), Some("ObjectNotFoundException"));
}

#[tokio::test(start_paused = true)]
async fn a_count_that_is_set_by_hand_is_scaled_in_again_unless_that_is_suspended() {
    for suspended in [false, true] {
        let rig = Rig::new("uex-payments", "calm", 5);
        let config = rig.sdk("prod");
        let client = Client::new(&config);
        if suspended {
            let state = SuspendedState::builder().dynamic_scaling_in_suspended(true).build();
            let register = client.register_scalable_target().service_namespace(ServiceNamespace::Ecs);
            let register = register.resource_id(BACKEND).scalable_dimension(DIMENSION).suspended_state(state);
            register.send().await.unwrap();
        }
        let wanted = desired(&rig) + 4;
        let update = aws_sdk_ecs::Client::new(&config).update_service().cluster("uex-payments-prod");
        update.service("uex-backend").desired_count(i32::try_from(wanted).unwrap()).send().await.unwrap();
        rig.minutes(45).await;
        assert_eq!(desired(&rig) == wanted, suspended, "{} of {wanted}", desired(&rig));
    }
}

#[tokio::test(start_paused = true)]
async fn more_tasks_end_the_peak() {
    let rig = Rig::new("uex-payments", "peak", 12);
    let client = Client::new(&rig.sdk("prod"));
    let cpu = "uex-payments-prod-uex-backend-cpu".to_owned();
    assert!(rig.alarms("prod").contains(&cpu));
    let register = client.register_scalable_target().service_namespace(ServiceNamespace::Ecs).resource_id(BACKEND);
    let most = target(&client, BACKEND).await.max_capacity() * 4;
    register.scalable_dimension(DIMENSION).min_capacity(most).max_capacity(most).send().await.unwrap();
    rig.minutes(25).await;
    assert_eq!(i32::try_from(running(&rig)).unwrap(), most);
    assert!(!rig.alarms("prod").contains(&cpu), "{:?}", rig.alarms("prod"));
}
