//! Whether the load balancer finds a service's tasks healthy.

use aws_sdk_elasticloadbalancingv2::types::{TargetHealthDescription, TargetHealthReasonEnum, TargetHealthStateEnum};

use crate::actions::ecs::service::Service;
use crate::actions::lists::Field;
use crate::base::Text;
use crate::cloud::Session;
use crate::model::{Fault, Value, Values};
use crate::signals::paging::each;

/// IAM actions of reading it.
pub const READS: [&str; 1] = ["elasticloadbalancing:DescribeTargetHealth"];

/// Names that [`Health::add`] gives, with their meaning.
pub const FIELDS: [Field; 1] =
    [("healthy_targets", "targets that pass their checks, in the target group that has fewest; none without a group")];

/// What the target groups say.
#[derive(Debug, Clone, PartialEq)]
pub enum Health {
    /// The service is behind no target group.
    NoGroups,
    /// Healthy targets, where there are fewest.
    Healthy(i64),
    /// It could not be read.
    Unknown(Text),
}

impl Health {
    /// True where every group has that many healthy targets.
    pub fn suffices(&self, wanted: i64) -> bool {
        match self {
            Self::NoGroups => true,
            Self::Healthy(count) => *count >= wanted,
            Self::Unknown(_) => false,
        }
    }

    /// Healthy tasks: those that run, and no more than pass their checks. `None` where that is not known.
    pub fn of(&self, running: i64) -> Option<i64> {
        match self {
            Self::NoGroups => Some(running),
            Self::Healthy(count) => Some(running.min(*count)),
            Self::Unknown(_) => None,
        }
    }

    /// e.g. `, 3 targets healthy`; empty without groups.
    pub fn says(&self) -> String {
        match self {
            Self::NoGroups => String::new(),
            Self::Healthy(count) => format!(", {count} targets healthy"),
            Self::Unknown(why) => format!(", health of the targets not known: {why}"),
        }
    }

    /// Adds what predicates can speak of.
    pub fn add(&self, values: &mut Values) {
        let count = match self {
            Self::Healthy(count) => Value::from(*count),
            Self::NoGroups | Self::Unknown(_) => Value::None,
        };
        values.insert("healthy_targets".to_owned(), count);
    }
}

/// Asks every target group of the service.
pub async fn read(session: &Session, service: &Service) -> Health {
    if service.target_groups.is_empty() {
        return Health::NoGroups;
    }
    let groups: Vec<Text> = service.target_groups.iter().flatten().cloned().collect();
    let asked = each(groups, |group| ask(session, group), |_, _| None).await;
    let counts = match asked {
        Err(fault) | Ok(crate::signals::paging::Gathered { fault: Some(fault), .. }) => {
            return Health::Unknown(fault.to_string().into());
        }
        Ok(gathered) => gathered.found,
    };
    let count = |group: &Text| counts.iter().find(|(arn, _)| arn == group).and_then(|(_, count)| *count);
    let places = service.target_groups.iter().map(|place| place.iter().filter_map(count).reduce(|a, b| a + b));
    // A place whose groups get no traffic at all tells nothing.
    match places.flatten().min() {
        Some(least) => Health::Healthy(least),
        None => Health::Unknown("no target group gets requests from a load balancer".into()),
    }
}

type Counted = (Text, Option<i64>);

async fn ask(session: &Session, group: Text) -> Result<Option<Counted>, Fault> {
    let request = session.load_balancing().describe_target_health().target_group_arn(group.as_str());
    let answer = request.send().await.map_err(|error| session.fault("DescribeTargetHealth", &error))?;
    let count = healthy(answer.target_health_descriptions());
    Ok(Some((group, count)))
}

/// Healthy targets of one group; `None` for a group that no load balancer uses: its targets are not checked.
fn healthy(targets: &[TargetHealthDescription]) -> Option<i64> {
    let health = || targets.iter().filter_map(|one| one.target_health());
    let idle = |reason: Option<&TargetHealthReasonEnum>| reason == Some(&TargetHealthReasonEnum::NotInUse);
    if health().next().is_some() && health().all(|one| idle(one.reason())) {
        return None;
    }
    i64::try_from(health().filter(|one| one.state() == Some(&TargetHealthStateEnum::Healthy)).count()).ok()
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::TargetHealth;

    use super::*;

    fn target(state: TargetHealthStateEnum, reason: Option<TargetHealthReasonEnum>) -> TargetHealthDescription {
        let health = TargetHealth::builder().state(state).set_reason(reason).build();
        TargetHealthDescription::builder().target_health(health).build()
    }

    #[test]
    fn only_healthy_targets_count_and_an_idle_group_tells_nothing() {
        let well = target(TargetHealthStateEnum::Healthy, None);
        let new = target(TargetHealthStateEnum::Initial, None);
        let idle = target(TargetHealthStateEnum::Unused, Some(TargetHealthReasonEnum::NotInUse));
        assert_eq!(healthy(&[well.clone(), new, well]), Some(2));
        assert_eq!(healthy(&[idle.clone(), idle]), None);
        assert_eq!(healthy(&[]), Some(0));
    }

    #[test]
    fn unknown_is_never_enough() {
        assert!(Health::NoGroups.suffices(3) && Health::Healthy(3).suffices(3));
        assert!(!Health::Healthy(2).suffices(3) && !Health::Unknown("denied".into()).suffices(0));
        assert_eq!((Health::Healthy(2).of(5), Health::Unknown("denied".into()).of(5)), (Some(2), None));
    }
}
