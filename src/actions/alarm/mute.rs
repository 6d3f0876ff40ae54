//! `alarm.mute`: an alarm goes on watching and tells nobody, until an end that AWS itself keeps.

use aws_sdk_cloudwatch::error::{BuildError, SdkError};
use aws_sdk_cloudwatch::types::{MuteTargets, Rule as MuteRule, Schedule};
use futures_util::future::{BoxFuture, try_join};
use jiff::{SignedDuration, Timestamp};

use super::alarms::{self, Alarm};
use super::rules::{self, Rules, clock};
use super::{MUTE, UNMUTE};
use crate::actions::asked::{self, invalid};
use crate::actions::param::{Param, ParamKind};
use crate::actions::{Action, Ask, Wanted, sending};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::plan::{Mute, Owed};
use crate::model::{
    Difference, Facts, Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Undo, Value, Values,
};
use crate::signals::moment::date_time;

/// The action.
#[derive(Debug)]
pub struct MuteAlarm;

const USUAL: SignedDuration = SignedDuration::from_hours(1);
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

impl Action for MuteAlarm {
    fn id(&self) -> &'static str {
        MUTE
    }

    fn title(&self) -> &'static str {
        "Mute an alarm for a while"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::Alarm
    }

    fn params(&self) -> &'static [Param] {
        &[
            Param {
                name: "for",
                kind: ParamKind::Duration,
                required: false,
                help: "how long, e.g. 2h; 1h unless said, 24h at most",
            },
            Param {
                name: "until",
                kind: ParamKind::Text,
                required: false,
                help: "or until when, e.g. 2026-11-21T06:00Z",
            },
        ]
    }

    fn reads(&self) -> &'static [&'static str] {
        &["cloudwatch:DescribeAlarms", "cloudwatch:GetAlarmMuteRule", "cloudwatch:ListAlarmMuteRules"]
    }

    fn mutations(&self) -> &'static [&'static str] {
        &["cloudwatch:DisableAlarmActions", "cloudwatch:PutAlarmMuteRule"]
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        alarms::FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(alarms::find(session, wanted))
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let until = until(ask.params, ask.now)?;
            let alarm = alarms::read(ask.session, ask.target);
            let (alarm, rules) = try_join(alarm, rules::read(ask.session, &ask.target.name)).await?;
            Ok(judge(ask.target, &alarm, rules.as_ref(), until, ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(async move {
            if !authorized.what().request.contains_key("name") {
                return disable(operator, authorized).await;
            }
            sending::once(operator, authorized, "PutAlarmMuteRule", async |session, authorized| {
                let plan = authorized.what();
                let text = |name: &str| plan.request.get(name).and_then(Value::text).map(ToString::to_string);
                let expires: Option<Timestamp> = text("expire_date").and_then(|text| text.parse().ok());
                let unreadable = || SdkError::construction_failure(BuildError::other("the plan has no end"));
                let expires = expires.ok_or_else(unreadable)?;
                // The beginning is the plan's own time: no part of what is decided, so that a plan of a minute ago is
                // still the same plan.
                let (expression, duration) = rules::window(plan.read_at, expires);
                let schedule = Schedule::builder().expression(expression).duration(duration).build();
                session
                    .cloudwatch()
                    .put_alarm_mute_rule()
                    .set_name(text("name"))
                    .rule(MuteRule::builder().schedule(schedule).build())
                    .mute_targets(MuteTargets::builder().alarm_names(&*plan.target.name).build())
                    .expire_date(date_time(expires))
                    .send()
                    .await?;
                Ok(Values::from([("rule".to_owned(), text("name").into())]))
            })
            .await
        })
    }

    fn observe<'a>(
        &'a self,
        session: &'a Session,
        plan: &'a Plan,
        receipt: Option<&'a Values>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Observation, Fault>> {
        Box::pin(async move {
            let alarm = alarms::read(session, &plan.target);
            let (alarm, rules) = try_join(alarm, rules::read(session, &plan.target.name)).await?;
            let (standing, says) = standing(plan, receipt.is_some(), &alarm, rules.as_ref(), now);
            let mut values = plan.observed.clone();
            alarm.put(&mut values);
            Rules::put(rules.as_ref(), &mut values);
            Ok(Observation { standing, says: says.into(), values, at: now })
        })
    }
}

