//! One environment's access to AWS: its credentials, its clients, its meter.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;

use crate::base::{Clock, Text};
use crate::cloud::fault::{credentials_fault, fault_of};
use crate::cloud::gate::Gate;
use crate::cloud::{Memo, Memory, Meter, Selection, Skew, Transport, identity, limits};
use crate::config::{Cadence, EnvironmentConfig, MetricConfig, Select};
use crate::model::{Environment, Fault, FaultKind, Identity};

/// Clients for one environment. Cheap to share; clients are made when first used.
#[derive(Debug)]
pub struct Session {
    /// The environment, with the region that is really used.
    pub environment: Environment,
    /// Counts this session's calls.
    pub meter: Meter,
    /// Answers that are good for a while.
    pub memo: Memo,
    /// How long what exists is good for: the cadence of inventories.
    pub settled_for: Duration,
    /// The operator's own metrics that are watched here.
    pub metrics: Vec<MetricConfig>,
    /// Attributes of queues by URL.
    pub queues: Memory,
    gate: Gate,
    skew: Skew,
    sdk: SdkConfig,
    injected: bool,
    select: Select,
    selection: OnceLock<Arc<Selection>>,
    clients: Clients,
}

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cloud) enum Purpose {
    /// Reading, again where it fails.
    Watching,
    /// One request at a time, each once.
    Changing,
}

#[derive(Debug, Default)]
struct Clients {
    apigateway: OnceLock<aws_sdk_apigateway::Client>,
    apigatewayv2: OnceLock<aws_sdk_apigatewayv2::Client>,
    autoscaling: OnceLock<aws_sdk_applicationautoscaling::Client>,
    cloudwatch: OnceLock<aws_sdk_cloudwatch::Client>,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    ecs: OnceLock<aws_sdk_ecs::Client>,
    eks: OnceLock<aws_sdk_eks::Client>,
    elasticache: OnceLock<aws_sdk_elasticache::Client>,
    kafka: OnceLock<aws_sdk_kafka::Client>,
    kms: OnceLock<aws_sdk_kms::Client>,
    lambda: OnceLock<aws_sdk_lambda::Client>,
    load_balancing: OnceLock<aws_sdk_elasticloadbalancingv2::Client>,
    logs: OnceLock<aws_sdk_cloudwatchlogs::Client>,
    rds: OnceLock<aws_sdk_rds::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
    sqs: OnceLock<aws_sdk_sqs::Client>,
    sts: OnceLock<aws_sdk_sts::Client>,
    tagging: OnceLock<aws_sdk_resourcegroupstagging::Client>,
}

/// What is known of the credentials before the first call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsInfo {
    /// Where they came from: a profile, the default chain.
    pub source: Text,
    /// When they end, where they do.
    pub expire: Option<Timestamp>,
}

