use aws_sdk_ecs::Client;
use aws_sdk_ecs::error::ProvideErrorMetadata;
use aws_sdk_ecs::types::{Service, ServiceDeployment, StopServiceDeploymentStopType};

use crate::rig::Rig;

const CLUSTER: &str = "uex-payments-prod";
const SERVICE: &str = "uex-backend";

async fn service(client: &Client) -> Service {
    client.describe_services().cluster(CLUSTER).services(SERVICE).send().await.unwrap().services()[0].clone()
}

async fn newest_deployment(client: &Client) -> ServiceDeployment {
    let all = client.list_service_deployments().cluster(CLUSTER).service(SERVICE).send().await.unwrap();
    let arn = all.service_deployments()[0].service_deployment_arn().unwrap().to_owned();
    let found = client.describe_service_deployments().service_deployment_arns(arn).send().await.unwrap();
    found.service_deployments()[0].clone()
}

/// Revisions of the service's family, newest first.
async fn revisions(client: &Client, status: &str) -> Vec<String> {
    let family = format!("{CLUSTER}-{SERVICE}");
    let list = client.list_task_definitions().family_prefix(family).sort("DESC".into()).status(status.into());
    list.send().await.unwrap().task_definition_arns().to_vec()
}

#[tokio::test(start_paused = true)]
async fn a_rollback_ends_the_incident_of_a_missing_image() {
    let rig = Rig::new("uex-payments", "image-pull", 8);
    let client = Client::new(&rig.sdk("prod"));
    let before = service(&client).await;
    assert!(!rig.alarms("prod").is_empty() && before.running_count() < before.desired_count());
    let good = revisions(&client, "ACTIVE").await[1].clone();
    let update = client.update_service().cluster(CLUSTER).service(SERVICE).task_definition(&good);
    let answer = update.send().await.unwrap().service.unwrap();
    let ours = answer.deployments()[0].id().unwrap().to_owned();
    assert!(ours.starts_with("ecs-svc/") && before.deployments().iter().all(|known| known.id() != Some(&ours)));
    assert_eq!(answer.task_definition(), Some(good.as_str()));
    assert_eq!(answer.desired_count(), before.desired_count(), "the count stays");
    rig.minutes(12).await;
    let after = service(&client).await;
    assert_eq!(after.deployments().len(), 1);
    assert_eq!(after.deployments()[0].id(), Some(ours.as_str()), "ours won");
    assert_eq!(after.deployments()[0].rollout_state().unwrap().as_str(), "COMPLETED");
    assert_eq!((after.running_count(), after.pending_count()), (after.desired_count(), 0));
    assert_eq!(rig.alarms("prod"), Vec::<String>::new());
    assert_eq!(newest_deployment(&client).await.status().unwrap().as_str(), "SUCCESSFUL");
    assert!(after.events()[0].message().unwrap().contains("steady state"));
    let changes = rig.endpoint.log().changes();
    assert_eq!(changes.len(), 1, "every change is on record, once");
    assert_eq!(changes[0].input["taskDefinition"], good.as_str());
    assert_eq!((changes[0].operation.as_str(), changes[0].region.as_str()), ("UpdateService", "us-east-1"));
}

#[tokio::test(start_paused = true)]
async fn a_count_changes_without_a_new_deployment_and_force_begins_one() {
    let rig = Rig::new("wallet-ecs", "calm", 5);
    let client = Client::new(&rig.sdk("staging"));
    let (cluster, name) = rig.look("staging", |world, _| {
        let scaled =
            |cluster: &str, name: &str| world.scalable_targets.contains_key(&format!("service/{cluster}/{name}"));
        let all = world.clusters.values().flat_map(|cluster| cluster.services.values().map(move |one| (cluster, one)));
        let names = all.map(|(cluster, one)| (cluster.name.clone(), one.name.clone()));
        names.into_iter().find(|(cluster, name)| !scaled(cluster, name)).unwrap()
    });
    let show = async || {
        let found = client.describe_services().cluster(&cluster).services(&name).send().await.unwrap();
        found.services()[0].clone()
    };
    let record = async || {
        let all = client.list_service_deployments().cluster(&cluster).service(&name).send().await.unwrap();
        all.service_deployments()[0].status().unwrap().as_str().to_owned()
    };
    let before = show().await;
    let wanted = before.desired_count() + 2;
    let update = || client.update_service().cluster(&cluster).service(&name);
    let answer = update().desired_count(wanted).send().await.unwrap().service.unwrap();
    assert_eq!((answer.desired_count(), answer.deployments().len()), (wanted, 1));
    assert_eq!(answer.deployments()[0].id(), before.deployments()[0].id());
    rig.minutes(4).await;
    assert_eq!(show().await.running_count(), wanted);
    let forced = update().force_new_deployment(true).send().await.unwrap().service.unwrap();
    assert_eq!(forced.deployments().len(), 2);
    assert_eq!(forced.task_definition(), before.task_definition());
    assert_eq!(record().await, "PENDING");
    rig.seconds(20).await;
    assert_eq!(record().await, "IN_PROGRESS");
    rig.minutes(15).await;
    let after = show().await;
    assert_eq!((after.deployments().len(), after.running_count()), (1, wanted));
    assert_eq!(after.deployments()[0].id(), forced.deployments()[0].id());
}

