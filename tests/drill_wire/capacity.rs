use aws_sdk_ecs::error::ProvideErrorMetadata;
use aws_sdk_ecs::types::{ClusterField, DeploymentRolloutState, DesiredStatus, ServiceField, SortOrder};
use aws_sdk_resourcegroupstagging::types::TagFilter;

use crate::estate::{ACCOUNT, ago, here};

#[tokio::test]
async fn services_come_in_pages_and_batches_of_ten() {
    let client = aws_sdk_ecs::Client::new(&here());
    let default = client.list_services().cluster("c1").send().await.unwrap();
    assert_eq!(default.service_arns().len(), 10, "ten a page where none is named");
    for size in [1, 5, 10, 11, 100] {
        let mut items = client.list_services().cluster("c1").into_paginator().page_size(size).items().send();
        let mut arns = Vec::new();
        while let Some(item) = items.next().await {
            arns.push(item.unwrap());
        }
        assert_eq!(arns.len(), 11, "by {size}");
    }
    let names: Vec<String> = (1..=11).map(|n| format!("s{n:02}")).collect();
    let describe =
        |names: &[String]| client.describe_services().cluster("c1").set_services(Some(names.to_vec())).send();
    assert_eq!(describe(&names[..10]).await.unwrap().services().len(), 10);
    let error = describe(&names).await.unwrap_err();
    assert!(error.into_service_error().is_invalid_parameter_exception());
}

#[tokio::test]
async fn a_service_carries_its_values() {
    let client = aws_sdk_ecs::Client::new(&here());
    let answer = client
        .describe_services()
        .cluster(format!("arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/c1"))
        .services(format!("arn:aws:ecs:eu-west-1:{ACCOUNT}:service/c1/s01"))
        .services("none")
        .include(ServiceField::Tags)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.failures()[0].reason(), Some("MISSING"));
    assert_eq!(answer.failures()[0].arn(), Some("arn:aws:ecs:eu-west-1:111122223333:service/c1/none"));
    let service = &answer.services()[0];
    assert_eq!((service.desired_count(), service.running_count(), service.pending_count()), (3, 1, 1));
    assert_eq!(service.tags().len(), 2);
    let [primary, old] = service.deployments() else { panic!("two deployments") };
    assert_eq!((primary.status(), old.status()), (Some("PRIMARY"), Some("ACTIVE")));
    assert_eq!(primary.rollout_state(), Some(&DeploymentRolloutState::InProgress));
    assert_eq!((primary.failed_tasks(), primary.running_count()), (7, 1));
    assert_eq!(primary.created_at().unwrap().to_millis().unwrap(), ago(9).as_millisecond());
    let breaker = service.deployment_configuration().unwrap().deployment_circuit_breaker().unwrap();
    assert!(breaker.enable());
    assert_eq!(service.events()[0].message(), Some("(service x) has started 1 tasks: ünï"));
    assert_eq!(service.load_balancers()[0].container_port(), Some(3900));
    let untagged = client.describe_services().cluster("c1").services("s01").send().await.unwrap();
    assert!(untagged.services()[0].tags().is_empty(), "tags only where they are asked for");
}

