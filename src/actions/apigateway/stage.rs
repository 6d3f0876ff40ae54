//! Reading a stage's limits, of REST APIs and HTTP APIs, and the account's.

use std::collections::BTreeMap;

use futures_util::future::join;

use super::limit::{Limit, Own};
use crate::actions::asked::invalid;
use crate::actions::{Wanted, targets};
use crate::base::Text;
use crate::cloud::Session;
use crate::model::{Fault, Target, TargetKind, Value};
use crate::signals::Signal;
use crate::signals::api_gateway::{ApiGateway, Protocol, Stage as Listed};
use crate::signals::paging::unless_gone;

/// The key of the limits that hold for everything without limits of its own.
pub const ALL: &str = "*";

/// Which stage an ARN names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// REST or HTTP.
    pub protocol: Protocol,
    /// Id of the API.
    pub api: &'a str,
    /// Name of the stage.
    pub stage: &'a str,
}

impl<'a> Address<'a> {
    /// From `arn:aws:apigateway:REGION::/restapis/ID/stages/NAME`, `/apis/…` for HTTP APIs (Service Authorization
    /// Reference, Amazon API Gateway Management).
    ///
    /// # Errors
    /// It is no such ARN.
    pub fn of(target: &'a Target) -> Result<Self, Fault> {
        let resource = target.arn.split_once("::/").map_or("", |(_, resource)| resource);
        let parts: Vec<&str> = resource.splitn(4, '/').collect();
        let (protocol, api, stage) = match parts[..] {
            ["restapis", api, "stages", stage] => (Protocol::Rest, api, stage),
            ["apis", api, "stages", stage] => (Protocol::Http, api, stage),
            _ => return Err(invalid(format!("{} is not the ARN of a stage", target.arn))),
        };
        Ok(Self { protocol, api, stage })
    }
}

/// Requests a second, and how many at once: of an account, or what is in force.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Requests a second; `None` where it is not known.
    pub rate: Option<f64>,
    /// Size of the token bucket; `None` where it is not known.
    pub burst: Option<i64>,
}

impl Limits {
    /// `2000/s, burst 4000`.
    pub fn words(&self) -> String {
        let none = || "not known".to_owned();
        let rate = self.rate.map_or_else(none, |rate| format!("{rate}/s"));
        format!("{rate}, burst {}", self.burst.map_or_else(none, |burst| burst.to_string()))
    }

    /// The rate as a value.
    pub fn rate_value(&self) -> Value {
        self.rate.map_or(Value::None, crate::actions::asked::plain)
    }
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stage {
    /// REST or HTTP.
    pub protocol: Protocol,
    /// Id of the deployment that is live.
    pub deployment: Text,
    /// Limits by `*` or `GET /path`; what has none is not there.
    pub limits: BTreeMap<Text, Own>,
    /// AWS's keys of the settings of a REST stage, where they are not written as here.
    pub keys: BTreeMap<Text, Text>,
    /// Whether HTTP routes have detailed metrics: a part of the same settings, which an update replaces as a whole.
    pub detailed_metrics: BTreeMap<Text, bool>,
    /// The account's own limits; the fault where they could not be read.
    pub account: Option<Result<Limits, Fault>>,
}

impl Stage {
    /// Limits of its own for `method`.
    pub fn own(&self, method: &str) -> Own {
        self.limits.get(method).copied().unwrap_or_default()
    }

    /// The limits in force for `method`: its own, else the stage's, else the account's.
    pub fn in_force(&self, method: &str) -> Limits {
        let (own, stage) = (self.own(method), self.own(ALL));
        let account = self.account_limits();
        Limits {
            rate: own.rate.or(stage.rate).at().or(account.rate),
            burst: own.burst.or(stage.burst).at().or(account.burst),
        }
    }

