//! Whether a signal has recovered, as far as it concerns a target: read now, judged as the wall judges.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Thresholds;
use crate::model::{Fault, FaultKind, MetricSet, Reading, Resource, Severity, SignalId, Target, TargetKind};
use crate::poll::broker;
use crate::runbook::machine::Recovery;
use crate::signals::charts::spec::number;
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

/// Reads `signal` and says how far the target has recovered, in words too, and since when the newest data are: the last
/// period that has arrived whole lies after that.
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
        return Ok(judge(&concerned(&reading, target), is, signal.0, now));
    }
    // Only what it is and its dimensions are wanted: no metrics are asked for.
    let owner = interpreted(session, own, eyes, now, false).await?;
    let [resource] = concerned(&owner, target)[..] else {
        return Ok((Recovery::Unknown, Text::new(format!("{} is not in {own} once", target.name)), now));
    };
    let charts = charts::of(own, resource);
    let about: Vec<&Resource> = reading.resources.iter().filter(|one| alarm::is_about(one, &charts)).collect();
    Ok(judge(&about, is, "alarms", now))
}

/// No period of an alarm is longer (CloudWatch, PutMetricAlarm).
const LONGEST_S: f64 = 604_800.0;

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

/// The resources of a signal that are the target: by ARN; by name where one alone, of which no ARN is known, is called so.
fn concerned<'r>(reading: &'r Reading, target: &Target) -> Vec<&'r Resource> {
    let own = |resource: &&Resource| !resource.arn.is_empty() && resource.arn == target.arn;
    let by_arn: Vec<&Resource> = reading.resources.iter().filter(own).collect();
    if !by_arn.is_empty() {
        return by_arn;
    }
    let named = reading.resources.iter().filter(|resource| resource.arn.is_empty() && resource.name == target.name);
    let named: Vec<&Resource> = named.collect();
    if named.len() == 1 { named } else { Vec::new() }
}

/// Data of the last full minute may come so much later.
const LATE_S: i64 = 60;
/// Length of a period where none is told.
const PERIOD_S: i64 = 60;

/// Since when the newest data are: one whole period, the longest of those judged, lies after it.
fn data_since(concerned: &[&Resource], now: Timestamp) -> Timestamp {
    let periods = concerned.iter().filter_map(|resource| number(resource, "period_s"));
    let longest = periods.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, LONGEST_S)).as_secs());
    let period = longest.filter_map(|seconds| i64::try_from(seconds).ok()).fold(PERIOD_S, i64::max);
    let whole = now.as_second() - now.as_second().rem_euclid(PERIOD_S);
    Timestamp::from_second(whole - LATE_S - period).unwrap_or(now)
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
fn judge(concerned: &[&Resource], is: Severity, what: &str, now: Timestamp) -> (Recovery, Text, Timestamp) {
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
    (recovery, says.into(), data_since(concerned, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Field;

    fn resource(name: &str, arn: &str) -> Resource {
        Resource { name: name.into(), arn: arn.into(), ..Resource::default() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn data_count_from_the_last_whole_period_that_has_arrived() {
        let now = at("2026-11-21T03:10:42Z");
        assert_eq!(data_since(&[], now), at("2026-11-21T03:08:00Z"));
        let mut slow = resource("slow", "");
        slow.fields.push(Field::with_unit("period_s", Some(300), "s"));
        assert_eq!(data_since(&[&resource("quick", ""), &slow], now), at("2026-11-21T03:04:00Z"));
    }

    #[test]
    fn another_of_the_same_name_is_not_the_target() {
        let target = Target {
            environment: "shop/prod".into(),
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            kind: TargetKind::EcsService,
            name: "api".into(),
            arn: "arn:green".into(),
        };
        let reading = |resources| Reading { resources, ..Reading::default() };
        let of = |resources: Vec<Resource>| {
            concerned(&reading(resources), &target).iter().map(|one| one.arn.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of(vec![resource("api", "arn:blue"), resource("api", "arn:green")]), ["arn:green"]);
        assert_eq!(of(vec![resource("api", "")]), [""], "one alone without an ARN");
        assert!(of(vec![resource("api", ""), resource("api", "")]).is_empty());
        assert!(of(vec![resource("api", "arn:blue")]).is_empty());
    }
}
