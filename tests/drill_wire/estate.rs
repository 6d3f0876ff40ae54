//! A small hand-made estate: three of everything in one account and region, at a fixed time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use jiff::{SignedDuration, Timestamp};
use watchfloor::drill::accounts::Accounts;
use watchfloor::drill::connector;
use watchfloor::drill::wire::{Endpoint, Source};
use watchfloor::drill::world::alarm::{Alarm, AlarmRule, AlarmState, Comparison, MetricRule, MissingData, Transition};
use watchfloor::drill::world::apigateway::{ApiDeployment, HttpApi, RestApi, Route, Stage};
use watchfloor::drill::world::autoscaling::{ScalableTarget, ScalingActivity, ScalingPolicy, Suspended};
use watchfloor::drill::world::dynamodb::{CapacityChanges, Index, Table, TableState, Throughput};
use watchfloor::drill::world::ecs::{
    CircuitBreaker, Cluster, Container, Deployment, RolloutState, Service, ServiceEvent, TargetGroup, Task,
    TaskDefinition, TaskStatus,
};
use watchfloor::drill::world::eks::{Addon, EksCluster, NodeGroup, Update};
use watchfloor::drill::world::lambda::{Alias, Function, FunctionVersion};
use watchfloor::drill::world::metric::{MetricId, Point};
use watchfloor::drill::world::service_deployment::{DeploymentStatus, ServiceDeployment};
use watchfloor::drill::world::{EnvironmentWorld, Tags};
use watchfloor::model::Stat;

pub const ACCOUNT: &str = "111122223333";
pub const OTHER: &str = "444455556666";
pub const REGION: &str = "eu-west-1";

/// The time of the estate.
pub fn now() -> Timestamp {
    "2026-11-21T03:10:00Z".parse().unwrap()
}

/// `minutes` ago.
pub fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

struct Fixed(Vec<EnvironmentWorld>);

impl Source for Fixed {
    fn read(&self, account: &str, region: &str, with: &mut dyn FnMut(&EnvironmentWorld, Timestamp)) {
        let nothing = EnvironmentWorld { account: account.into(), region: region.into(), ..Default::default() };
        with(self.0.iter().find(|w| w.account == account && w.region == region).unwrap_or(&nothing), now());
    }

    fn now(&self) -> Timestamp {
        now()
    }
}

/// The estate, and an account without anything.
pub fn endpoint() -> Endpoint {
    Endpoint::new(Fixed(vec![world()]), Accounts::new([ACCOUNT, OTHER].map(str::to_owned)))
}