async fn disable(operator: &Operator, authorized: Authorized<Plan>) -> Sent {
    sending::once(operator, authorized, "DisableAlarmActions", async |session, authorized| {
        let name = &*authorized.what().target.name;
        session.cloudwatch().disable_alarm_actions().alarm_names(name).send().await?;
        Ok(Values::new())
    })
    .await
}

/// The end that is asked for, at a full minute.
fn until(params: &Values, now: Timestamp) -> Result<Timestamp, Fault> {
    let asked = match (asked::words(params, "until")?, asked::words(params, "for")?) {
        (Some(_), Some(_)) => return Err(invalid("give `for` or `until`, not both")),
        (Some(until), None) => {
            let wrong = || invalid(format!("until is a time such as 2026-11-21T06:00Z, not {until}"));
            until.parse().map_err(|_| wrong())?
        }
        (None, Some(span)) => {
            let wrong = || invalid(format!("for is a span such as 2h or 90m, not {span}"));
            let span: SignedDuration = span.parse().map_err(|_| wrong())?;
            now.checked_add(span).map_err(|_| wrong())?
        }
        (None, None) => now.checked_add(USUAL).map_err(|_| invalid("there is no such time"))?,
    };
    let span = asked.duration_since(now);
    // An end that was rounded up to the full minute may be given again.
    if span < SHORTEST || span > LONGEST + SignedDuration::from_mins(1) {
        return Err(invalid(format!("a mute lasts from one minute to {} hours", LONGEST.as_hours())));
    }
    let minutes = asked.as_second().div_euclid(60) + i64::from(asked.as_second().rem_euclid(60) > 0);
    Timestamp::from_second(minutes * 60).map_err(|_| invalid("there is no such time"))
}

fn judge(target: &Target, alarm: &Alarm, rules: Option<&Rules>, until: Timestamp, now: Timestamp) -> Plan {
    let mut observed = Values::new();
    alarm.put(&mut observed);
    Rules::put(rules, &mut observed);
    let own = rules.and_then(|rules| rules.own.as_ref());
    let ends = rules.is_some().then_some(until);
    let before = own.and_then(|rule| rule.ends);
    let name = &target.name;
    let difference = match rules {
        Some(_) => Difference {
            field: "muted until".into(),
            before: before.map_or_else(|| Value::from("not muted"), Value::from),
            after: until.into(),
            unit: Text::default(),
        },
        None => Difference {
            field: "actions enabled".into(),
            before: alarm.actions_enabled.into(),
            after: false.into(),
            unit: Text::default(),
        },
    };
    let request = match rules {
        Some(_) => vec![("name", Value::from(rules::own_name(name))), ("expire_date", until.into())],
        None => Vec::new(),
    };
    let says = match ends {
        Some(until) => format!("{name} is muted until {}", clock(until)),
        None => format!("actions of {name} are disabled without an end"),
    };
    Plan {
        action: MUTE.into(),
        target: target.clone(),
        params: Values::from([("until".to_owned(), until.into())]),
        differences: vec![difference],
        observed,
        decisive: ["actions_enabled", "drives_scaling", "muted_until", "rules_supported"].map(str::to_owned).into(),
        operation: match rules {
            Some(_) => "cloudwatch:PutAlarmMuteRule".into(),
            None => "cloudwatch:DisableAlarmActions".into(),
        },
        request: request.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        touches: touches(alarm, rules, until, now),
        // How long, not until when: what is typed is the same a minute later.
        value: ends.map_or_else(
            || Text::from("without an end"),
            |until| Text::new(format!("{}m", until.duration_since(now).as_mins())),
        ),
        facts: Facts {
            mute: Some(Mute { until: ends, drives_scaling: alarm.drives_scaling() }),
            impossible: impossible(target, alarm, rules, until).map(Text::from),
            ..Facts::default()
        },
        undo: Some(undo(before.filter(|before| *before > now))),
        owed: Some(Owed { says: says.into(), ends }),
        read_at: now,
    }
}

