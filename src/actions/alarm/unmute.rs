//! `alarm.unmute`: ends what `alarm.mute` began. Mute rules of others are left alone.

use futures_util::future::{BoxFuture, try_join};
use jiff::Timestamp;

use super::alarms::{self, Alarm};
use super::rules::{self, Rules, clock};
use super::{MUTE, UNMUTE};
use crate::actions::param::Param;
use crate::actions::{Action, Ask, Wanted, sending};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{
    Difference, Facts, Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Undo, Value, Values,
};

/// The action.
#[derive(Debug)]
pub struct UnmuteAlarm;

impl Action for UnmuteAlarm {
    fn id(&self) -> &'static str {
        UNMUTE
    }

    fn title(&self) -> &'static str {
        "End the mute of an alarm"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::Alarm
    }

    fn params(&self) -> &'static [Param] {
        &[]
    }

    fn reads(&self) -> &'static [&'static str] {
        &["cloudwatch:DescribeAlarms", "cloudwatch:GetAlarmMuteRule", "cloudwatch:ListAlarmMuteRules"]
    }

    fn mutations(&self) -> &'static [&'static str] {
        &["cloudwatch:DeleteAlarmMuteRule", "cloudwatch:EnableAlarmActions"]
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        alarms::FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(alarms::find(session, wanted))
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let alarm = alarms::read(ask.session, ask.target);
            let (alarm, rules) = try_join(alarm, rules::read(ask.session, &ask.target.name)).await?;
            Ok(judge(ask.target, &alarm, rules.as_ref(), ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(async move {
            match rule(authorized.what()) {
                Some(rule) => {
                    sending::once(operator, authorized, "DeleteAlarmMuteRule", async |session, _| {
                        let request = session.cloudwatch().delete_alarm_mute_rule();
                        request.alarm_mute_rule_name(&*rule).send().await?;
                        Ok(Values::new())
                    })
                    .await
                }
                None => {
                    sending::once(operator, authorized, "EnableAlarmActions", async |session, authorized| {
                        let name = &*authorized.what().target.name;
                        session.cloudwatch().enable_alarm_actions().alarm_names(name).send().await?;
                        Ok(Values::new())
                    })
                    .await
                }
            }
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
            let (standing, says) = standing(plan, receipt.is_some(), &alarm, rules.as_ref());
            let mut values = plan.observed.clone();
            alarm.put(&mut values);
            Rules::put(rules.as_ref(), &mut values);
            Ok(Observation { standing, says: says.into(), values, at: now })
        })
    }
}

/// The rule that the plan's request deletes.
fn rule(plan: &Plan) -> Option<Text> {
    plan.request.get("alarm_mute_rule_name").and_then(Value::text).cloned()
}

fn judge(target: &Target, alarm: &Alarm, rules: Option<&Rules>, now: Timestamp) -> Plan {
    let mut observed = Values::new();
    alarm.put(&mut observed);
    Rules::put(rules, &mut observed);
    let own = rules.and_then(|rules| rules.own.as_ref());
    let field = |field: &str, before: Value, after: Value| Difference {
        field: field.into(),
        before,
        after,
        unit: Text::default(),
    };
    let (difference, operation, request) = match own {
        Some(rule) => (
            field(
                "muted until",
                rule.ends.map_or_else(|| Value::from("without an end"), Value::from),
                "not muted".into(),
            ),
            "cloudwatch:DeleteAlarmMuteRule",
            Values::from([("alarm_mute_rule_name".to_owned(), Value::from(&rule.name))]),
        ),
        None => (
            field("actions enabled", alarm.actions_enabled.into(), true.into()),
            "cloudwatch:EnableAlarmActions",
            Values::new(),
        ),
    };
    let undo = match own.map(|rule| rule.ends) {
        // What a minute would be left of is over before it could be put back.
        Some(Some(ends)) if ends.duration_since(now).as_mins() >= 1 => {
            Some(Undo { action: MUTE.into(), params: Values::from([("until".to_owned(), ends.into())]) })
        }
        _ => None,
    };
    Plan {
        action: UNMUTE.into(),
        target: target.clone(),
        params: Values::new(),
        differences: vec![difference],
        observed,
        decisive: ["actions_enabled", "muted_until", "rule", "rules_supported"].map(str::to_owned).into(),
        operation: operation.into(),
        request,
        touches: touches(alarm, rules),
        value: "unmute".into(),
        facts: Facts {
            impossible: impossible(target, alarm, rules).map(Text::from),
            is_rollback: true,
            ..Facts::default()
        },
        undo,
        owed: None,
        read_at: now,
    }
}

fn foreign(rules: &Rules) -> String {
    let until = |rule: &rules::Rule| rule.ends.map(|ends| format!(" until {}", clock(ends))).unwrap_or_default();
    let named: Vec<String> = rules.foreign.iter().map(|rule| format!("{}{}", rule.name, until(rule))).collect();
    named.join(", ")
}

fn impossible(target: &Target, alarm: &Alarm, rules: Option<&Rules>) -> Option<String> {
    let name = &target.name;
    match rules {
        Some(rules) => match &rules.own {
            Some(own) => {
                let others: Vec<&str> = own.alarms.iter().filter(|one| *one != name).map(|one| &**one).collect();
                (!others.is_empty())
                    .then(|| format!("{} was changed: it mutes {} as well", own.name, others.join(", ")))
            }
            None if !alarm.actions_enabled => None,
            None if rules.foreign.is_empty() => Some(format!("{name} is not muted")),
            None => Some(format!("{name} is muted by {}: others made that, end it where it was made", foreign(rules))),
        },
        None if !alarm.actions_enabled => None,
        None => Some(format!("the actions of {name} are enabled, and this endpoint has no mute rules")),
    }
}

fn touches(alarm: &Alarm, rules: Option<&Rules>) -> Vec<Text> {
    let mut touches = vec![format!("it speaks again at its next change of state; it is {} now", alarm.state)];
    if &*alarm.state == "ALARM" {
        // Actions that were muted are done at the end of the mute where the alarm still is in that state (CloudWatch
        // User Guide, alarm mute rules).
        touches.push("it may speak at once: it is in ALARM".to_owned());
    }
    match rules {
        Some(rules) if !rules.foreign.is_empty() => touches.push(format!("it remains muted by {}", foreign(rules))),
        Some(rules) if rules.own.is_some() && !alarm.actions_enabled => {
            touches.push("it remains silent: its actions are disabled besides".to_owned());
        }
        _ => {}
    }
    touches.into_iter().map(Text::from).collect()
}

/// How far the end of the mute is.
fn standing(plan: &Plan, accepted: bool, alarm: &Alarm, rules: Option<&Rules>) -> (Standing, String) {
    let name = &plan.target.name;
    let (over, what) = match (rule(plan), rules) {
        (Some(_), None) => return (Standing::Unclear, "mute rules cannot be read any more".to_owned()),
        (Some(_), Some(rules)) => match &rules.own {
            None => (true, format!("{name} is not muted any more")),
            Some(rule) => {
                let before = plan.observed.get("muted_until").cloned().unwrap_or_default();
                let ends = Value::from(rule.ends);
                if accepted && ends != before {
                    return (Standing::Overtaken, format!("{name} was unmuted, then muted again until {ends}"));
                }
                (false, format!("{name} is muted until {ends}"))
            }
        },
        (None, _) => match alarm.actions_enabled {
            true => (true, format!("the actions of {name} are enabled")),
            false => (false, format!("the actions of {name} are disabled")),
        },
    };
    match (over, accepted) {
        (true, _) => (Standing::Done, what),
        (false, false) => (Standing::NotApplied, format!("{what}, as before")),
        (false, true) => (Standing::Unclear, format!("AWS took it, but {what}: not readable yet, or put back")),
    }
}