/// Configuration for clients of `account` in `region`, one attempt only.
pub fn sdk(endpoint: &Arc<Endpoint>, account: &str, region: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(connector::transport(Arc::clone(endpoint)).http)
        .credentials_provider(SharedCredentialsProvider::new(Accounts::credentials(account)))
        .region(Region::new(region.to_owned()))
        .retry_config(RetryConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build()
}

/// Clients of the estate's account.
pub fn here() -> SdkConfig {
    sdk(&Arc::new(endpoint()), ACCOUNT, REGION)
}

fn tags(name: &str) -> Tags {
    Tags::from([("Environment".into(), "test".into()), ("Name".into(), name.into())])
}

fn named<T>(make: impl Fn(&str) -> T) -> BTreeMap<String, T> {
    ["a-ünï-日本", "b", "c"].map(|name| (name.to_owned(), make(name))).into()
}

pub fn world() -> EnvironmentWorld {
    let mut world = EnvironmentWorld {
        name: "test".into(),
        account: ACCOUNT.into(),
        region: REGION.into(),
        functions: ["f1", "f2", "f3"].map(|name| (name.to_owned(), function(name))).into(),
        tables: ["tab1", "tab2", "tab3"].map(|name| (name.to_owned(), table(name))).into(),
        rest_apis: ["rest1", "rest2", "rest3"].map(|id| (id.to_owned(), rest_api(id))).into(),
        http_apis: ["http1", "http2", "http3"].map(|id| (id.to_owned(), http_api(id))).into(),
        clusters: ["c1", "c2", "c3"].map(|name| (name.to_owned(), cluster(name))).into(),
        task_definitions: (1..=3).map(|revision| (format!("web:{revision}"), task_definition(revision))).collect(),
        scalable_targets: ["s1", "s2", "s3"].map(|name| (format!("service/c1/{name}"), scalable_target(name))).into(),
        eks_clusters: ["k1", "k2", "k3"].map(|name| (name.to_owned(), eks_cluster(name))).into(),
        alarms: named(|name| alarm(name, metric_rule())),
        ..EnvironmentWorld::default()
    };
    let rule = AlarmRule::Composite("ALARM(\"b\") OR ALARM(\"c\")".into());
    world.alarms.insert("z-composite".into(), alarm("z-composite", rule));
    for function in ["f1", "f2"] {
        let series = world.metrics.handle(MetricId::new("AWS/Lambda", "Errors", &[("FunctionName", function)]));
        for back in (1..=60).rev() {
            let minute = now().as_second() / 60 - back;
            world.metrics.record(series, minute, Point::total(back as f64, 2.0));
        }
    }
    world
}

fn metric_rule() -> AlarmRule {
    AlarmRule::Metric(MetricRule {
        metric: MetricId::new("AWS/Lambda", "Errors", &[("FunctionName", "f1")]),
        stat: Stat::Percentile(95),
        period_s: 60,
        evaluation_periods: 5,
        datapoints_to_alarm: 3,
        threshold: 4.5,
        comparison: Comparison::GreaterOrEqual,
        missing: MissingData::NotBreaching,
    })
}

fn alarm(name: &str, rule: AlarmRule) -> Alarm {
    let change = |minutes, state, reason: &str| Transition {
        at: ago(minutes) + SignedDuration::from_millis(250),
        state,
        reason: reason.into(),
        reason_data: "{\"version\":\"1.0\"}".into(),
    };
    Alarm {
        name: name.into(),
        arn: format!("arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"),
        description: "<b>&\"quoted\"</b>".into(),
        actions_enabled: name != "b",
        alarm_actions: vec!["arn:aws:sns:eu-west-1:111122223333:page".into()],
        ok_actions: vec![],
        rule,
        configured: ago(60 * 24),
        history: vec![
            change(600, AlarmState::InsufficientData, "Unchecked: Initial alarm creation"),
            change(500, AlarmState::Ok, "fine"),
            change(5, AlarmState::Alarm, "Threshold Crossed: 3 datapoints <≥> 4.5"),
        ],
        tags: tags(name),
    }
}

fn function(name: &str) -> Function {
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}");
    let alias = |alias: &str, version| Alias {
        name: alias.into(),
        arn: format!("{arn}:{alias}"),
        description: String::new(),
        version,
        additional: BTreeMap::from([(1, 0.25)]),
        revision_id: "r".into(),
    };
    Function {
        name: name.into(),
        arn: arn.clone(),
        description: "does things — ünïcode".into(),
        runtime: "nodejs22.x".into(),
        handler: "index.handler".into(),
        role: format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        architecture: "arm64".into(),
        memory_mb: 2048,
        timeout_s: 30,
        code_size: 4_000_000_000,
        reserved_concurrency: (name == "f1").then_some(100),
        last_modified: ago(10),
        revision_id: "latest".into(),
        versions: (1..=3)
            .map(|number| FunctionVersion {
                number,
                published: ago(i64::from(100 - number)),
                description: format!("v{number}"),
                code_sha256: format!("{number}=").repeat(22),
            })
            .collect(),
        released: 3,
        variables: BTreeMap::new(),
        aliases: BTreeMap::from([("live".into(), alias("live", 3)), ("old".into(), alias("old", 2))]),
        tags: tags(name),
    }
}

fn table(name: &str) -> Table {
    let arn = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}");
    let provisioned = (name != "tab3").then_some(Throughput { read: 100, write: 50 });
    let index = Index {
        name: "by-merchant".into(),
        arn: format!("{arn}/index/by-merchant"),
        key: vec!["merchant".into(), "at".into()],
        provisioned,
        changes: CapacityChanges::default(),
        item_count: 5,
        size_bytes: 6,
    };
    Table {
        name: name.into(),
        arn,
        id: "id".into(),
        attributes: BTreeMap::from(["pk", "merchant", "at"].map(|key| (key.into(), "S".into()))),
        key: vec!["pk".into()],
        provisioned,
        changes: CapacityChanges { last_increase: Some(ago(30)), decreases: Vec::new() },
        state: TableState::Active,
        items: Vec::new(),
        time_to_live: None,
        recoverable_since: None,
        item_count: 5_000_000_000,
        size_bytes: 6_000_000_000_000,
        created: ago(1000),
        indexes: BTreeMap::from([("by-merchant".into(), index)]),
        tags: tags(name),
    }
}