#[tokio::test(start_paused = true)]
async fn task_definitions_that_cannot_run_are_refused_and_nothing_changes() {
    let rig = Rig::new("uex-payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let update = || client.update_service().cluster(CLUSTER).service(SERVICE);
    let inactive = revisions(&client, "INACTIVE").await;
    assert_eq!(inactive.len(), 1);
    let described = client.describe_task_definition().task_definition(&inactive[0]).send().await.unwrap();
    assert_eq!(described.task_definition().unwrap().status().unwrap().as_str(), "INACTIVE");
    assert!(described.task_definition().unwrap().registered_by().unwrap().contains("assumed-role"));
    let error = update().task_definition(&inactive[0]).send().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("ClientException"), Some("TaskDefinition is inactive")));
    let error = update().task_definition("uex-payments-prod-uex-backend:9999").send().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("ClientException"), Some("TaskDefinition not found.")));
    let error = update().desired_count(-1).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterException"));
    let error = update().enable_execute_command(true).desired_count(1).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterException"), "never in part");
    let error = client.update_service().cluster(CLUSTER).service("x").desired_count(1).send().await.unwrap_err();
    assert_eq!(error.code(), Some("ServiceNotFoundException"));
    let error = client.update_service().cluster("x").service("x").desired_count(1).send().await.unwrap_err();
    assert_eq!(error.code(), Some("ClusterNotFoundException"));
    let after = service(&client).await;
    assert_eq!((after.deployments().len(), after.desired_count()), (1, after.running_count()));
    assert_eq!(rig.sent("UpdateService"), 6, "refused requests are on record too");
}

#[tokio::test(start_paused = true)]
async fn a_deployment_under_way_is_stopped_and_the_last_good_revision_put_back() {
    let rig = Rig::new("uex-payments", "image-pull", 2);
    let client = Client::new(&rig.sdk("prod"));
    let bad = newest_deployment(&client).await;
    assert_eq!(bad.status().unwrap().as_str(), "IN_PROGRESS");
    let arn = bad.service_deployment_arn().unwrap();
    let stop = || client.stop_service_deployment().service_deployment_arn(arn);
    assert_eq!(stop().send().await.unwrap().service_deployment_arn(), Some(arn));
    assert_eq!(newest_deployment(&client).await.status().unwrap().as_str(), "STOP_REQUESTED");
    let again = stop().send().await.unwrap_err();
    assert_eq!(again.code(), Some("ConflictException"));
    rig.seconds(20).await;
    let record = newest_deployment(&client).await;
    assert_eq!(record.status().unwrap().as_str(), "ROLLBACK_IN_PROGRESS");
    let to = record.rollback().unwrap().service_revision_arn().unwrap();
    let revision_of = client.describe_service_revisions().service_revision_arns(to).send().await.unwrap();
    let good = revision_of.service_revisions()[0].task_definition().unwrap().to_owned();
    assert!(!revision_of.service_revisions()[0].container_images().is_empty());
    rig.minutes(12).await;
    assert_eq!(newest_deployment(&client).await.status().unwrap().as_str(), "ROLLBACK_SUCCESSFUL");
    let after = service(&client).await;
    assert_eq!(after.task_definition(), Some(good.as_str()));
    assert_eq!((after.running_count(), after.deployments().len()), (after.desired_count(), 1));
    let missing = client.stop_service_deployment().service_deployment_arn("arn:aws:ecs:x").send().await.unwrap_err();
    assert_eq!(missing.code(), Some("ServiceDeploymentNotFoundException"));
}

#[tokio::test(start_paused = true)]
async fn an_aborted_deployment_stays_where_it_stands() {
    let rig = Rig::new("uex-payments", "image-pull", 2);
    let client = Client::new(&rig.sdk("prod"));
    let bad = newest_deployment(&client).await;
    let stop = client.stop_service_deployment().service_deployment_arn(bad.service_deployment_arn().unwrap());
    stop.stop_type(StopServiceDeploymentStopType::Abort).send().await.unwrap();
    rig.minutes(1).await;
    assert_eq!(newest_deployment(&client).await.status().unwrap().as_str(), "STOPPED");
    let after = service(&client).await;
    assert_eq!(after.deployments().len(), 2, "what ran before goes on");
    assert_eq!(after.deployments()[0].rollout_state().unwrap().as_str(), "FAILED");
}
