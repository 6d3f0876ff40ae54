//! The AWS face of the drill: requests of real clients in, answers of the services out.
//!
//! [`Endpoint::answer`] is the whole path of a request: signature scope → account, region and service; protocol →
//! operation and input; log; fault rules; latency; the service's adapter; the answer in the protocol of the request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use winterbaume_core::{MockRequest, MockResponse};

use super::accounts::Accounts;
use super::fault_modes::{FaultMode, OtherChange, Rules};
use super::simulation::World;
use super::world::{EnvironmentWorld, Overwrite, hash};
use crate::base::Clock;

mod apigateway;
mod apigatewayv2;
mod applicationautoscaling;
mod call;
mod cloudwatch;
mod dynamodb;
mod ecs;
mod eks;
mod elasticache;
mod elbv2;
mod encode;
mod error;
mod input;
mod kafka;
mod kms;
mod lambda;
mod log;
mod logs;
mod page;
mod query;
mod rds;
mod records;
mod rest;
mod s3;
mod schedule;
mod sqs;
mod sts;
mod tagging;
mod xml;

pub use call::{Call, Protocol, Service};
pub use error::{ApiError, Common};
pub use input::Input;
pub use log::{Received, RequestLog};

/// What a client gets.
#[derive(Debug)]
pub enum Answer {
    /// A response.
    Response(MockResponse),
    /// The connection breaks before the response.
    Cut,
    /// There is no connection.
    Unreachable,
}

/// Where the answers come from.
pub trait Source: Send + Sync {
    /// Calls `with` once with what an account has in a region, as of now. Nothing, where it has nothing.
    fn read(&self, account: &str, region: &str, with: &mut dyn FnMut(&EnvironmentWorld, Timestamp));
    /// Calls `with` at most once with what an account has in a region, to change it as of now. Not called where
    /// nothing can be changed.
    fn change(&self, account: &str, region: &str, with: &mut dyn FnMut(&mut EnvironmentWorld, Timestamp)) {
        let _ = (account, region, with);
    }

    /// The time by which rules of failure begin and end.
    fn now(&self) -> Timestamp;

    /// Regions in which an account has something: some services show all of them from any region.
    fn regions(&self, account: &str) -> Vec<String> {
        let _ = account;
        Vec::new()
    }
}

/// The simulated world on its clock.
pub struct Live {
    /// What exists.
    pub world: Arc<World>,
    /// Simulated time.
    pub clock: Clock,
}

impl Source for Live {
    fn read(&self, account: &str, region: &str, with: &mut dyn FnMut(&EnvironmentWorld, Timestamp)) {
        let snapshot = self.world.at(self.clock.now());
        match snapshot.environment(account, region) {
            Some(environment) => with(environment, snapshot.now),
            None => with(&empty(account, region), snapshot.now),
        }
    }

    fn change(&self, account: &str, region: &str, with: &mut dyn FnMut(&mut EnvironmentWorld, Timestamp)) {
        let now = self.clock.now();
        self.world.change(now, (account, region), |environment| with(environment, now));
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn regions(&self, account: &str) -> Vec<String> {
        let snapshot = self.world.at(self.clock.now());
        let ours = snapshot.environments().filter(|environment| environment.account == account);
        ours.map(|environment| environment.region.clone()).collect()
    }
}

/// An account's region in which nothing exists.
fn empty(account: &str, region: &str) -> EnvironmentWorld {
    EnvironmentWorld { account: account.to_owned(), region: region.to_owned(), ..EnvironmentWorld::default() }
}

/// The simulated AWS endpoint of all services, accounts and regions of an estate.
pub struct Endpoint {
    source: Box<dyn Source>,
    accounts: Accounts,
    latency: Duration,
    rules: Mutex<Rules>,
    log: RequestLog,
    served: AtomicU64,
}

/// What a service's adapter answers from.
#[derive(Clone, Copy)]
struct Ask<'a> {
    call: &'a Call,
    input: Input<'a>,
    world: &'a EnvironmentWorld,
    now: Timestamp,
}

/// What a service's adapter changes.
struct Edit<'a> {
    call: &'a Call,
    input: Input<'a>,
    world: &'a mut EnvironmentWorld,
    now: Timestamp,
}

impl Edit<'_> {
    /// To read what there is.
    fn ask(&self) -> Ask<'_> {
        Ask { call: self.call, input: self.input, world: self.world, now: self.now }
    }

    /// Refuses parameters that the drill does not know: what is asked for must not be done in part.
    fn only(&self, known: &[&str]) -> Result<(), String> {
        let given = self.input.0.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        let other = given.map(|(name, _)| name.as_str()).find(|name| !known.contains(name));
        other.map_or(Ok(()), |name| Err(format!("The drill does not offer the parameter {name}.")))
    }

    /// The answer to a change that the drill does not have.
    fn unknown(&self) -> ApiError {
        self.call.unknown_operation()
    }
}

