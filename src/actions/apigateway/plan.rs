//! What other limits of a stage would change. Pure.

use jiff::Timestamp;

use super::stage::{ALL, Limits, Stage};
use crate::actions::asked::plain;
use crate::base::Text;
use crate::model::plan::{Capacity, Owed};
use crate::model::{Difference, Facts, Plan, Target, Undo, Value, Values};
use crate::signals::api_gateway::Protocol;

/// Id of the action.
pub const ID: &str = "apigateway.throttle";

/// The word for no limit of its own.
pub const NONE: &str = "none";

/// Requests a second of an account where AWS does not say (API Gateway Developer Guide, quotas).
const ACCOUNT_RATE: f64 = 10_000.0;

/// What is observed.
pub const FIELDS: &[(&str, &str)] = &[
    ("account.burst", "requests at once that the account may have"),
    ("account.rate", "requests a second that the account may have"),
    ("burst", "requests at once; none where the method has no limit of its own"),
    ("burst.in_force", "requests at once, with what is inherited"),
    ("deployment", "id of the deployment that is live"),
    ("method", "* for the whole stage, or e.g. GET /path"),
    ("overrides", "methods of the stage that have limits of their own"),
    ("rate", "requests a second; none where the method has no limit of its own"),
    ("rate.in_force", "requests a second, with what is inherited"),
];

/// What one of the limits shall be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wish<T> {
    /// As it is.
    Keep,
    /// No limit of its own.
    None,
    /// This.
    Set(T),
}

