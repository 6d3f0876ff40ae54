use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use watchfloor::cloud::Session;

use crate::Facts;

pub async fn collect(session: &Session, facts: &mut Facts) {
    let clusters = session.ecs().list_clusters().send().await.unwrap();
    for arn in clusters.cluster_arns() {
        let name = arn.rsplit('/').next().unwrap();
        let described = session.ecs().describe_clusters().clusters(arn);
        let described = described.include(aws_sdk_ecs::types::ClusterField::Settings).send().await.unwrap();
        let insights = described.clusters()[0].settings()[0].value().unwrap();
        facts.insert(format!("cluster {name} Container Insights {insights}"));
        services(session, name, facts).await;
    }
    scaling(session, facts).await;
    kubernetes(session, facts).await;
    balancers(session, facts).await;
}

async fn services(session: &Session, cluster: &str, facts: &mut Facts) {
    let arns =
        session.ecs().list_services().cluster(cluster).max_results(10).send().await.unwrap().service_arns.unwrap();
    let answer = session.ecs().describe_services().cluster(cluster).set_services(Some(arns)).send().await.unwrap();
    for service in answer.services() {
        let name = service.service_name().unwrap();
        facts.insert(format!("service {cluster}/{name} {} tasks", service.desired_count()));
        let deploys = service.deployment_configuration().unwrap();
        let (least, most) = (deploys.minimum_healthy_percent().unwrap(), deploys.maximum_percent().unwrap());
        facts.insert(format!("{cluster}/{name} rollout {least} to {most} %"));
        let strategy = deploys.strategy().map_or("", |strategy| strategy.as_str());
        facts.insert(format!("{cluster}/{name} {strategy}"));
        let asked = session.ecs().describe_task_definition().task_definition(service.task_definition().unwrap());
        let definition = asked.send().await.unwrap().task_definition.unwrap();
        let (cpu, memory) = (definition.cpu().unwrap(), definition.memory().unwrap());
        let architecture = definition.runtime_platform().unwrap().cpu_architecture().unwrap();
        facts.insert(format!("{cluster}/{name} tasks {cpu} CPU {memory} MB {architecture}"));
        for container in definition.container_definitions() {
            let label = format!("{cluster}/{name} container {}", container.name().unwrap());
            facts.extend(
                container
                    .port_mappings()
                    .first()
                    .map(|port| format!("{label} port {}", port.container_port().unwrap())),
            );
            facts.extend(container.memory().map(|limit| format!("{label} {limit} MB")));
            facts.extend(container.health_check().map(|check| format!("{label} checks {}", check.command()[1])));
        }
    }
}

async fn scaling(session: &Session, facts: &mut Facts) {
    let targets = session
        .autoscaling()
        .describe_scalable_targets()
        .service_namespace(ServiceNamespace::Ecs)
        .send()
        .await
        .unwrap();
    for target in targets.scalable_targets() {
        let service = target.resource_id().trim_start_matches("service/");
        facts.insert(format!("{service} scales {} to {}", target.min_capacity(), target.max_capacity()));
    }
    let policies = session.autoscaling().describe_scaling_policies().service_namespace(ServiceNamespace::Ecs);
    let mut policies = policies.into_paginator().items().send();
    while let Some(policy) = policies.next().await {
        let policy = policy.unwrap();
        let service = policy.resource_id().trim_start_matches("service/");
        let tracking = policy.target_tracking_scaling_policy_configuration().unwrap();
        let metric = tracking.predefined_metric_specification().unwrap().predefined_metric_type().as_str();
        let (value, out, back) =
            (tracking.target_value(), tracking.scale_out_cooldown().unwrap(), tracking.scale_in_cooldown().unwrap());
        facts.insert(format!("{service} scales by {metric} {value}, cooldown {out} s out, {back} s in"));
    }
}

async fn kubernetes(session: &Session, facts: &mut Facts) {
    for cluster in session.eks().list_clusters().send().await.unwrap().clusters() {
        let addons = session.eks().list_addons().cluster_name(cluster).send().await.unwrap();
        facts.extend(addons.addons().iter().map(|addon| format!("{cluster} add-on {addon}")));
        for group in session.eks().list_nodegroups().cluster_name(cluster).send().await.unwrap().nodegroups() {
            let asked = session.eks().describe_nodegroup().cluster_name(cluster).nodegroup_name(group);
            let group = asked.send().await.unwrap().nodegroup.unwrap();
            let size = group.scaling_config().unwrap();
            let (least, most, now) = (size.min_size().unwrap(), size.max_size().unwrap(), size.desired_size().unwrap());
            assert!((least..=most).contains(&now));
            facts.insert(format!("{cluster} nodes {least} to {most} {}", group.instance_types()[0]));
        }
    }
}

async fn balancers(session: &Session, facts: &mut Facts) {
    let balancers = session.load_balancing().describe_load_balancers().send().await.unwrap();
    for balancer in balancers.load_balancers() {
        let (name, arn) = (balancer.load_balancer_name().unwrap(), balancer.load_balancer_arn().unwrap());
        let zones = balancer.availability_zones().len();
        facts.insert(format!("load balancer {name} in {zones} zones"));
        let groups = session.load_balancing().describe_target_groups().load_balancer_arn(arn).send().await.unwrap();
        for group in groups.target_groups() {
            let (service, path) = (group.target_group_name().unwrap(), group.health_check_path().unwrap());
            facts.insert(format!("target group {service} port {} health path {path}", group.port().unwrap()));
        }
        let listeners = session.load_balancing().describe_listeners().load_balancer_arn(arn).send().await.unwrap();
        let listener = listeners.listeners()[0].listener_arn().unwrap();
        let rules = session.load_balancing().describe_rules().listener_arn(listener).send().await.unwrap();
        for rule in rules.rules() {
            let group = rule.actions().first().and_then(|action| action.target_group_arn()).unwrap_or_default();
            let service = group.split('/').nth(1).unwrap_or_default();
            let paths =
                rule.conditions().iter().filter_map(|one| one.path_pattern_config()).flat_map(|one| one.values());
            facts.extend(paths.map(|path| format!("{path} goes to {service}")));
        }
    }
}

/// Tasks of all services together, and the sums of the bounds of auto scaling.
pub fn tasks(facts: &Facts) -> (u32, (u32, u32)) {
    let numbers = |fact: &str| fact.split(' ').filter_map(|word| word.parse::<u32>().ok()).collect::<Vec<_>>();
    let mut sum = (0, (0, 0));
    for fact in facts {
        if fact.starts_with("service ") {
            sum.0 += numbers(fact)[0];
        } else if fact.contains(" scales ") && fact.contains(" to ") {
            sum.1.0 += numbers(fact)[0];
            sum.1.1 += numbers(fact)[1];
        }
    }
    sum
}
