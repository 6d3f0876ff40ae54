//! API Gateway: REST APIs (v1) and HTTP APIs (v2).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Tags;

/// A REST API.
#[derive(Debug, Clone)]
pub struct RestApi {
    /// Ten characters.
    pub id: String,
    /// e.g. `payments-prod`. CloudWatch's dimension `ApiName`.
    pub name: String,
    /// `arn:aws:apigateway:<region>::/restapis/<id>`.
    pub arn: String,
    /// What it is for.
    pub description: String,
    /// When it was created.
    pub created: Timestamp,
    /// Its routes.
    pub routes: Vec<Route>,
    /// By name.
    pub stages: BTreeMap<String, Stage>,
    /// Deployments, oldest first.
    pub deployments: Vec<ApiDeployment>,
    /// Tags.
    pub tags: Tags,
}

/// A snapshot of a REST API's resources that stages can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiDeployment {
    /// Six characters.
    pub id: String,
    /// What the deployer said.
    pub description: String,
    /// When.
    pub created: Timestamp,
}

/// A method on a path.
#[derive(Debug, Clone)]
pub struct Route {
    /// Resource id, six characters.
    pub id: String,
    /// e.g. `/process`.
    pub path: String,
    /// e.g. `POST`.
    pub method: String,
    /// Name of the function behind it.
    pub function: String,
}

/// A deployed stage of a REST API.
#[derive(Debug, Clone)]
pub struct Stage {
    /// e.g. `live`.
    pub name: String,
    /// Its ARN, for tags.
    pub arn: String,
    /// Deployment id.
    pub deployment: String,
    /// Requests per second of the `*/*` method setting; infinite where that is switched off.
    pub rate_limit: f64,
    /// Burst of the `*/*` method setting; `u32::MAX` where that is switched off.
    pub burst_limit: u32,
    /// Throttles of single methods, which go before the stage's, by `{path}/{method}` with `~1` for each slash of the
    /// path, or by route key for an HTTP API.
    pub methods: BTreeMap<String, Throttle>,
    /// Detailed metrics per method.
    pub detailed_metrics: bool,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl Stage {
    /// Requests per second that a method of a REST API has of its own; infinite where that is switched off.
    pub fn limit_of(&self, path: &str, method: &str) -> Option<f64> {
        let is = |key: &str| {
            let (of, verb) = key.rsplit_once('/').unwrap_or((key, ""));
            of.replace("~1", "/").trim_start_matches('/') == path.trim_start_matches('/') && verb == method
        };
        let own = self.methods.iter().find(|(key, _)| is(key));
        own.map(|(_, throttle)| throttle.rate_limit.unwrap_or(f64::INFINITY))
    }
}

/// A throttle of a method.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Throttle {
    /// Requests per second. Where there is none: switched off for a REST API, the stage's for an HTTP API.
    pub rate_limit: Option<f64>,
    /// Burst, in the same way.
    pub burst_limit: Option<u32>,
}

/// An HTTP API.
#[derive(Debug, Clone)]
pub struct HttpApi {
    /// Ten characters. CloudWatch's dimension `ApiId`.
    pub id: String,
    /// Name.
    pub name: String,
    /// `arn:aws:apigateway:<region>::/apis/<id>`.
    pub arn: String,
    /// `https://<id>.execute-api.<region>.amazonaws.com`.
    pub endpoint: String,
    /// When it was created.
    pub created: Timestamp,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Stages by name, e.g. `$default`.
    pub stages: BTreeMap<String, Stage>,
    /// Tags.
    pub tags: Tags,
}