macro_rules! clients {
    ($($(#[$doc:meta])* $field:ident, $sdk:ident;)*) => {
        impl Session {
            $($(#[$doc])* pub fn $field(&self) -> &$sdk::Client {
                self.clients.$field.get_or_init(|| {
                    let config = $sdk::config::Builder::from(&self.sdk)
                        .retry_partition(self.retry_partition(stringify!($field)))
                        .interceptor(self.meter.clone())
                        .interceptor(self.gate.clone())
                        .interceptor(self.skew.clone())
                        .build();
                    $sdk::Client::from_conf(config)
                })
            })*
        }
    };
}

clients! {
    /// API Gateway, REST APIs.
    apigateway, aws_sdk_apigateway;
    /// API Gateway, HTTP APIs.
    apigatewayv2, aws_sdk_apigatewayv2;
    /// Application Auto Scaling.
    autoscaling, aws_sdk_applicationautoscaling;
    /// CloudWatch.
    cloudwatch, aws_sdk_cloudwatch;
    /// DynamoDB.
    dynamodb, aws_sdk_dynamodb;
    /// ECS.
    ecs, aws_sdk_ecs;
    /// EKS.
    eks, aws_sdk_eks;
    /// ElastiCache.
    elasticache, aws_sdk_elasticache;
    /// MSK.
    kafka, aws_sdk_kafka;
    /// KMS.
    kms, aws_sdk_kms;
    /// Lambda.
    lambda, aws_sdk_lambda;
    /// Application, network and gateway load balancers.
    load_balancing, aws_sdk_elasticloadbalancingv2;
    /// CloudWatch Logs.
    logs, aws_sdk_cloudwatchlogs;
    /// RDS and Aurora.
    rds, aws_sdk_rds;
    /// SQS.
    sqs, aws_sdk_sqs;
    /// STS.
    sts, aws_sdk_sts;
    /// Resource Groups Tagging.
    tagging, aws_sdk_resourcegroupstagging;
}

impl Session {
    /// Prepares a session; sends nothing to AWS. Fails where the profile is unknown or no region is known.
    pub async fn open(
        config: &EnvironmentConfig,
        environment: Environment,
        transport: &Transport,
    ) -> Result<Self, Fault> {
        Self::open_for(Purpose::Watching, config, environment, transport).await
    }

    /// The same for a purpose.
    pub(in crate::cloud) async fn open_for(
        purpose: Purpose,
        config: &EnvironmentConfig,
        mut environment: Environment,
        transport: &Transport,
    ) -> Result<Self, Fault> {
        let sdk = sdk_config(purpose, config, transport).await;
        let Some(region) = sdk.region() else {
            return Err(Fault::new(FaultKind::Invalid, "configuration", "no region")
                .with_remedy(format!("set `region` for {}, or in its profile", config.label())));
        };
        environment.region = Text::new(region.as_ref());
        Ok(Self {
            environment,
            meter: Meter::default(),
            memo: Memo::default(),
            settled_for: Duration::from_secs(Cadence::default().inventory),
            metrics: Vec::new(),
            queues: Memory::default(),
            gate: Gate::default(),
            skew: Skew::new(Clock::System),
            sdk,
            injected: transport.credentials.is_some(),
            select: config.select.clone(),
            selection: OnceLock::new(),
            clients: Clients::default(),
        })
    }

    /// The same, with the operator's own metrics that are watched here.
    #[must_use]
    pub fn watching(self, metrics: Vec<MetricConfig>) -> Self {
        Self { metrics, ..self }
    }

    /// The same, telling the time by `clock`.
    #[must_use]
    pub fn on(self, clock: &Clock) -> Self {
        Self { skew: Skew::new(clock.clone()), ..self }
    }

    /// Seconds that the clock is ahead of AWS's, by the last answer; `None` before one said.
    pub fn clock_skew(&self) -> Option<i64> {
        self.skew.seconds()
    }

    /// What mutations are stopped by.
    pub(in crate::cloud) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Loads the credentials without calling the environment's services. SSO, role and process providers may call theirs.
    pub async fn credentials(&self) -> Result<CredentialsInfo, Fault> {
        let profile = self.environment.profile.as_deref();
        let provider = self
            .sdk
            .credentials_provider()
            .ok_or_else(|| Fault::new(FaultKind::NoCredentials, "credentials", "no provider is configured"))?;
        let loaded = tokio::time::timeout(limits::OPERATION_TIMEOUT, provider.provide_credentials())
            .await
            .map_err(|_| Fault::new(FaultKind::Timeout, "credentials", "not loaded in time"))?
            .map_err(|error| credentials_fault("credentials", &error, profile))?;
        let expire = loaded.expiry().and_then(|at| Timestamp::try_from(at).ok());
        let source = match (profile, self.injected) {
            (_, true) => "simulated".into(),
            (Some(profile), _) => format!("profile {profile}").into(),
            (None, _) => "default chain".into(),
        };
        Ok(CredentialsInfo { source, expire })
    }

    /// Asks STS who we are and refuses another account than the configured one.
    pub async fn verify_identity(&self) -> Result<Identity, Fault> {
        let answer = self.sts().get_caller_identity().send().await.map_err(|e| self.fault("GetCallerIdentity", &e))?;
        let identity = identity::identity(answer.account(), answer.arn())?;
        identity::verify(&self.environment, &identity)?;
        Ok(identity)
    }

    /// Which resources belong to the environment. Asks the tagging API once, and only where tags are configured.
    pub async fn selection(&self) -> Result<Arc<Selection>, Fault> {
        if let Some(selection) = self.selection.get() {
            return Ok(Arc::clone(selection));
        }
        let tagged = if self.select.tags.is_empty() { None } else { Some(self.tagged().await?) };
        Ok(Arc::clone(self.selection.get_or_init(|| Arc::new(Selection::new(&self.select, tagged)))))
    }

    async fn tagged(&self) -> Result<HashSet<String>, Fault> {
        use aws_sdk_resourcegroupstagging::types::TagFilter;
        let filters = self.select.tags.iter().map(|(key, value)| TagFilter::builder().key(key).values(value).build());
        let mut pages = self
            .tagging()
            .get_resources()
            .set_tag_filters(Some(filters.collect()))
            .into_paginator()
            .page_size(limits::TAGGED_PAGE)
            .send();
        let mut arns = HashSet::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| self.fault("GetResources", &e))?;
            arns.extend(page.resource_tag_mapping_list().iter().filter_map(|r| r.resource_arn().map(str::to_owned)));
        }
        Ok(arns)
    }

    /// Maps an SDK error of this session.
    pub fn fault<E>(&self, operation: &'static str, error: &SdkError<E, HttpResponse>) -> Fault
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        fault_of(operation, error, self.environment.profile.as_deref(), &self.environment.region)
    }

    /// S3. An endpoint in place of AWS's own need not have a name for every bucket: its buckets stand in the path.
    pub fn s3(&self) -> &aws_sdk_s3::Client {
        self.clients.s3.get_or_init(|| {
            let config = aws_sdk_s3::config::Builder::from(&self.sdk)
                .force_path_style(self.sdk.endpoint_url().is_some())
                .retry_partition(self.retry_partition("s3"))
                .interceptor(self.meter.clone())
                .interceptor(self.gate.clone())
                .interceptor(self.skew.clone())
                .build();
            aws_sdk_s3::Client::from_conf(config)
        })
    }

    /// The endpoint that replaces AWS's own, where there is one.
    pub fn endpoint(&self) -> Option<&str> {
        self.sdk.endpoint_url()
    }

    /// The SDK's own default is one bucket of retry tokens per service and region for the whole process: one
    /// throttled account would eat another's retries.
    fn retry_partition(&self, service: &str) -> RetryPartition {
        let environment = &self.environment;
        let account = environment.account.as_deref().unwrap_or("unknown");
        RetryPartition::custom(format!("{account}/{}/{service}/{}", environment.region, environment.id.0)).build()
    }
}