#[tokio::test]
async fn clusters_tasks_and_definitions() {
    let client = aws_sdk_ecs::Client::new(&here());
    let clusters = client.describe_clusters().clusters("c1").clusters("none").include(ClusterField::Settings);
    let clusters = clusters.send().await.unwrap();
    assert_eq!(clusters.failures()[0].reason(), Some("MISSING"));
    let cluster = &clusters.clusters()[0];
    assert_eq!((cluster.active_services_count(), cluster.running_tasks_count()), (11, 11));
    assert_eq!(cluster.settings()[0].value(), Some("enabled"));
    let mut items = client.list_clusters().into_paginator().page_size(2).items().send();
    let mut count = 0;
    while let Some(item) = items.next().await {
        item.unwrap();
        count += 1;
    }
    assert_eq!(count, 3);
    let running = client.list_tasks().cluster("c1").service_name("s01").send().await.unwrap();
    assert_eq!(running.task_arns().len(), 2, "running and pending tasks are wanted to run");
    let stopped = client.list_tasks().cluster("c1").desired_status(DesiredStatus::Stopped).send().await.unwrap();
    assert_eq!(stopped.task_arns().len(), 11);
    let tasks =
        client.describe_tasks().cluster("c1").tasks(&stopped.task_arns()[0]).tasks("none").send().await.unwrap();
    let task = &tasks.tasks()[0];
    assert_eq!(task.stopped_reason(), Some("CannotPullContainerError: no — such"));
    assert_eq!(task.stopped_at().unwrap().to_millis().unwrap(), ago(7).as_millisecond());
    assert_eq!(tasks.failures().len(), 1);
    let listed = client.list_task_definitions().family_prefix("web").sort(SortOrder::Desc).max_results(2).send();
    let listed = listed.await.unwrap();
    assert!(listed.task_definition_arns()[0].ends_with("web:3"));
    assert!(listed.next_token().is_some());
    for (asked, revision) in [("web", 3), ("web:1", 1), ("arn:aws:ecs:eu-west-1:111122223333:task-definition/web:2", 2)]
    {
        let answer = client.describe_task_definition().task_definition(asked).send().await.unwrap();
        let definition = answer.task_definition().unwrap();
        assert_eq!(definition.revision(), revision, "{asked}");
        let container = &definition.container_definitions()[0];
        assert_eq!(container.image(), Some("repo/web:1.2"));
        let check = container.health_check().unwrap().command().join(" ");
        assert!(check.contains("http://localhost:3900/health"), "{check}");
    }
    let deployments = client.list_service_deployments().cluster("c1").service("s01").send().await.unwrap();
    let arn = deployments.service_deployments()[0].service_deployment_arn().unwrap();
    let described = client.describe_service_deployments().service_deployment_arns(arn).send().await.unwrap();
    assert_eq!(described.service_deployments()[0].status().unwrap().as_str(), "IN_PROGRESS");
}

