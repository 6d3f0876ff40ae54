use watchfloor::cloud::Session;
use watchfloor::config::EnvironmentConfig;
use watchfloor::drill::Drill;

use crate::Facts;

pub async fn collect(session: &Session, facts: &mut Facts) {
    let mut alarms = session.cloudwatch().describe_alarms().into_paginator().send();
    while let Some(page) = alarms.next().await {
        for alarm in page.unwrap().metric_alarms() {
            let (name, threshold) = (alarm.alarm_name().unwrap(), alarm.threshold().unwrap());
            let comparison = match alarm.comparison_operator().unwrap().as_str() {
                "GreaterThanThreshold" => ">",
                "LessThanThreshold" => "<",
                "GreaterThanOrEqualToThreshold" => ">=",
                _ => "<=",
            };
            let seconds = alarm.period().unwrap() * alarm.evaluation_periods().unwrap();
            let metric = format!("{} {}", alarm.namespace().unwrap(), alarm.metric_name().unwrap());
            let topic = alarm.alarm_actions()[0].rsplit(':').next().unwrap();
            let figure = format!("alarm {name} {metric} {comparison} {threshold} for {seconds} s");
            facts.insert(format!("{figure} tells {topic}"));
        }
    }
    let mut tags = session.tagging().get_resources().into_paginator().items().send();
    while let Some(resource) = tags.next().await {
        for tag in resource.unwrap().tags() {
            facts.insert(format!("tag {} {}", tag.key(), tag.value()));
        }
    }
    let groups = session.logs().describe_log_groups().send().await.unwrap();
    for group in groups.log_groups() {
        let name = group.log_group_name().unwrap();
        facts.extend(group.retention_in_days().map(|days| format!("log group {name} {days} days")));
    }
}

/// Buckets and keys, of which there is no client here.
pub fn storage(drill: &Drill, config: &EnvironmentConfig, facts: &mut Facts) {
    let snapshot = drill.world.at(drill.clock.now());
    let (account, region) = (config.account.as_deref().unwrap(), config.region.as_deref().unwrap());
    let world = snapshot.environment(account, region).unwrap();
    for bucket in world.buckets.values() {
        facts.extend(bucket.expire_days.map(|days| format!("bucket {} expires {days} days", bucket.name)));
    }
    facts.extend(world.keys.values().map(|key| format!("key {}", key.alias)));
}
