//! AWS's own limits on requests, and how long we wait for an answer.

use std::time::Duration;

/// Queries in one GetMetricData call (CloudWatch API Reference, GetMetricData).
pub const METRIC_QUERIES_PER_CALL: usize = 500;
/// Alarms on one page of DescribeAlarms (CloudWatch API Reference, MaxRecords).
pub const ALARMS_PER_PAGE: i32 = 100;
/// Services in one DescribeServices call (ECS API Reference).
pub const ECS_SERVICES_PER_CALL: usize = 10;
/// Entries on one page of ListClusters and ListServices (ECS API Reference, maxResults).
pub const ECS_LIST_PAGE: i32 = 100;
/// Clusters in one DescribeClusters call (ECS API Reference).
pub const ECS_CLUSTERS_PER_CALL: usize = 100;
/// Functions on one page of ListFunctions (Lambda API Reference; more is not returned).
pub const LAMBDA_PAGE: i32 = 50;
/// Tables on one page of ListTables (DynamoDB API Reference).
pub const DYNAMODB_PAGE: i32 = 100;
/// REST APIs on one page (API Gateway API Reference, GetRestApis limit).
pub const REST_APIS_PAGE: i32 = 500;
/// EKS clusters and node groups on one page (EKS API Reference).
pub const EKS_PAGE: i32 = 100;
/// Scalable targets on one page (Application Auto Scaling API Reference).
pub const SCALABLE_TARGETS_PAGE: i32 = 50;
/// Records on one page of the RDS Describe operations (RDS API Reference, MaxRecords).
pub const RDS_PAGE: i32 = 100;
/// Records on one page of DescribeReplicationGroups and DescribeCacheClusters (ElastiCache API Reference, MaxRecords).
pub const ELASTICACHE_PAGE: i32 = 100;
/// Caches on one page of DescribeServerlessCaches (ElastiCache API Reference, MaxResults).
pub const SERVERLESS_CACHES_PAGE: i32 = 50;
/// Clusters and nodes on one page of ListClustersV2 and ListNodes (MSK API Reference, maxResults).
pub const MSK_PAGE: i32 = 100;
/// Load balancers and target groups on one page (Elastic Load Balancing API Reference, PageSize).
pub const LOAD_BALANCING_PAGE: i32 = 400;
/// Queues on one page of ListQueues (SQS API Reference; without MaxResults there is no next page).
pub const QUEUES_PAGE: i32 = 1000;
/// Queues whose known attributes are asked for again in one inventory: where there are more, they take turns.
pub const QUEUES_PER_ROUND: usize = 100;
/// Resources on one page of GetResources (Resource Groups Tagging API Reference).
pub const TAGGED_PAGE: i32 = 100;
/// Items on one page of DescribeAlarmHistory (CloudWatch API Reference, MaxRecords).
pub const ALARM_HISTORY_PAGE: i32 = 100;
/// Versions on one page of ListVersionsByFunction (Lambda API Reference; more is not returned).
pub const LAMBDA_VERSIONS_PAGE: i32 = 50;
/// Activities on one page of DescribeScalingActivities (Application Auto Scaling API Reference).
pub const SCALING_ACTIVITIES_PAGE: i32 = 50;
/// Events on one page of DescribeEvents (RDS and ElastiCache API References, MaxRecords).
pub const EVENTS_PAGE: i32 = 100;
/// Days that RDS and ElastiCache remember events (their API References, DescribeEvents).
pub const EVENT_DAYS: i64 = 14;
/// Deployments on one page (API Gateway API Reference, GetDeployments limit).
pub const API_DEPLOYMENTS_PAGE: i32 = 500;
/// Groups on one page of DescribeLogGroups (CloudWatch Logs API Reference, limit).
pub const LOG_GROUPS_PAGE: i32 = 50;
/// Clusters and operations on one page (MSK API Reference, maxResults).
pub const KAFKA_PAGE: i32 = 100;
/// Buckets on one page of ListBuckets (S3 API Reference, max-buckets; without it there is no next page).
pub const BUCKETS_PAGE: i32 = 1000;
/// Aliases on one page (KMS API Reference, ListAliases Limit).
pub const KMS_PAGE: i32 = 100;
/// Keys on one page (KMS API Reference, ListKeys Limit).
pub const KEYS_PAGE: i32 = 1000;
/// Describe calls for single resources under way at once in one environment: below the services' own rates.
pub const PARALLEL_DESCRIBES: usize = 8;

/// For the TCP and TLS connection. The SDK's own default is 3.1 s.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// For one attempt.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(6);
/// For an operation with all its attempts. The SDK has no default.
pub const OPERATION_TIMEOUT: Duration = Duration::from_secs(15);
/// Attempts of a read, the first included.
pub const READ_ATTEMPTS: u32 = 3;
