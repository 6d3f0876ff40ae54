//! What exists in the simulated estate, per account and region, and the store of its metrics.

use std::collections::BTreeMap;

use jiff::Timestamp;

pub mod alarm;
pub mod apigateway;
pub mod autoscaling;
pub mod dynamodb;
pub mod ecs;
pub mod eks;
pub mod elasticache;
pub mod elbv2;
pub(crate) mod hash;
pub mod kms;
pub mod lambda;
pub mod logs;
pub mod metric;
pub mod msk;
pub mod mute_rule;
pub mod rds;
pub mod s3;
pub mod service_deployment;
pub mod sqs;

/// Tags of a resource.
pub type Tags = BTreeMap<String, String>;

/// One account in one region, with everything in it.
#[derive(Debug, Clone, Default)]
pub struct EnvironmentWorld {
    /// Name of the environment, e.g. `prod`.
    pub name: String,
    /// 12 digits.
    pub account: String,
    /// Region code.
    pub region: String,
    /// Lambda functions by name.
    pub functions: BTreeMap<String, lambda::Function>,
    /// DynamoDB tables by name.
    pub tables: BTreeMap<String, dynamodb::Table>,
    /// REST APIs by id.
    pub rest_apis: BTreeMap<String, apigateway::RestApi>,
    /// HTTP APIs by id.
    pub http_apis: BTreeMap<String, apigateway::HttpApi>,
    /// ECS clusters by name.
    pub clusters: BTreeMap<String, ecs::Cluster>,
    /// Task definitions by `family:revision`.
    pub task_definitions: BTreeMap<String, ecs::TaskDefinition>,
    /// Scalable targets by resource id.
    pub scalable_targets: BTreeMap<String, autoscaling::ScalableTarget>,
    /// EKS clusters by name.
    pub eks_clusters: BTreeMap<String, eks::EksCluster>,
    /// RDS instances and clusters.
    pub rds: rds::Rds,
    /// ElastiCache replication groups and cache clusters.
    pub elasticache: elasticache::ElastiCache,
    /// MSK clusters by name.
    pub msk_clusters: BTreeMap<String, msk::MskCluster>,
    /// Application load balancers by ARN.
    pub load_balancers: BTreeMap<String, elbv2::LoadBalancer>,
    /// Target groups by ARN.
    pub target_groups: BTreeMap<String, elbv2::TargetGroup>,
    /// SQS queues by name.
    pub queues: BTreeMap<String, sqs::Queue>,
    /// Log groups by name.
    pub log_groups: BTreeMap<String, logs::LogGroup>,
    /// S3 buckets by name.
    pub buckets: BTreeMap<String, s3::Bucket>,
    /// KMS keys by id.
    pub keys: BTreeMap<String, kms::Key>,
    /// Alarms by name.
    pub alarms: BTreeMap<String, alarm::Alarm>,
    /// Mute rules of alarms by name.
    pub mute_rules: BTreeMap<String, mute_rule::MuteRule>,
    /// Desired counts that an autoscaler will set.
    pub overwrites: Vec<Overwrite>,
    /// What looks random follows from this.
    pub seed: u64,
    /// All metrics.
    pub metrics: metric::MetricStore,
}

/// A desired count that an autoscaler sets at a given time, whatever it is then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overwrite {
    /// When.
    pub at: Timestamp,
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the service.
    pub service: String,
    /// The count.
    pub desired: u32,
}

impl EnvironmentWorld {
    /// An ECS service and the scalable target that owns its desired count, by the target's resource id
    /// (`service/<cluster>/<service>`).
    pub fn scaled(&mut self, resource_id: &str) -> Option<(&mut ecs::Service, &mut autoscaling::ScalableTarget)> {
        let (cluster, name) = resource_id.strip_prefix("service/")?.split_once('/')?;
        let service = self.clusters.get_mut(cluster)?.services.get_mut(name)?;
        Some((service, self.scalable_targets.get_mut(resource_id)?))
    }

    /// ARN and tags of every resource that carries tags, sorted by ARN.
    pub fn tagged(&self) -> BTreeMap<&str, &Tags> {
        let mut all: BTreeMap<&str, &Tags> = BTreeMap::new();
        all.extend(self.functions.values().map(|f| (f.arn.as_str(), &f.tags)));
        all.extend(self.tables.values().map(|t| (t.arn.as_str(), &t.tags)));
        all.extend(self.rest_apis.values().map(|a| (a.arn.as_str(), &a.tags)));
        all.extend(self.rest_apis.values().flat_map(|a| a.stages.values()).map(|s| (s.arn.as_str(), &s.tags)));
        all.extend(self.http_apis.values().map(|a| (a.arn.as_str(), &a.tags)));
        all.extend(self.clusters.values().map(|c| (c.arn.as_str(), &c.tags)));
        all.extend(self.clusters.values().flat_map(|c| c.services.values()).map(|s| (s.arn.as_str(), &s.tags)));
        all.extend(self.eks_clusters.values().map(|c| (c.arn.as_str(), &c.tags)));
        all.extend(self.eks_clusters.values().flat_map(|c| c.node_groups.values()).map(|n| (n.arn.as_str(), &n.tags)));
        for cluster in self.eks_clusters.values() {
            all.extend(cluster.addons.values().map(|addon| (addon.arn.as_str(), &cluster.tags)));
        }
        all.extend(self.rds.instances.values().map(|d| (d.arn.as_str(), &d.tags)));
        all.extend(self.rds.clusters.values().map(|c| (c.arn.as_str(), &c.tags)));
        all.extend(self.elasticache.groups.values().map(|g| (g.arn.as_str(), &g.tags)));
        all.extend(self.elasticache.clusters.values().map(|c| (c.arn.as_str(), &c.tags)));
        all.extend(self.msk_clusters.values().map(|c| (c.arn.as_str(), &c.tags)));
        all.extend(self.load_balancers.values().map(|l| (l.arn.as_str(), &l.tags)));
        all.extend(self.target_groups.values().map(|g| (g.arn.as_str(), &g.tags)));
        all.extend(self.queues.values().map(|q| (q.arn.as_str(), &q.tags)));
        all.extend(self.log_groups.values().map(|g| (g.arn.as_str(), &g.tags)));
        all.extend(self.buckets.values().map(|b| (b.arn.as_str(), &b.tags)));
        all.extend(self.keys.values().map(|k| (k.arn.as_str(), &k.tags)));
        all.extend(self.alarms.values().map(|a| (a.arn.as_str(), &a.tags)));
        all.extend(self.mute_rules.values().map(|rule| (rule.arn.as_str(), &rule.tags)));
        all.retain(|_, tags| !tags.is_empty());
        all
    }
}