    /// The account's, where they are known.
    pub fn account_limits(&self) -> Limits {
        match &self.account {
            Some(Ok(limits)) => *limits,
            _ => Limits::default(),
        }
    }
}

/// The stages that are meant: by `API/STAGE`, by the API's name or id, narrowed down by `stage`.
///
/// # Errors
/// The APIs could not be listed, or what could not be listed may be the one that is meant.
pub async fn find(session: &Session, wanted: &Wanted) -> Result<Vec<Target>, Fault> {
    let inventory = Signal::inventory(&ApiGateway, session).await?;
    let within = wanted.within.get("stage").and_then(Value::text);
    let stages: Vec<Listed> =
        inventory.stages.into_iter().filter(|stage| within.is_none_or(|name| *name == stage.name)).collect();
    let names = |stage: &Listed| {
        let api = Text::new(&stage.api_name);
        vec![shown(stage), format!("{}/{}", stage.api_id, stage.name).into(), api, stage.api_id.clone()]
    };
    let mut found = Vec::new();
    for stage in targets::meant(session, wanted, &stages, |stage| &stage.arn, names) {
        found.push(targets::target(session, TargetKind::ApiStage, &shown(stage), &stage.arn).await?);
    }
    match inventory.fault {
        Some(fault) if found.is_empty() => Err(fault),
        _ => Ok(found),
    }
}

fn shown(stage: &Listed) -> Text {
    format!("{}/{}", Text::new(&stage.api_name), stage.name).into()
}

/// The stage and the account's limits.
///
/// # Errors
/// The stage could not be read, or is gone.
pub async fn read(session: &Session, target: &Target) -> Result<Stage, Fault> {
    let (stage, account) = join(stage(session, target), account(session)).await;
    Ok(Stage { account: Some(account), ..stage? })
}

/// The stage alone.
///
/// # Errors
/// It could not be read, or is gone.
pub async fn stage(session: &Session, target: &Target) -> Result<Stage, Fault> {
    let address = Address::of(target)?;
    let stage = match address.protocol {
        Protocol::Rest => rest(session, address).await?,
        Protocol::Http => http(session, address).await?,
    };
    stage.ok_or_else(|| targets::gone("GetStage", "the stage", &target.name))
}

async fn rest(session: &Session, address: Address<'_>) -> Result<Option<Stage>, Fault> {
    let request = session.apigateway().get_stage().rest_api_id(address.api).stage_name(address.stage);
    let Some(answer) = unless_gone(session, "GetStage", request.send().await)? else { return Ok(None) };
    let settings = || answer.method_settings().into_iter().flatten();
    let limits = settings().map(|(key, setting)| {
        let (rate, burst) = (setting.throttling_rate_limit(), i64::from(setting.throttling_burst_limit()));
        let rate = if rate < 0.0 { Limit::Off } else { Limit::At(rate) };
        let burst = if burst < 0 { Limit::Off } else { Limit::At(burst) };
        (method_of(key), Own { rate, burst })
    });
    Ok(Some(Stage {
        protocol: Protocol::Rest,
        deployment: Text::new(answer.deployment_id().unwrap_or_default()),
        limits: limits.collect(),
        keys: settings().map(|(key, _)| (method_of(key), Text::new(key))).collect(),
        ..Stage::default()
    }))
}

async fn http(session: &Session, address: Address<'_>) -> Result<Option<Stage>, Fault> {
    let request = session.apigatewayv2().get_stage().api_id(address.api).stage_name(address.stage);
    let Some(answer) = unless_gone(session, "GetStage", request.send().await)? else { return Ok(None) };
    let default = answer.default_route_settings().map(|settings| (Text::from(ALL), settings));
    let routes = answer.route_settings().into_iter().flatten();
    let all = default.into_iter().chain(routes.map(|(key, settings)| (Text::new(key), settings)));
    let mut stage = Stage {
        protocol: Protocol::Http,
        deployment: Text::new(answer.deployment_id().unwrap_or_default()),
        ..Stage::default()
    };
    for (key, settings) in all {
        if let Some(detailed) = settings.detailed_metrics_enabled() {
            stage.detailed_metrics.insert(key.clone(), detailed);
        }
        let rate = settings.throttling_rate_limit().map_or(Limit::Unset, Limit::At);
        let burst = settings.throttling_burst_limit().map_or(Limit::Unset, |burst| Limit::At(burst.into()));
        stage.limits.insert(key, Own { rate, burst });
    }
    Ok(Some(stage))
}

async fn account(session: &Session) -> Result<Limits, Fault> {
    let answer = session.apigateway().get_account().send().await.map_err(|e| session.fault("GetAccount", &e))?;
    let limits = answer.throttle_settings().map(|settings| Limits {
        rate: Some(settings.rate_limit()).filter(|rate| *rate > 0.0),
        burst: Some(i64::from(settings.burst_limit())).filter(|burst| *burst > 0),
    });
    Ok(limits.unwrap_or_default())
}

/// `~1pets~1{id}/GET` → `GET /pets/{id}`, `*/*` → `*`.
fn method_of(key: &str) -> Text {
    if key == "*/*" {
        return ALL.into();
    }
    let (path, method) = key.rsplit_once('/').unwrap_or(("", key));
    let path = path.replace("~1", "/").replace("~0", "~");
    format!("{method} /{}", path.trim_start_matches('/')).into()
}

/// The path of a REST stage's method in patch operations: slashes as `~1` (API Gateway API Reference, PatchOperation).
pub fn patch_path(method: &str) -> Option<String> {
    if method == ALL {
        return Some("/*/*".to_owned());
    }
    let (verb, path) = method.split_once(' ')?;
    Some(format!("/{}/{verb}", path.replace('~', "~0").replace('/', "~1")))
}

/// `GET /path` in AWS's form, or `*`; `None` for anything else.
pub fn method(given: &str) -> Option<Text> {
    let given = given.trim();
    if [ALL, "*/*", "$default"].contains(&given) {
        return Some(if given == "$default" { given.into() } else { ALL.into() });
    }
    let (verb, path) = given.split_once(char::is_whitespace)?;
    let path = path.trim();
    let is_verb = !verb.is_empty() && verb.chars().all(|c| c.is_ascii_alphabetic());
    (is_verb && path.starts_with('/') && !path.contains(char::is_whitespace))
        .then(|| format!("{} {path}", verb.to_ascii_uppercase()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_have_one_form_and_their_paths_are_escaped() {
        for (key, method) in
            [("*/*", "*"), ("~1pets~1{id}/GET", "GET /pets/{id}"), ("~1/GET", "GET /"), ("pets/PUT", "PUT /pets")]
        {
            assert_eq!(method_of(key), method);
        }
        assert_eq!(patch_path("GET /pets/{id}").as_deref(), Some("/~1pets~1{id}/GET"));
        assert_eq!(patch_path("GET /").as_deref(), Some("/~1/GET"));
        assert_eq!(patch_path("GET /a~b").as_deref(), Some("/~1a~0b/GET"));
        assert_eq!(patch_path("*").as_deref(), Some("/*/*"));
        assert_eq!(method(" get  /pets "), Some("GET /pets".into()));
        assert_eq!(method("*/*"), Some("*".into()));
        for bad in ["", "GET", "GET pets", "G/T /pets", "GET /a b", "/throttling/rateLimit"] {
            assert_eq!(method(bad), None, "{bad}");
        }
    }
}
