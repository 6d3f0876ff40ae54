//! Mute rules of one alarm: this program's own, by its name, and those of others.

use aws_sdk_cloudwatch::types::AlarmMuteRuleStatus;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::guard::digest::hex;
use crate::model::{Fault, FaultKind, Value, Values};
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, each, unless_gone};

/// How the names of this program's rules begin.
const OWN: &str = "watchfloor-";
/// Characters of the alarm's name in that of its rule.
const SHOWN: usize = 60;

/// A mute rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: Text,
    /// When it ends for good; `None` where it recurs without an end.
    pub ends: Option<Timestamp>,
    /// Alarms that it silences.
    pub alarms: Vec<Text>,
    /// `ACTIVE`, `SCHEDULED` or `EXPIRED`.
    pub status: Text,
}

/// The mute rules of an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The one that this program makes, where it is there and has not expired.
    pub own: Option<Rule>,
    /// Others that are active or scheduled.
    pub foreign: Vec<Rule>,
}

impl Rules {
    /// Puts what is read of them.
    pub fn put(rules: Option<&Self>, values: &mut Values) {
        let names = |rules: &Self| -> Vec<Text> { rules.foreign.iter().map(|rule| rule.name.clone()).collect() };
        let own = rules.and_then(|rules| rules.own.as_ref());
        let put = [
            ("foreign_rules", rules.map(names).into()),
            ("rule", own.map(|rule| rule.name.clone()).into()),
            ("muted_until", own.and_then(|rule| rule.ends).into()),
            ("rules_supported", Value::from(rules.is_some())),
        ];
        values.extend(put.map(|(name, value): (&str, Value)| (name.to_owned(), value)));
    }
}

/// The name of this program's rule for an alarm: always the same, so that there is never more than one.
pub fn own_name(alarm: &str) -> String {
    let shown: String =
        alarm.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).take(SHOWN).collect();
    let digest = hex(&Sha256::digest(alarm.as_bytes()));
    format!("{OWN}{shown}-{}", digest.get(..8).unwrap_or_default())
}

/// All mute rules of an alarm; `None` where the endpoint does not have mute rules.
///
/// # Errors
/// They could not be read.
pub async fn read(session: &Session, alarm: &str) -> Result<Option<Rules>, Fault> {
    let pages = session
        .cloudwatch()
        .list_alarm_mute_rules()
        .alarm_name(alarm)
        .statuses(AlarmMuteRuleStatus::Active)
        .statuses(AlarmMuteRuleStatus::Scheduled)
        .into_paginator()
        .page_size(limits::ALARMS_PER_PAGE)
        .send();
    let names = all_pages(
        session,
        "ListAlarmMuteRules",
        pages,
        |page| page.next_token(),
        |page| {
            let arns = page.alarm_mute_rule_summaries().iter().filter_map(|rule| rule.alarm_mute_rule_arn());
            // The ARN ends in `alarm-mute-rule:NAME`.
            arns.map(|arn| arn.rsplit(':').next().unwrap_or(arn).to_owned()).collect()
        },
    )
    .await;
    let names: Vec<String> = match names {
        Ok(names) => names,
        Err(fault) if fault.kind == FaultKind::Unsupported => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let read = each(names, |name| async move { rule(session, &name).await }, |_, _| None).await?;
    if let Some(fault) = read.fault {
        return Err(fault);
    }
    let name = own_name(alarm);
    let mut rules = Rules::default();
    for rule in read.found.into_iter().filter(|rule| rule.alarms.iter().any(|one| **one == *alarm)) {
        if *rule.name == *name { rules.own = Some(rule) } else { rules.foreign.push(rule) }
    }
    Ok(Some(rules))
}

/// One rule; `None` where it is not there.
///
/// # Errors
/// It could not be read.
pub async fn rule(session: &Session, name: &str) -> Result<Option<Rule>, Fault> {
    let answer = session.cloudwatch().get_alarm_mute_rule().alarm_mute_rule_name(name).send().await;
    let Some(answer) = unless_gone(session, "GetAlarmMuteRule", answer)? else { return Ok(None) };
    let schedule = answer.rule().and_then(|rule| rule.schedule());
    let window =
        schedule.and_then(|schedule| end_of(schedule.expression()?, schedule.duration()?, schedule.timezone()));
    let expires = answer.expire_date().and_then(moment);
    Ok(Some(Rule {
        name: Text::new(answer.name().unwrap_or(name)),
        ends: match (window, expires) {
            (Some(window), Some(expires)) => Some(window.min(expires)),
            (window, expires) => window.or(expires),
        },
        alarms: answer.mute_targets().map(|t| t.alarm_names()).unwrap_or_default().iter().map(Text::new).collect(),
        status: Text::new(answer.status().map(|status| status.as_str()).unwrap_or_default()),
    }))
}

/// The end of a single window in UTC; `None` where it recurs or is in another time zone.
fn end_of(expression: &str, duration: &str, zone: Option<&str>) -> Option<Timestamp> {
    if zone.is_some_and(|zone| !["UTC", "Etc/UTC"].contains(&zone)) {
        return None;
    }
    let at = expression.strip_prefix("at(")?.strip_suffix(')')?;
    let at: jiff::civil::DateTime = at.parse().ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let duration: jiff::Span = duration.parse().ok()?;
    Some(at.checked_add(duration).ok()?.timestamp())
}

/// A time in UTC, to the minute.
pub fn clock(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%MZ").to_string()
}

/// A window from the minute of `now` to `until`, a full minute: the schedule's expression and duration. AWS knows
/// nothing finer (CloudWatch API Reference, Schedule).
pub fn window(now: Timestamp, until: Timestamp) -> (String, String) {
    let from = now.as_second().div_euclid(60);
    let minutes = until.as_second().div_euclid(60) - from;
    let at = Timestamp::from_second(from * 60).unwrap_or(now);
    (format!("at({})", at.strftime("%Y-%m-%dT%H:%M")), format!("PT{minutes}M"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_plain_and_always_the_same() {
        let name = own_name("pay/prod: errors > 5 %");
        assert_eq!(name, own_name("pay/prod: errors > 5 %"));
        assert!(name.starts_with("watchfloor-pay-prod--errors---5---"), "{name}");
        assert_ne!(own_name("a b"), own_name("a-b"));
        assert!(own_name(&"é".repeat(255)).len() < 100);
    }

    #[test]
    fn only_a_single_window_in_utc_has_a_known_end() {
        let end = end_of("at(2026-11-21T03:04)", "PT1H", None);
        assert_eq!(end, "2026-11-21T04:04:00Z".parse().ok());
        assert_eq!(end_of("at(2026-11-21T03:04)", "P1DT2H", Some("UTC")), "2026-11-22T05:04:00Z".parse().ok());
        assert_eq!(end_of("at(2026-11-21T03:04)", "PT1H", Some("Asia/Tokyo")), None);
        assert_eq!(end_of("cron(0 2 * * *)", "PT1H", None), None);
        assert_eq!(end_of("at(soon)", "PT1H", None), None);
    }

    proptest! {
        #[test]
        fn a_window_ends_when_it_should(now in 0..4_000_000_000i64, minutes in 1..1441i64) {
            let now = Timestamp::from_second(now).unwrap();
            let until = Timestamp::from_second(now.as_second().div_euclid(60) * 60 + minutes * 60).unwrap();
            let (expression, duration) = window(now, until);
            prop_assert_eq!(end_of(&expression, &duration, None), Some(until));
        }
    }
}
