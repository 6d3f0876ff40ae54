//! Reading one alarm, metric or composite.

use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::types::{AlarmType, StateValue};

use crate::actions::{Wanted, targets};
use crate::base::Text;
use crate::cloud::Session;
use crate::model::{Fault, FaultKind, Target, TargetKind, Value, Values};
use crate::signals::Signal;
use crate::signals::alarms::Alarms;

/// What plans and observations of both actions carry.
pub const FIELDS: &[(&str, &str)] = &[
    ("actions", "ARNs of what the alarm does"),
    ("actions_enabled", "no: it tells nobody, without an end"),
    ("drives_scaling", "one of its actions scales something"),
    ("foreign_rules", "mute rules of others that silence it"),
    ("muted_until", "when this program's mute rule ends"),
    ("rule", "name of this program's mute rule; none where there is none"),
    ("rules_supported", "the endpoint has mute rules"),
    ("state", "OK, ALARM or INSUFFICIENT_DATA"),
];

/// What is read of an alarm.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alarm {
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    pub state: Text,
    /// False: it changes state and tells nobody, without an end.
    pub actions_enabled: bool,
    /// ARNs of what it does in any state.
    pub actions: Vec<Text>,
}

impl Alarm {
    /// True where one of its actions scales something: `arn:…:autoscaling:…:scalingPolicy:…`, of EC2 or of Application
    /// Auto Scaling (Service Authorization Reference).
    pub fn drives_scaling(&self) -> bool {
        self.actions.iter().any(|action| action.split(':').nth(2) == Some("autoscaling"))
    }

    /// What it does, in the words of its actions: `sns on-call`.
    pub fn actions_words(&self) -> Vec<String> {
        let words = |action: &Text| {
            let mut parts = action.split(':').skip(2);
            let service = parts.next().unwrap_or(action).to_owned();
            format!("{service} {}", action.rsplit([':', '/']).next().unwrap_or_default())
        };
        let mut all: Vec<String> = self.actions.iter().map(words).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Puts what is read of it.
    pub fn put(&self, values: &mut Values) {
        let put = [
            ("actions", Value::from(self.actions.clone())),
            ("actions_enabled", self.actions_enabled.into()),
            ("drives_scaling", self.drives_scaling().into()),
            ("state", Value::from(&self.state)),
        ];
        values.extend(put.map(|(name, value)| (name.to_owned(), value)));
    }
}

/// The alarms that are meant.
///
/// # Errors
/// The alarms could not be listed.
pub async fn find(session: &Session, wanted: &Wanted) -> Result<Vec<Target>, Fault> {
    let inventory = Signal::inventory(&Alarms, session).await?;
    let mut found = Vec::new();
    for alarm in targets::meant(session, wanted, &inventory.alarms, |one| &one.arn, |one| vec![one.name.clone()]) {
        found.push(targets::target(session, TargetKind::Alarm, &alarm.name, &alarm.arn).await?);
    }
    Ok(found)
}

/// DescribeAlarms of one.
///
/// # Errors
/// It could not be read, is gone, or has a name that cannot be sent as it is shown.
pub async fn read(session: &Session, target: &Target) -> Result<Alarm, Fault> {
    let request = session.cloudwatch().describe_alarms().alarm_names(&*target.name);
    // Without the types DescribeAlarms answers with metric alarms only (CloudWatch API Reference).
    let request = request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
    let answer = request.send().await.map_err(|error| session.fault("DescribeAlarms", &error))?;
    let says = "no such alarm (any more), or its name holds characters that are not shown: it cannot be named safely";
    of(&answer, target).ok_or_else(|| Fault::new(FaultKind::Invalid, "DescribeAlarms", says))
}

fn of(answer: &DescribeAlarmsOutput, target: &Target) -> Option<Alarm> {
    let all = |lists: [&[String]; 3]| lists.into_iter().flatten().map(Text::new).collect();
    let state = |state: Option<&StateValue>| Text::new(state.map(StateValue::as_str).unwrap_or_default());
    let metric = answer.metric_alarms().iter().find(|alarm| alarm.alarm_arn() == Some(&target.arn));
    if let Some(alarm) = metric {
        return Some(Alarm {
            state: state(alarm.state_value()),
            actions_enabled: alarm.actions_enabled().unwrap_or(true),
            actions: all([alarm.alarm_actions(), alarm.ok_actions(), alarm.insufficient_data_actions()]),
        });
    }
    let alarm = answer.composite_alarms().iter().find(|alarm| alarm.alarm_arn() == Some(&target.arn))?;
    Some(Alarm {
        state: state(alarm.state_value()),
        actions_enabled: alarm.actions_enabled().unwrap_or(true),
        actions: all([alarm.alarm_actions(), alarm.ok_actions(), alarm.insufficient_data_actions()]),
    })
}