/// Where the alarm was muted for another time, back to that; otherwise unmuted.
fn undo(before: Option<Timestamp>) -> Undo {
    match before {
        Some(until) => Undo { action: MUTE.into(), params: Values::from([("until".to_owned(), until.into())]) },
        None => Undo { action: UNMUTE.into(), params: Values::new() },
    }
}

fn impossible(target: &Target, alarm: &Alarm, rules: Option<&Rules>, until: Timestamp) -> Option<String> {
    let name = &target.name;
    let Some(rules) = rules else {
        return (!alarm.actions_enabled).then(|| format!("the actions of {name} are disabled already"));
    };
    let own = rules.own.as_ref()?;
    let others: Vec<&str> = own.alarms.iter().filter(|one| *one != name).map(|one| &**one).collect();
    if !others.is_empty() {
        return Some(format!("{} was changed: it mutes {} as well", own.name, others.join(", ")));
    }
    (own.ends == Some(until)).then(|| format!("{name} is muted until {} already", clock(until)))
}

fn touches(alarm: &Alarm, rules: Option<&Rules>, until: Timestamp, now: Timestamp) -> Vec<Text> {
    let mut touches = Vec::new();
    let actions = alarm.actions_words();
    touches.push(match actions.is_empty() {
        true => "it has no actions: nobody is told anyway".to_owned(),
        false => format!("none of these is done: {}", actions.join(", ")),
    });
    touches.push(format!("it goes on watching; it is {} now", alarm.state));
    match rules {
        Some(rules) => {
            touches.push(format!("AWS itself ends it, in {} min", until.duration_since(now).as_mins()));
            for rule in &rules.foreign {
                touches.push(format!("also muted by {}, which is left alone", rule.name));
            }
            if !alarm.actions_enabled {
                touches.push("its actions are disabled besides, without an end".to_owned());
            }
        }
        None => {
            let says = "this endpoint has no mute rules: the actions are disabled, and nothing enables them again \
                        but a person";
            touches.push(says.to_owned());
        }
    }
    touches.into_iter().map(Text::from).collect()
}

/// How far the mute is.
fn standing(plan: &Plan, accepted: bool, alarm: &Alarm, rules: Option<&Rules>, now: Timestamp) -> (Standing, String) {
    let name = &plan.target.name;
    let as_before = |what: String| match accepted {
        true => (Standing::Unclear, format!("AWS took it, but {what}: not readable yet, or put back")),
        false => (Standing::NotApplied, format!("{what}, as before")),
    };
    if plan.request.is_empty() {
        return match alarm.actions_enabled {
            false => (Standing::Done, format!("the actions of {name} are disabled")),
            true => as_before(format!("the actions of {name} are enabled")),
        };
    }
    let read_end = |values: &Values, field: &str| -> Option<Timestamp> { values.get(field)?.text()?.parse().ok() };
    let sent = read_end(&plan.request, "expire_date");
    let before = read_end(&plan.observed, "muted_until");
    let Some(rules) = rules else {
        return (Standing::Unclear, "mute rules cannot be read any more".to_owned());
    };
    match rules.own.as_ref().map(|rule| rule.ends) {
        Some(ends) if ends == sent => {
            (Standing::Done, format!("{name} is muted until {}", sent.map(clock).unwrap_or_default()))
        }
        // It ran out, as it should.
        None if accepted && sent.is_some_and(|sent| sent <= now) => {
            (Standing::Done, format!("the mute of {name} has ended"))
        }
        None if before.is_none() => as_before(format!("{name} is not muted")),
        Some(ends) if ends == before => as_before(format!("{name} is muted until {}", words(ends))),
        other => {
            let now = other.map_or_else(|| "not at all".to_owned(), words);
            let says = format!("{name}: sent {}, muted now until {now}", words(sent));
            (if accepted { Standing::Overtaken } else { Standing::Unclear }, says)
        }
    }
}

fn words(ends: Option<Timestamp>) -> String {
    ends.map_or_else(|| "without an end".to_owned(), clock)
}
