//! What AWS says of an alarm.

use aws_sdk_cloudwatch::types::AlarmType;

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::raw::{Raw, raw};

/// DescribeAlarms; without the types it would tell of metric alarms alone.
pub async fn ask(session: &Session, alarm: &Resource) -> Vec<Raw> {
    let request = session.cloudwatch().describe_alarms().alarm_names(&*alarm.name);
    let request = request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
    vec![raw!(session, "DescribeAlarms", request).await]
}