/// What a service's adapter answers: the output structure.
type Reply = Result<Value, ApiError>;

impl Ask<'_> {
    /// A page of `items`, which are the ones of this operation that `filter` describes.
    fn page<T>(
        &self,
        items: Vec<T>,
        size: usize,
        token: Option<&str>,
        filter: &str,
    ) -> Result<page::Page<T>, page::BadToken> {
        page::page(items, size, token, &self.list(filter))
    }

    /// Names a list for its tokens.
    fn list(&self, filter: &str) -> String {
        let Call { account, region, operation, .. } = self.call;
        format!("{account}/{region}/{operation}/{filter}")
    }

    /// The answer to an operation that the drill does not have.
    fn unknown(&self) -> ApiError {
        self.call.unknown_operation()
    }

    /// A size between 1 and `max`, `default` where the client names none.
    fn size(&self, key: &str, default: usize, max: usize) -> usize {
        let asked = self.input.int(key).and_then(|asked| usize::try_from(asked).ok());
        asked.unwrap_or(default).clamp(1, max)
    }
}

/// The output structure as a tree.
fn reply<T: Serialize>(output: &T) -> Reply {
    serde_json::to_value(output).map_err(|error| ApiError::new(500, "InternalFailure", error.to_string()))
}

/// Seconds since 1970, as the JSON protocols carry times.
#[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in 53 bits")]
fn epoch(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

impl Endpoint {
    /// An endpoint that answers at once.
    pub fn new(source: impl Source + 'static, accounts: Accounts) -> Self {
        Self {
            source: Box::new(source),
            accounts,
            latency: Duration::ZERO,
            rules: Mutex::default(),
            log: RequestLog::default(),
            served: AtomicU64::new(0),
        }
    }

    /// Every request takes this much real time.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Accepts every access key, see [`Accounts::open`].
    #[must_use]
    pub fn open(mut self) -> Self {
        self.accounts = self.accounts.open();
        self
    }

    /// The rules of failure, to change them.
    pub fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The requests so far.
    pub fn log(&self) -> &RequestLog {
        &self.log
    }

    /// The accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Answers one request, with the date of the source's clock.
    pub async fn answer(&self, request: &MockRequest) -> Answer {
        let (mut answer, skew) = self.respond(request).await;
        if let Answer::Response(response) = &mut answer {
            let now = self.source.now();
            encode::date(response, now.checked_add(skew).unwrap_or(now));
        }
        answer
    }

    /// The answer, and how far its date shall be off.
    async fn respond(&self, request: &MockRequest) -> (Answer, SignedDuration) {
        let id = hash::uuid(&self.served.fetch_add(1, Ordering::Relaxed));
        let protocol = Protocol::of(request);
        let call = match Call::read(request, protocol, &self.accounts) {
            Ok(call) => call,
            Err(error) => return (Answer::Response(encode::error(protocol, None, &error, &id)), SignedDuration::ZERO),
        };
        self.log.note(&call);
        let service = call.service;
        let now = self.source.now();
        let mode = self.rules().pick(&call.account, &call.region, service.name(), &call.operation, now);
        let skew = match mode {
            Some(FaultMode::Skewed(skew)) => skew,
            _ => SignedDuration::ZERO,
        };
        (self.serve(&call, mode, &id).await, skew)
    }

    async fn serve(&self, call: &Call, mode: Option<FaultMode>, id: &str) -> Answer {
        let (protocol, service) = (call.protocol, call.service);
        let wait = match mode {
            Some(FaultMode::Slow(more)) => self.latency.saturating_add(more),
            _ => self.latency,
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let refuse = |common: Common, message: &str| {
            Answer::Response(encode::error(protocol, Some(service), &common.error(protocol, message), id))
        };
        match &mode {
            Some(FaultMode::Hang) => std::future::pending().await,
            Some(FaultMode::Unreachable) => return Answer::Unreachable,
            Some(FaultMode::RejectBefore) => return refuse(Common::Unavailable, "Service is temporarily unavailable."),
            Some(FaultMode::Throttle) => return refuse(Common::Throttled, "Rate exceeded"),
            Some(FaultMode::Expired) => {
                return refuse(Common::Expired, "The security token included in the request is expired");
            }
            Some(FaultMode::Denied) => return refuse(Common::Denied, &call.denied("no policy allows it")),
            Some(FaultMode::ChangedFirst(other)) => self.change_first(call, other),
            Some(
                FaultMode::CommitThenCut
                | FaultMode::CommitThen500
                | FaultMode::Slow(_)
                | FaultMode::Overwritten(..)
                | FaultMode::Skewed(_),
            )
            | None => {}
        }
        let answer = self.dispatch(call);
        if let (Some(FaultMode::Overwritten(after, desired)), Ok(_)) = (&mode, &answer) {
            self.overwrite(call, *after, *desired);
        }
        match mode {
            Some(FaultMode::CommitThenCut) => Answer::Cut,
            Some(FaultMode::CommitThen500) => refuse(Common::Internal, "We encountered an internal error."),
            _ => Answer::Response(match answer {
                Ok(output) => encode::output(call, &output, id),
                Err(error) => encode::error(protocol, Some(service), &error, id),
            }),
        }
    }

    /// Somebody else's change, which is not in the log of this endpoint's requests.
    fn change_first(&self, call: &Call, other: &OtherChange) {
        let theirs = Call { operation: other.operation.clone(), input: other.input.clone(), ..call.clone() };
        if let Err(error) = self.change(&theirs) {
            tracing::warn!(operation = other.operation, error = error.message, "another operator's change was refused");
        }
    }

    /// An autoscaler will set the desired count of the ECS service that a request is about.
    fn overwrite(&self, call: &Call, after: SignedDuration, desired: u32) {
        let input = Input(&call.input);
        let short = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        let resource = input.text("ResourceId").and_then(|id| id.strip_prefix("service/")?.split_once('/'));
        let named = resource.or_else(|| Some((input.text("cluster")?, input.text("service")?)));
        let Some((cluster, service)) = named.map(|(cluster, service)| (short(cluster), short(service))) else { return };
        self.source.change(&call.account, &call.region, &mut |world, now| {
            let at = now.checked_add(after).unwrap_or(now);
            world.overwrites.push(Overwrite { at, cluster: cluster.clone(), service: service.clone(), desired });
        });
    }

    /// The buckets of the caller's account in all its regions.
    fn buckets(&self, call: &Call) -> Vec<s3::Place> {
        let mut regions = self.source.regions(&call.account);
        if !regions.contains(&call.region) {
            regions.push(call.region.clone());
        }
        let mut places = Vec::new();
        for region in regions {
            self.source.read(&call.account, &region, &mut |world, _| {
                let place = |bucket: &_| s3::Place { region: region.clone(), bucket: Clone::clone(bucket) };
                places.extend(world.buckets.values().map(place));
            });
        }
        places
    }

    fn dispatch(&self, call: &Call) -> Reply {
        if call.service == Service::Sts {
            return sts::answer(call, &self.accounts);
        }
        if call.service == Service::S3 {
            return s3::answer(call, &self.buckets(call));
        }
        if call.changes() {
            return self.change(call);
        }
        let mut answer = Err(call.unknown_operation());
        self.source.read(&call.account, &call.region, &mut |world, now| {
            let ask = Ask { call, input: Input(&call.input), world, now };
            answer = match call.service {
                Service::ApiGateway => apigateway::answer(&ask),
                Service::ApiGatewayV2 => apigatewayv2::answer(&ask),
                Service::ApplicationAutoScaling => applicationautoscaling::answer(&ask),
                Service::CloudWatch => cloudwatch::answer(&ask),
                Service::DynamoDb => dynamodb::answer(&ask),
                Service::Ecs => ecs::answer(&ask),
                Service::Eks => eks::answer(&ask),
                Service::ElastiCache => elasticache::answer(&ask),
                Service::ElasticLoadBalancing => elbv2::answer(&ask),
                Service::Kafka => kafka::answer(&ask),
                Service::Kms => kms::answer(&ask),
                Service::Lambda => lambda::answer(&ask),
                Service::Logs => logs::answer(&ask),
                Service::Rds => rds::answer(&ask),
                Service::Sqs => sqs::answer(&ask),
                Service::Tagging => tagging::answer(&ask),
                Service::S3 | Service::Sts | Service::Other => Err(call.unknown_operation()),
            };
        });
        answer
    }

    fn change(&self, call: &Call) -> Reply {
        let mut answer = Err(call.read_only());
        self.source.change(&call.account, &call.region, &mut |world, now| {
            let mut edit = Edit { call, input: Input(&call.input), world, now };
            answer = match call.service {
                Service::ApiGateway => apigateway::change(&mut edit),
                Service::ApiGatewayV2 => apigatewayv2::change(&mut edit),
                Service::ApplicationAutoScaling => applicationautoscaling::change(&mut edit),
                Service::CloudWatch => cloudwatch::change(&mut edit),
                Service::DynamoDb => dynamodb::change(&mut edit),
                Service::Ecs => ecs::change(&mut edit),
                Service::Eks => eks::change(&mut edit),
                Service::Rds => rds::change(&mut edit),
                Service::Lambda => lambda::change(&mut edit),
                _ => Err(call.unknown_operation()),
            };
        });
        answer
    }
}