fn stage(api: &str) -> Stage {
    Stage {
        name: "live".into(),
        arn: format!("arn:aws:apigateway:{REGION}::/restapis/{api}/stages/live"),
        deployment: "dep123".into(),
        rate_limit: 2000.0,
        burst_limit: 4000,
        methods: BTreeMap::new(),
        detailed_metrics: true,
        created: ago(1000),
        updated: ago(10),
        tags: tags("stage"),
    }
}

fn route(path: &str, method: &str) -> Route {
    Route { id: format!("r{}", path.len()), path: path.into(), method: method.into(), function: "f1".into() }
}

fn rest_api(id: &str) -> RestApi {
    RestApi {
        id: id.into(),
        name: format!("payments-{id}"),
        arn: format!("arn:aws:apigateway:{REGION}::/restapis/{id}"),
        description: "ünï".into(),
        created: ago(1000),
        routes: vec![route("/process", "POST"), route("/process", "GET"), route("/process/deep/er", "GET")],
        stages: BTreeMap::from([("live".into(), stage(id))]),
        deployments: vec![
            ApiDeployment { id: "dep122".into(), description: "first".into(), created: ago(1000) },
            ApiDeployment { id: "dep123".into(), description: "second".into(), created: ago(10) },
        ],
        tags: tags(id),
    }
}

fn http_api(id: &str) -> HttpApi {
    HttpApi {
        id: id.into(),
        name: format!("http-{id}"),
        arn: format!("arn:aws:apigateway:{REGION}::/apis/{id}"),
        endpoint: format!("https://{id}.execute-api.{REGION}.amazonaws.com"),
        created: ago(1000),
        routes: vec![],
        stages: BTreeMap::from([("$default".into(), Stage { name: "$default".into(), ..stage(id) })]),
        tags: tags(id),
    }
}

fn cluster(name: &str) -> Cluster {
    let arn = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{name}");
    let services = if name == "c1" { 11 } else { 0 };
    Cluster {
        name: name.into(),
        arn: arn.clone(),
        container_insights: true,
        services: (1..=services).map(|n| (format!("s{n:02}"), service(&arn, &format!("s{n:02}")))).collect(),
        tags: tags(name),
    }
}

fn task(service: &str, n: usize, last_status: TaskStatus) -> Task {
    let id = format!("{service}{n:029}");
    Task {
        arn: format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task/c1/{id}"),
        id,
        task_definition: format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:3"),
        deployment: "ecs-svc/2".into(),
        last_status,
        created: ago(9),
        started: (last_status == TaskStatus::Running).then(|| ago(8)),
        stopping: None,
        stopped: (last_status == TaskStatus::Stopped).then(|| ago(7)),
        stop_code: (last_status == TaskStatus::Stopped).then(|| "TaskFailedToStart".into()),
        stopped_reason: (last_status == TaskStatus::Stopped).then(|| "CannotPullContainerError: no — such".into()),
    }
}

fn service(cluster_arn: &str, name: &str) -> Service {
    let definition = |n| format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:{n}");
    let deployment = |n: u32, desired, rollout_state| Deployment {
        id: format!("ecs-svc/{n}"),
        task_definition: definition(n + 1),
        desired,
        failed_tasks: 7,
        rollout_state,
        rollout_reason: "ECS deployment".into(),
        created: ago(9),
        updated: ago(1),
    };
    Service {
        name: name.into(),
        arn: format!("arn:aws:ecs:{REGION}:{ACCOUNT}:service/c1/{name}"),
        cluster_arn: cluster_arn.into(),
        task_definition: definition(3),
        desired: 3,
        minimum_healthy_percent: 100,
        maximum_percent: 200,
        circuit_breaker: CircuitBreaker { enable: true, rollback: true },
        deployments: vec![deployment(2, 3, RolloutState::InProgress), deployment(1, 1, RolloutState::Completed)],
        history: [(2, DeploymentStatus::InProgress), (1, DeploymentStatus::Successful)]
            .map(|(n, status)| {
                let mut record = ServiceDeployment::new(format!("ecs-svc/{n}"), definition(n + 1), ago(9));
                record.turn(status, "", ago(1));
                record
            })
            .into(),
        tasks: vec![task(name, 1, TaskStatus::Running), task(name, 2, TaskStatus::Pending)],
        stopped: VecDeque::from([task(name, 3, TaskStatus::Stopped)]),
        events: VecDeque::from([ServiceEvent {
            id: "e".into(),
            created: ago(2),
            message: "(service x) has started 1 tasks: ünï".into(),
        }]),
        created: ago(5000),
        target_group: Some(TargetGroup { arn: "tg".into(), container: "web".into(), port: 3900 }),
        tags: tags(name),
    }
}