#[tokio::test]
async fn what_is_missing_in_ecs() {
    let client = aws_sdk_ecs::Client::new(&here());
    let error = client.list_services().cluster("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_cluster_not_found_exception());
    let error = client.list_services().send().await.unwrap_err();
    assert!(error.into_service_error().is_cluster_not_found_exception(), "there is no cluster `default`");
    let error = client.describe_services().cluster("c1").send().await.unwrap_err();
    assert!(error.into_service_error().is_invalid_parameter_exception());
    let error = client.describe_task_definition().task_definition("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_client_exception());
    let error = client.update_service().cluster("c1").service("s01").desired_count(9).send().await.unwrap_err();
    assert!(error.into_service_error().is_access_denied_exception());
}

#[tokio::test]
async fn scaling() {
    use aws_sdk_applicationautoscaling::types::ServiceNamespace::{Dynamodb, Ecs};
    let client = aws_sdk_applicationautoscaling::Client::new(&here());
    for size in [1, 2, 3, 50] {
        let targets = client.describe_scalable_targets().service_namespace(Ecs);
        let mut items = targets.into_paginator().page_size(size).items().send();
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            ids.push(item.unwrap().resource_id().to_owned());
        }
        assert_eq!(ids, ["service/c1/s1", "service/c1/s2", "service/c1/s3"], "by {size}");
    }
    let one = client.describe_scalable_targets().service_namespace(Ecs).resource_ids("service/c1/s2").send().await;
    let one = one.unwrap();
    assert_eq!((one.scalable_targets()[0].min_capacity(), one.scalable_targets()[0].max_capacity()), (1, 6));
    let none = client.describe_scalable_targets().service_namespace(Dynamodb).send().await.unwrap();
    assert!(none.scalable_targets().is_empty());
    let mut items = client.describe_scaling_policies().service_namespace(Ecs).into_paginator().items().send();
    let mut policies = Vec::new();
    while let Some(item) = items.next().await {
        policies.push(item.unwrap());
    }
    assert_eq!(policies.len(), 12, "more than one page of ten");
    let tracking = policies[0].target_tracking_scaling_policy_configuration().unwrap();
    assert_eq!((tracking.target_value(), tracking.scale_in_cooldown()), (65.5, Some(300)));
    let mut items = client.describe_scaling_activities().service_namespace(Ecs).into_paginator().items().send();
    let mut times = Vec::new();
    while let Some(item) = items.next().await {
        times.push(item.unwrap().start_time().secs());
    }
    assert_eq!(times.len(), 60);
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
}

#[tokio::test]
async fn kubernetes() {
    let client = aws_sdk_eks::Client::new(&here());
    for size in 1..=4 {
        let mut items = client.list_clusters().into_paginator().page_size(size).items().send();
        let mut names = Vec::new();
        while let Some(item) = items.next().await {
            names.push(item.unwrap());
        }
        assert_eq!(names, ["k1", "k2", "k3"], "by {size}");
        let mut items = client.list_nodegroups().cluster_name("k1").into_paginator().page_size(size).items().send();
        let mut names = Vec::new();
        while let Some(item) = items.next().await {
            names.push(item.unwrap());
        }
        assert_eq!(names, ["g1", "g2", "g3"], "by {size}");
    }
    let cluster = client.describe_cluster().name("k1").send().await.unwrap().cluster.unwrap();
    assert_eq!(cluster.version(), Some("1.33"));
    assert_eq!(cluster.created_at().unwrap().to_millis().unwrap(), ago(9000).as_millisecond());
    let group = client.describe_nodegroup().cluster_name("k1").nodegroup_name("g2").send().await.unwrap();
    let group = group.nodegroup().unwrap();
    let scaling = group.scaling_config().unwrap();
    assert_eq!((scaling.min_size(), scaling.desired_size(), scaling.max_size()), (Some(10), Some(12), Some(50)));
    let issue = &group.health().unwrap().issues()[0];
    assert_eq!(issue.code().unwrap().as_str(), "AsgInstanceLaunchFailures");
    assert_eq!(issue.message(), Some("no capacity — ünï"));
    for size in 1..=4 {
        let mut items = client.list_addons().cluster_name("k1").into_paginator().page_size(size).items().send();
        let mut names = Vec::new();
        while let Some(item) = items.next().await {
            names.push(item.unwrap());
        }
        assert_eq!(names, ["coredns", "kube-proxy", "vpc-cni"], "by {size}");
    }
    let addon = client.describe_addon().cluster_name("k1").addon_name("vpc-cni").send().await.unwrap().addon.unwrap();
    assert_eq!((addon.addon_version(), addon.status().unwrap().as_str()), (Some("v1.2.3-eksbuild.1"), "ACTIVE"));
    let error = client.describe_addon().cluster_name("k1").addon_name("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
    let error = client.describe_cluster().name("none").send().await.unwrap_err();
    assert_eq!(error.message(), Some("No cluster found for name: none."));
    assert!(error.into_service_error().is_resource_not_found_exception());
    let error = client.list_nodegroups().cluster_name("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}

#[tokio::test]
async fn kubernetes_updates() {
    let client = aws_sdk_eks::Client::new(&here());
    for size in 1..=4 {
        let asked = client.list_updates().name("k1").nodegroup_name("g2").into_paginator().page_size(size);
        let mut items = asked.items().send();
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            ids.push(item.unwrap());
        }
        assert_eq!(ids.len(), 3, "by {size}");
    }
    let ids = client.list_updates().name("k1").send().await.unwrap().update_ids.unwrap();
    assert_eq!(ids.len(), 1, "of the cluster alone");
    let own = client.describe_update().name("k1").update_id(&ids[0]).send().await.unwrap().update.unwrap();
    assert_eq!(own.r#type().unwrap().as_str(), "VersionUpdate");
    let id = "00000000-0000-4000-a000-000000000002";
    let update = client.describe_update().name("k1").nodegroup_name("g1").update_id(id).send().await.unwrap();
    let update = update.update.unwrap();
    assert_eq!(update.created_at().unwrap().to_millis().unwrap(), ago(2).as_millisecond());
    assert_eq!(update.params()[0].r#type().unwrap().as_str(), "MaxSize");
    assert_eq!(update.params()[0].value(), Some("2"));
    let error = client.describe_update().name("k1").update_id(id).send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}

#[tokio::test]
async fn tagged_resources() {
    let client = aws_sdk_resourcegroupstagging::Client::new(&here());
    let filter = |key: &str, value: &str| TagFilter::builder().key(key).values(value).build();
    let mut counts = Vec::new();
    for size in [1, 7, 100] {
        let asked = client.get_resources().tag_filters(filter("Environment", "test"));
        let mut items = asked.into_paginator().page_size(size).items().send();
        let mut arns = Vec::new();
        while let Some(item) = items.next().await {
            arns.push(item.unwrap().resource_arn().unwrap().to_owned());
        }
        let total = arns.len();
        arns.sort();
        arns.dedup();
        assert_eq!(arns.len(), total, "every resource once");
        counts.push(total);
    }
    assert!(counts[0] > 40 && counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    let tables = client.get_resources().resource_type_filters("dynamodb:table").send().await.unwrap();
    assert_eq!(tables.resource_tag_mapping_list().len(), 3);
    let both = client.get_resources().tag_filters(filter("Environment", "test")).tag_filters(filter("Name", "tab1"));
    assert_eq!(both.send().await.unwrap().resource_tag_mapping_list().len(), 1);
    let none = client.get_resources().tag_filters(filter("Environment", "other")).send().await.unwrap();
    assert!(none.resource_tag_mapping_list().is_empty());
}