impl<T: Copy> Wish<T> {
    fn over(self, now: Option<T>) -> Option<T> {
        match self {
            Self::Keep => now,
            Self::None => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// Puts what is read of the stage.
pub fn put(values: &mut Values, stage: &Stage, method: &str) {
    let (own, force) = (stage.own(method), stage.in_force(method));
    let overrides: Vec<Text> = stage.limits.keys().filter(|key| &***key != ALL).cloned().collect();
    let put = [
        ("burst", own.burst.into()),
        ("burst.in_force", force.burst.into()),
        ("deployment", Value::from(&stage.deployment)),
        ("method", Value::from(method)),
        ("overrides", overrides.into()),
        ("rate", own.rate_value()),
        ("rate.in_force", force.rate_value()),
    ];
    values.extend(put.map(|(name, value)| (name.to_owned(), value)));
    if stage.account.is_some() {
        let account = stage.account_limits();
        values.insert("account.rate".to_owned(), account.rate_value());
        values.insert("account.burst".to_owned(), account.burst.into());
    }
}

/// The limits after the change.
pub fn after(own: Limits, rate: Wish<f64>, burst: Wish<i64>) -> Limits {
    Limits { rate: rate.over(own.rate), burst: burst.over(own.burst) }
}

/// The plan.
pub fn judge(target: &Target, stage: &Stage, method: &Text, wish: (Wish<f64>, Wish<i64>), now: Timestamp) -> Plan {
    let own = stage.own(method);
    let after = after(own, wish.0, wish.1);
    let force = stage.in_force(method);
    let mut wanted = stage.clone();
    wanted.limits.insert(method.clone(), after);
    let force_after = wanted.in_force(method);
    let mut observed = Values::new();
    put(&mut observed, stage, method);
    let of = if &**method == ALL { String::new() } else { format!(" of {method}") };
    let none = |value: Value| if value == Value::None { Value::from(NONE) } else { value };
    let difference = |what: &str, before: Value, after: Value, unit: &str| Difference {
        field: format!("{what}{of}").into(),
        before: none(before),
        after: none(after),
        unit: unit.into(),
    };
    let mut differences = Vec::new();
    if wish.0 != Wish::Keep {
        differences.push(difference("rate", own.rate_value(), after.rate_value(), "requests/s"));
    }
    if wish.1 != Wish::Keep {
        differences.push(difference("burst", own.burst.into(), after.burst.into(), "requests"));
    }
    let shown: Vec<String> =
        differences.iter().filter(|d| d.before != d.after).map(|d| format!("{}", d.after)).collect();
    let lowered = less(force_after.rate, force.rate) || less(force_after.burst, force.burst);
    let owed = format!("{}{of} limited to {} (was {})", target.name, after.words(), own.words());
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: params(method, wish),
        differences,
        observed,
        decisive: ["burst", "deployment", "rate"].map(str::to_owned).into(),
        operation: "apigateway:UpdateStage".into(),
        request: request(stage, method, wish, after),
        touches: touches(stage, method, &wanted),
        value: shown.join(",").into(),
        facts: Facts {
            capacity: Some(capacity(force, force_after, stage.account_limits())),
            impossible: impossible(stage, &target.name, own, after).map(Text::from),
            ..Facts::default()
        },
        undo: undo(stage, method, wish, own),
        owed: lowered.then(|| Owed { says: owed.into(), ends: None }),
        read_at: now,
    }
}

/// True where the limit is lower than before; no limit is the highest.
fn less<T: PartialOrd>(after: Option<T>, before: Option<T>) -> bool {
    match (after, before) {
        (Some(after), Some(before)) => after < before,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn value_of<T>(wish: Wish<T>, value: impl Fn(T) -> Value) -> Option<Value> {
    match wish {
        Wish::Keep => None,
        Wish::None => Some(Value::from(NONE)),
        Wish::Set(limit) => Some(value(limit)),
    }
}

fn params(method: &Text, (rate, burst): (Wish<f64>, Wish<i64>)) -> Values {
    let all = [
        ("method", Some(Value::from(method))),
        ("rate", value_of(rate, plain)),
        ("burst", value_of(burst, Value::Count)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// REST: what changes. HTTP: the method's settings as a whole, since an update replaces them.
fn request(stage: &Stage, method: &Text, wish: (Wish<f64>, Wish<i64>), after: Limits) -> Values {
    let minus_one = |value: Value| if value == Value::None { Value::Count(-1) } else { value };
    let (rate, burst) = (after.rate_value(), Value::from(after.burst));
    let mut request = Values::new();
    match stage.protocol {
        Protocol::Rest => {
            if wish.0 != Wish::Keep {
                request.insert("throttling_rate_limit".to_owned(), minus_one(rate));
            }
            if wish.1 != Wish::Keep {
                request.insert("throttling_burst_limit".to_owned(), minus_one(burst));
            }
        }
        Protocol::Http => {
            request.insert("throttling_rate_limit".to_owned(), rate);
            request.insert("throttling_burst_limit".to_owned(), burst);
            if let Some(detailed) = stage.detailed_metrics.get(method) {
                request.insert("detailed_metrics_enabled".to_owned(), (*detailed).into());
            }
        }
    }
    request
}

fn impossible(stage: &Stage, name: &str, own: Limits, after: Limits) -> Option<String> {
    if own == after {
        return Some(format!("{name} has {} already", own.words()));
    }
    match (stage.protocol, after.rate, after.burst) {
        (Protocol::Http, Some(_), Some(_)) | (Protocol::Rest, ..) => None,
        (Protocol::Http, ..) => Some("an HTTP API takes rate and burst only together: give both".to_owned()),
    }
}

/// By the rate; by the burst where that alone would stop everything or is all that changes.
fn capacity(before: Limits, after: Limits, account: Limits) -> Capacity {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "requests a second are far below 2^63, and a part of one is none"
    )]
    let whole = |rate: f64| rate.floor() as i64;
    let by_burst = after.burst == Some(0) || after.rate == before.rate;
    if let Some(burst) = after.burst.filter(|_| by_burst) {
        return Capacity {
            before: before.burst.unwrap_or(burst),
            after: burst,
            healthy: before.burst,
            unit: "requests at once".into(),
            least: None,
            most: account.burst,
        };
    }
    Capacity {
        before: whole(before.rate.unwrap_or(ACCOUNT_RATE)),
        after: whole(after.rate.unwrap_or(ACCOUNT_RATE)),
        healthy: before.rate.map(whole),
        unit: "requests/s".into(),
        least: None,
        most: account.rate.map(whole),
    }
}

fn touches(stage: &Stage, method: &Text, wanted: &Stage) -> Vec<Text> {
    let force = wanted.in_force(method);
    let mut touches = vec![format!("requests beyond {} are answered 429", force.words())];
    match &stage.account {
        Some(Ok(account)) if *account != Limits::default() => {
            touches.push(format!("the account's limit is {}: no stage gets more", account.words()));
        }
        Some(Err(fault)) => touches.push(format!("the account's limit is not known: {}", fault.kind.word())),
        _ => touches.push("the account's limit is not known".to_owned()),
    }
    let own: Vec<&str> = stage.limits.keys().filter(|key| &***key != ALL).map(|key| &**key).collect();
    if &**method == ALL && !own.is_empty() {
        touches.push(format!("not for {}: limits of their own", own.join(", ")));
    }
    if &**method != ALL && !stage.limits.contains_key(method) {
        touches.push(format!(
            "{method} has no limits of its own yet: it has the stage's, {}",
            stage.in_force(method).words()
        ));
    }
    touches.into_iter().map(Text::from).collect()
}

/// What was there. An HTTP API cannot be told to have no limit: the account's are the same to callers.
fn undo(stage: &Stage, method: &Text, wish: (Wish<f64>, Wish<i64>), own: Limits) -> Option<Undo> {
    let (rate, burst) = match stage.protocol {
        Protocol::Rest => (own.rate.map_or(Wish::None, Wish::Set), own.burst.map_or(Wish::None, Wish::Set)),
        Protocol::Http => {
            let force = stage.in_force(method);
            (Wish::Set(own.rate.or(force.rate)?), Wish::Set(own.burst.or(force.burst)?))
        }
    };
    let keep = stage.protocol == Protocol::Rest;
    let rate = if keep && wish.0 == Wish::Keep { Wish::Keep } else { rate };
    let burst = if keep && wish.1 == Wish::Keep { Wish::Keep } else { burst };
    Some(Undo { action: ID.into(), params: params(method, (rate, burst)) })
}