fn task_definition(revision: u32) -> TaskDefinition {
    TaskDefinition {
        family: "web".into(),
        revision,
        arn: format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:{revision}"),
        cpu: 1024,
        memory_mb: 2048,
        architecture: "ARM64".into(),
        execution_role: "role".into(),
        containers: vec![Container {
            name: "web".into(),
            image: "repo/web:1.2".into(),
            port: Some(3900),
            log_group: "/ecs/web".into(),
            memory_mb: None,
            health_path: Some("/health".into()),
        }],
        registered: ago(100),
        registered_by: "arn:aws:sts::111122223333:assumed-role/deployment/web".into(),
        deregistered: None,
    }
}

fn scalable_target(name: &str) -> ScalableTarget {
    let policy = |n: u32| ScalingPolicy {
        name: format!("{name}-p{n}"),
        arn: format!("policy/{name}/{n}"),
        metric: "ECSServiceAverageCPUUtilization".into(),
        target: 65.5,
        scale_out_cooldown_s: 60,
        scale_in_cooldown_s: 300,
    };
    let activity = |n: i64| ScalingActivity {
        id: format!("{name}-{n}"),
        description: format!("Setting desired count to {n}."),
        cause: "monitor alarm".into(),
        started: ago(n),
        ended: Some(ago(n)),
    };
    ScalableTarget {
        service_namespace: "ecs".into(),
        resource_id: format!("service/c1/{name}"),
        dimension: "ecs:service:DesiredCount".into(),
        min: 1,
        max: 6,
        arn: format!("target/{name}"),
        role: "role".into(),
        created: ago(5000),
        policies: (1..=4).map(policy).collect(),
        activities: (1..=20).map(activity).collect(),
        scheduled: BTreeMap::new(),
        suspended: Suspended::default(),
    }
}

fn eks_cluster(name: &str) -> EksCluster {
    let group = |group: &str| NodeGroup {
        name: group.into(),
        arn: format!("arn:aws:eks:{REGION}:{ACCOUNT}:nodegroup/{name}/{group}/x"),
        instance_types: vec!["c5.2xlarge".into()],
        min: 10,
        desired: 12,
        max: 50,
        status: "DEGRADED".into(),
        health_issues: vec![("AsgInstanceLaunchFailures".into(), "no capacity — ünï".into())],
        created: ago(9000),
        modified: ago(9000),
        updates: (1..=3).map(|n| update(n, "ConfigUpdate")).collect(),
        tags: tags(group),
    };
    EksCluster {
        name: name.into(),
        arn: format!("arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{name}"),
        version: "1.33".into(),
        status: "ACTIVE".into(),
        created: ago(9000),
        node_groups: ["g1", "g2", "g3"].map(|name| (name.into(), group(name))).into(),
        addons: ["coredns", "kube-proxy", "vpc-cni"].map(|name| (name.into(), addon(name))).into(),
        updates: vec![update(9, "VersionUpdate")],
        tags: tags(name),
    }
}

fn addon(name: &str) -> Addon {
    Addon {
        name: name.into(),
        arn: format!("arn:aws:eks:{REGION}:{ACCOUNT}:addon/k1/{name}/x"),
        version: "v1.2.3-eksbuild.1".into(),
        status: "ACTIVE".into(),
        created: ago(9000),
    }
}

fn update(n: i64, kind: &str) -> Update {
    Update {
        id: format!("00000000-0000-4000-a000-{n:012}"),
        kind: kind.into(),
        status: "Successful".into(),
        params: vec![("MaxSize".into(), format!("{n}"))],
        created: ago(n),
        until: None,
        token: None,
    }
}