async fn sdk_config(purpose: Purpose, config: &EnvironmentConfig, transport: &Transport) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(limits::CONNECT_TIMEOUT)
        .operation_attempt_timeout(limits::ATTEMPT_TIMEOUT)
        .operation_timeout(limits::OPERATION_TIMEOUT)
        .build();
    let retries = match purpose {
        // Nothing is ever sent twice: not even by the SDK.
        Purpose::Changing => RetryConfig::disabled(),
        Purpose::Watching => RetryConfig::standard()
            .with_max_attempts(limits::READ_ATTEMPTS)
            .with_initial_backoff(Duration::from_millis(250))
            .with_max_backoff(Duration::from_secs(4)),
    };
    let app = AppName::new("watchfloor").ok();
    if let Some(credentials) = &transport.credentials {
        let mut builder = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(transport.http.clone())
            .credentials_provider(SharedCredentialsProvider::new(credentials(config)))
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(SystemTimeSource::new())
            .timeout_config(timeouts)
            .retry_config(retries);
        builder.set_region(config.region.clone().map(Region::new));
        builder.set_endpoint_url(config.endpoint_url.clone());
        builder.set_app_name(app);
        return builder.build();
    }
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(transport.http.clone())
        .timeout_config(timeouts.clone())
        .retry_config(retries.clone());
    if let Some(app) = app {
        loader = loader.app_name(app);
    }
    if let Some(profile) = &config.profile {
        let region = match &config.region {
            Some(region) => Some(Region::new(region.clone())),
            None => DefaultRegionChain::builder().profile_name(profile).build().region().await,
        };
        let provider_config = ProviderConfig::default()
            .with_http_client(transport.http.clone())
            .with_timeout_config(timeouts)
            .with_retry_config(retries)
            .with_region(region);
        // The default chain prefers keys in environment variables even to a profile that was asked for: all
        // environments would silently be read with them.
        let provider = ProfileFileCredentialsProvider::builder().profile_name(profile).configure(&provider_config);
        loader = loader.profile_name(profile).credentials_provider(provider.build());
    }
    if let Some(region) = &config.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(endpoint) = &config.endpoint_url {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}
