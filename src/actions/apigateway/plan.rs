//! What other limits of a stage would change. Pure.

use jiff::Timestamp;

use super::limit::{Limit, NONE, OFF, Own};
use super::stage::{self, ALL, Limits, Stage};
use crate::actions::asked::plain;
use crate::base::Text;
use crate::model::plan::{Capacity, Owed};
use crate::model::{Difference, Facts, Plan, Target, Undo, Value, Values};
use crate::signals::api_gateway::Protocol;

/// Id of the action.
pub const ID: &str = "apigateway.throttle";

/// Requests a second of an account where AWS does not say (API Gateway Developer Guide, quotas).
const ACCOUNT_RATE: f64 = 10_000.0;
/// And how many at once (as above).
const ACCOUNT_BURST: i64 = 5_000;

/// What is observed.
pub const FIELDS: &[(&str, &str)] = &[
    ("account.burst", "requests at once that the account may have"),
    ("account.rate", "requests a second that the account may have"),
    ("burst", "requests at once; none where the method has no settings of its own, off where nothing limits it"),
    ("burst.in_force", "requests at once, with what is inherited"),
    ("deployment", "id of the deployment that is live"),
    ("method", "* for the whole stage, or e.g. GET /path"),
    ("overrides", "methods of the stage that have limits of their own"),
    ("rate", "requests a second; none where the method has no settings of its own, off where nothing limits it"),
    ("rate.in_force", "requests a second, with what is inherited"),
];

/// What one of the limits shall be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wish<T> {
    /// As it is.
    Keep,
    /// No setting of its own.
    None,
    /// Switched off.
    Off,
    /// This.
    Set(T),
}

impl<T: Copy> Wish<T> {
    fn over(self, now: Limit<T>) -> Limit<T> {
        match self {
            Self::Keep => now,
            Self::None => Limit::Unset,
            Self::Off => Limit::Off,
            Self::Set(value) => Limit::At(value),
        }
    }

    fn back_to(was: Limit<T>) -> Self {
        match was {
            Limit::Unset => Self::None,
            Limit::Off => Self::Off,
            Limit::At(value) => Self::Set(value),
        }
    }
}

