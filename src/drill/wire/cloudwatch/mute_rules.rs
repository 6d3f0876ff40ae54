//! Alarm mute rules: PutAlarmMuteRule, GetAlarmMuteRule, ListAlarmMuteRules and DeleteAlarmMuteRule.

use jiff::{SignedDuration, Span, Timestamp};
use winterbaume_cloudwatch::model::{
    AlarmMuteRuleSummary, GetAlarmMuteRuleOutput, ListAlarmMuteRulesOutput, MuteTargets, Rule, Schedule,
};

use super::super::schedule as schedules;
use super::super::{ApiError, Ask, Edit, Input, Reply, epoch, reply};
use super::alarms::records;
use super::{bad_token, invalid};
use crate::drill::world::Tags;
use crate::drill::world::mute_rule::MuteRule;

/// Parameters that the drill's rules have.
const KNOWN: &[&str] =
    &["Action", "Version", "Name", "Description", "Rule", "MuteTargets", "StartDate", "ExpireDate", "Tags"];
/// Bounds of the duration (CloudWatch API, Schedule).
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);
const LONGEST: SignedDuration = SignedDuration::from_hours(15 * 24);
/// Alarms of a rule.
const TARGETS: usize = 100;

pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let (alarm, states) = (ask.input.text("AlarmName"), ask.input.texts("Statuses"));
    let wanted = |rule: &&MuteRule| {
        alarm.is_none_or(|alarm| rule.alarms.iter().any(|name| name == alarm))
            && (states.is_empty() || states.contains(&rule.status(ask.now)))
    };
    let summary = |rule: &MuteRule| AlarmMuteRuleSummary {
        alarm_mute_rule_arn: Some(rule.arn.clone()),
        expire_date: rule.expire.map(epoch),
        last_updated_timestamp: Some(epoch(rule.updated)),
        mute_type: Some("ONE_TIME".to_owned()),
        status: Some(rule.status(ask.now).to_owned()),
    };
    let all = ask.world.mute_rules.values().filter(wanted).map(summary).collect();
    let page = ask.page(all, records(ask)?, ask.input.text("NextToken"), &format!("{alarm:?}{states:?}"));
    let page = page.map_err(bad_token)?;
    reply(&ListAlarmMuteRulesOutput { alarm_mute_rule_summaries: Some(page.items), next_token: page.next })
}

pub(super) fn get(ask: &Ask<'_>) -> Reply {
    let name = ask.input.text("AlarmMuteRuleName").unwrap_or_default();
    let missing = || ApiError::new(404, "ResourceNotFoundException", format!("Alarm mute rule {name} does not exist."));
    let rule = ask.world.mute_rules.get(name).ok_or_else(missing)?;
    reply(&GetAlarmMuteRuleOutput {
        alarm_mute_rule_arn: Some(rule.arn.clone()),
        description: Some(rule.description.clone()).filter(|text| !text.is_empty()),
        expire_date: rule.expire.map(epoch),
        last_updated_timestamp: Some(epoch(rule.updated)),
        mute_targets: Some(MuteTargets { alarm_names: rule.alarms.clone() }),
        mute_type: Some("ONE_TIME".to_owned()),
        name: Some(rule.name.clone()),
        rule: Some(Rule {
            schedule: Schedule {
                duration: rule.duration.clone(),
                expression: rule.expression.clone(),
                timezone: rule.timezone.clone(),
            },
        }),
        start_date: rule.start.map(epoch),
        status: Some(rule.status(ask.now).to_owned()),
    })
}

/// Makes a rule, or puts another in its place.
pub(super) fn put(edit: &mut Edit<'_>) -> Reply {
    edit.only(KNOWN).map_err(invalid)?;
    let input = edit.input;
    let name = input
        .text("Name")
        .filter(|name| name.len() <= 255)
        .ok_or_else(|| invalid("Name must have 1 to 255 characters."))?;
    let schedule = input.inner("Rule").and_then(|rule| rule.inner("Schedule"));
    let schedule = schedule.ok_or_else(|| invalid("Rule.Schedule is missing."))?;
    let (expression, text) =
        (schedule.text("Expression").unwrap_or_default(), schedule.text("Duration").unwrap_or_default());
    let timezone = schedule.text("Timezone");
    let lasts = duration(text).ok_or_else(|| invalid(format!("Duration {text} is not between PT1M and P15D.")))?;
    let alarms: Vec<String> = input
        .inner("MuteTargets")
        .map(|targets| targets.texts("AlarmNames"))
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect();
    if alarms.len() > TARGETS {
        return Err(invalid("MuteTargets cannot have more than 100 alarm names."));
    }
    let (start, expire) = (
        time(input.time("StartDate"), input.has("StartDate"))?,
        time(input.time("ExpireDate"), input.has("ExpireDate"))?,
    );
    if expire.is_some_and(|expire| expire <= start.unwrap_or(edit.now)) {
        return Err(invalid("ExpireDate must be in the future and after StartDate."));
    }
    let tag = |tag: Input<'_>| Some((tag.text("Key")?.to_owned(), tag.text("Value").unwrap_or_default().to_owned()));
    let tags: Tags = input.list("Tags").into_iter().filter_map(tag).collect();
    let (region, account) = (&edit.world.region, &edit.world.account);
    let rule = MuteRule {
        name: name.to_owned(),
        arn: format!("arn:aws:cloudwatch:{region}:{account}:alarm-mute-rule:{name}"),
        description: input.text("Description").unwrap_or_default().to_owned(),
        expression: expression.to_owned(),
        duration: text.to_owned(),
        timezone: timezone.map(str::to_owned),
        at: schedules::at(expression, timezone).map_err(invalid)?,
        lasts,
        alarms,
        start,
        expire,
        updated: edit.now,
        tags,
    };
    edit.world.mute_rules.insert(name.to_owned(), rule);
    Ok(serde_json::json!({}))
}

/// A rule that is not there is gone already.
pub(super) fn delete(edit: &mut Edit<'_>) -> Reply {
    let name = edit.input.text("AlarmMuteRuleName").ok_or_else(|| invalid("AlarmMuteRuleName is missing."))?;
    edit.world.mute_rules.remove(name);
    Ok(serde_json::json!({}))
}

fn time(read: Option<Timestamp>, given: bool) -> Result<Option<Timestamp>, ApiError> {
    if given && read.is_none() { Err(invalid("A date is not valid.")) } else { Ok(read) }
}

/// An ISO 8601 duration of days, hours, minutes and seconds.
fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let hours = days * 24 + i64::from(span.get_hours());
    let seconds = hours * 3600 + span.get_minutes() * 60 + span.get_seconds();
    let lasts = SignedDuration::from_secs(seconds);
    (SHORTEST..=LONGEST).contains(&lasts).then_some(lasts)
}
