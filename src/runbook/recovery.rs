//! Whether a signal has recovered, as far as it concerns a target: read now, judged as the wall judges.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Thresholds;
use crate::model::{Fault, FaultKind, MetricSet, Reading, Resource, Severity, SignalId, Target, TargetKind};
use crate::poll::broker;
use crate::runbook::machine::Recovery;
use crate::signals::charts::{self, alarm};
use crate::signals::naming::Naming;
use crate::signals::{self, AnySignal, Judge};

/// What judging needs besides the session.
#[derive(Clone, Copy)]
pub struct Eyes<'a> {
    /// The thresholds that hold for the environment.
    pub thresholds: &'a Thresholds,
    /// How names become logical names.
    pub naming: &'a Naming,
}

/// Reads `signal` and says how far the target has recovered, in words too, and when AWS was asked.
///
/// # Errors
/// It could not be read.
pub async fn read(
    session: &Session,
    signal: SignalId,
    is: Severity,
    target: &Target,
    eyes: Eyes<'_>,
    now: Timestamp,
) -> Result<(Recovery, Text, Timestamp), Fault> {
    let own = of_kind(target.kind);
    let reading = interpreted(session, signal, eyes, now, true).await?;
    if signal != ALARMS || own == ALARMS {
        return Ok(judge(reading.resources.iter().filter(|resource| is_target(resource, target)), is, signal.0, now));
    }
    // Only what it is and its dimensions are wanted: no metrics are asked for.
    let owner = interpreted(session, own, eyes, now, false).await?;
    let Some(resource) = owner.resources.iter().find(|resource| is_target(resource, target)) else {
        return Ok((Recovery::Unknown, Text::new(format!("{} is not in {own}", target.name)), now));
    };
    let charts = charts::of(own, resource);
    Ok(judge(reading.resources.iter().filter(|one| alarm::is_about(one, &charts)), is, "alarms", now))
}

const ALARMS: SignalId = SignalId("alarms");

/// The signal that tells of a kind of target.
pub fn of_kind(kind: TargetKind) -> SignalId {
    SignalId(match kind {
        TargetKind::EcsService => "ecs-capacity",
        TargetKind::LambdaFunction => "lambda-errors",
        TargetKind::DynamodbTable => "dynamodb-throttles",
        TargetKind::ApiStage => "api-gateway",
        TargetKind::EksNodegroup => "eks-capacity",
        TargetKind::RdsCluster => "rds",
        TargetKind::Alarm => "alarms",
    })
}

/// True where a resource of a signal is the target.
pub fn is_target(resource: &Resource, target: &Target) -> bool {
    (!resource.arn.is_empty() && resource.arn == target.arn) || resource.name == target.name
}

async fn interpreted(
    session: &Session,
    id: SignalId,
    eyes: Eyes<'_>,
    now: Timestamp,
    with_metrics: bool,
) -> Result<Reading, Fault> {
    let Some(signal) = signals::index_of(id).and_then(|index| signals::ALL.get(index)) else {
        return Err(Fault::new(FaultKind::Invalid, "verify", format!("there is no signal {id}")));
    };
    let signal: &dyn AnySignal = *signal;
    let inventory = signal.inventory(session).await?;
    let wanted = if with_metrics { signal.queries(&inventory) } else { Vec::new() };
    let queries: BTreeSet<_> = wanted.into_iter().collect();
    let metrics = match queries.is_empty() {
        true => MetricSet { at: Some(now), ..MetricSet::default() },
        false => broker::fetch(session, &queries, now).await,
    };
    let Eyes { thresholds, naming } = eyes;
    let judge = Judge { now, environment: &session.environment, thresholds, naming };
    Ok(signal.interpret(&inventory, &metrics, &judge))
}

/// Everything that concerns the target must be ok. No data is not ok, and nothing that concerns it proves nothing.
fn judge<'r>(
    concerned: impl Iterator<Item = &'r Resource>,
    is: Severity,
    what: &str,
    now: Timestamp,
) -> (Recovery, Text, Timestamp) {
    let concerned: Vec<&Resource> = concerned.collect();
    let bad = |wanted: &dyn Fn(Severity) -> bool| concerned.iter().find(|resource| wanted(resource.severity));
    let tell = |resource: &Resource| format!("{} {}", resource.name, resource.headline);
    let (recovery, says) = if concerned.is_empty() {
        (Recovery::Unknown, format!("nothing of {what} is about it"))
    } else if let Some(resource) =
        bad(&|severity| matches!(severity, Severity::Critical | Severity::Warning) && severity > is)
    {
        (Recovery::NotYet, tell(resource))
    } else if let Some(resource) = bad(&|severity| severity == Severity::Unknown || severity == Severity::Absent) {
        (Recovery::Unknown, tell(resource))
    } else {
        (Recovery::Recovered, format!("{what}: {} ok", concerned.len()))
    };
    (recovery, says.into(), now)
}