/// Puts what is read of the stage.
pub fn put(values: &mut Values, stage: &Stage, method: &str) {
    let (own, force) = (stage.own(method), stage.in_force(method));
    let overrides: Vec<Text> = stage.limits.keys().filter(|key| &***key != ALL).cloned().collect();
    let put = [
        ("burst", own.burst_value()),
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

/// The limits after the change. Settings of a REST API have both: where one is added, the other one is set to what is
/// in force now, since AWS would fill in its default.
fn after(stage: &Stage, method: &str, (rate, burst): (Wish<f64>, Wish<i64>)) -> Own {
    let (own, above) = (stage.own(method), stage.own(ALL));
    let mut after = Own { rate: rate.over(own.rate), burst: burst.over(own.burst) };
    if stage.protocol == Protocol::Rest && after != Own::default() {
        if rate == Wish::Keep {
            after.rate = after.rate.or(above.rate).or(Limit::Off);
        }
        if burst == Wish::Keep {
            after.burst = after.burst.or(above.burst).or(Limit::Off);
        }
    }
    after
}

/// The plan.
pub fn judge(target: &Target, stage: &Stage, method: &Text, wish: (Wish<f64>, Wish<i64>), now: Timestamp) -> Plan {
    let own = stage.own(method);
    let after = after(stage, method, wish);
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
    if wish.0 != Wish::Keep || after.rate != own.rate {
        differences.push(difference("rate", own.rate_value(), after.rate_value(), "requests/s"));
    }
    if wish.1 != Wish::Keep || after.burst != own.burst {
        differences.push(difference("burst", own.burst_value(), after.burst_value(), "requests"));
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
        request: request(stage, method, after),
        touches: touches(stage, method, wish, &wanted),
        value: shown.join(",").into(),
        facts: Facts {
            capacity: capacity(force, force_after, stage.account_limits()),
            impossible: impossible(stage, &target.name, own, after).map(Text::from),
            ..Facts::default()
        },
        undo: undo(stage, method, own),
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
        Wish::Off => Some(Value::from(OFF)),
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

/// REST: both limits in one patch, or the removal of the method's settings. HTTP: the method's settings as a whole,
/// since an update replaces them.
fn request(stage: &Stage, method: &Text, after: Own) -> Values {
    let minus_one = |limit: Value| if limit == Value::from(OFF) { Value::Count(-1) } else { limit };
    let mut request = Values::new();
    if stage.protocol == Protocol::Rest {
        let key = stage.keys.get(method).map(|key| format!("/{}", key.trim_start_matches('/')));
        request.insert("path".to_owned(), key.or_else(|| stage::patch_path(method)).into());
        if after == Own::default() {
            request.insert("remove".to_owned(), true.into());
            return request;
        }
    }
    request.insert("throttling_rate_limit".to_owned(), minus_one(after.rate_value()));
    request.insert("throttling_burst_limit".to_owned(), minus_one(after.burst_value()));
    if let Some(detailed) = stage.detailed_metrics.get(method) {
        request.insert("detailed_metrics_enabled".to_owned(), (*detailed).into());
    }
    request
}

fn impossible(stage: &Stage, name: &str, own: Own, after: Own) -> Option<String> {
    if own == after {
        return Some(format!("{name} has {} already", own.words()));
    }
    match (stage.protocol, after.rate, after.burst) {
        (Protocol::Http, Limit::At(_), Limit::At(_)) => None,
        (Protocol::Http, ..) => Some("an HTTP API takes rate and burst only together: give both".to_owned()),
        (Protocol::Rest, Limit::Unset, Limit::At(_) | Limit::Off)
        | (Protocol::Rest, Limit::At(_) | Limit::Off, Limit::Unset) => Some(format!(
            "AWS takes settings away only together: give {NONE} for rate and burst, or {OFF} for what shall not be limited"
        )),
        (Protocol::Rest, ..) => None,
    }
}

/// Each of the two that changes in force.
fn capacity(before: Limits, after: Limits, account: Limits) -> Vec<Capacity> {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "requests a second are far below 2^63, and a part of one is none"
    )]
    let whole = |rate: f64| rate.floor() as i64;
    let rate = (before.rate != after.rate).then(|| Capacity {
        before: whole(before.rate.unwrap_or(ACCOUNT_RATE)),
        after: whole(after.rate.unwrap_or(ACCOUNT_RATE)),
        healthy: before.rate.map(whole),
        unit: "requests/s".into(),
        least: None,
        most: account.rate.map(whole),
    });
    let burst = (before.burst != after.burst).then(|| Capacity {
        before: before.burst.unwrap_or(ACCOUNT_BURST),
        after: after.burst.unwrap_or(ACCOUNT_BURST),
        healthy: before.burst,
        unit: "requests at once".into(),
        least: None,
        most: account.burst,
    });
    rate.into_iter().chain(burst).collect()
}

fn touches(stage: &Stage, method: &Text, wish: (Wish<f64>, Wish<i64>), wanted: &Stage) -> Vec<Text> {
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
    let (own, after) = (stage.own(method), wanted.own(method));
    if (wish.0 == Wish::Keep && after.rate != own.rate) || (wish.1 == Wish::Keep && after.burst != own.burst) {
        touches.push("rate and burst are set together, the one that was not asked for to what is in force".to_owned());
    }
    if stage.protocol == Protocol::Rest && after == Own::default() {
        let all = "all settings of its own go: of logging, metrics and caching as well";
        touches.push(format!("{method}: {all}"));
    }
    touches.into_iter().map(Text::from).collect()
}

/// What was there. An HTTP API cannot be told to have no limit: the account's are the same to callers.
fn undo(stage: &Stage, method: &Text, own: Own) -> Option<Undo> {
    let wish = match stage.protocol {
        Protocol::Rest => (Wish::back_to(own.rate), Wish::back_to(own.burst)),
        Protocol::Http => {
            let force = stage.in_force(method);
            (Wish::Set(own.rate.at().or(force.rate)?), Wish::Set(own.burst.at().or(force.burst)?))
        }
    };
    Some(Undo { action: ID.into(), params: params(method, wish) })
}
