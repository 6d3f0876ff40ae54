//! What pointing an alias to another version would change. Pure.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::function::{Alias, Version};
use super::route::Route;
use crate::actions::asked::plain;
use crate::base::Text;
use crate::model::plan::Revision;
use crate::model::{Difference, Facts, Plan, Target, Undo, Value, Values};

/// Id of the action.
pub const ID: &str = "lambda.alias_rollback";

/// Words for the version before what is served now.
const SYMBOLS: &[&str] = &["last_completed", "previous"];

/// What is observed.
pub const FIELDS: &[(&str, &str)] = &[
    ("alias", "name of the alias"),
    ("current", "the alias's own version"),
    ("routing", "shares of other versions, e.g. 42=0.1"),
    ("revision_id", "AWS's id of the alias's state: a new one with every update"),
    ("current.code_sha256", "code of the alias's own version"),
    ("to", "the version that it is pointed to"),
    ("to.status", "ACTIVE, INACTIVE, PENDING or FAILED; missing, unpublished"),
    ("to.code_sha256", "its code"),
    ("to.published", "when it was published"),
    ("weight", "percent of the invocations that go to it now"),
];

const DECISIVE: &[&str] = &["current", "revision_id", "routing", "to", "to.code_sha256", "to.status"];

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// A version or a symbolic word; `None` for the version before.
    pub to: Option<Text>,
    /// Percent for it.
    pub weight: f64,
    /// Shares that other versions keep.
    pub beside: BTreeMap<Text, f64>,
}

/// The version before what is served now: the oldest of several that are served, else the highest published one below.
/// AWS keeps no record of what an alias pointed to before.
pub fn previous(route: &Route, versions: &BTreeMap<u64, Version>) -> Option<u64> {
    let served: Vec<u64> = route.numbers().collect();
    let oldest = served.iter().copied().min();
    match (served.len(), oldest) {
        (2.., Some(oldest)) => Some(oldest),
        // `$LATEST` is above every version.
        (_, None) => versions.keys().next_back().copied(),
        (_, Some(current)) => versions.range(..current).next_back().map(|(number, _)| *number),
    }
}

/// Why a version cannot serve; empty where it can. An inactive one is woken by its first invocation (Lambda Developer
/// Guide, function states).
pub fn unusable(version: &Version) -> &'static str {
    match version.state.as_str() {
        "Failed" => "FAILED",
        "Pending" => "PENDING",
        _ => "",
    }
}

/// What differs from `older` to `newer` besides the code.
pub fn changes(older: &Version, newer: &Version) -> Vec<String> {
    let mut changes = Vec::new();
    if older.sha == newer.sha {
        changes.push("the same code".to_owned());
    }
    let mut differs = |what: &str, a: String, b: String| {
        if a != b {
            changes.push(format!("{what} {a} → {b}"));
        }
    };
    let number = |number: Option<i32>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    differs("memory MB", number(older.memory_mb), number(newer.memory_mb));
    differs("timeout s", number(older.timeout_s), number(newer.timeout_s));
    differs("runtime", older.runtime.to_string(), newer.runtime.to_string());
    changes
}

/// Puts what is read of the alias.
pub fn put_alias(values: &mut Values, alias: &Alias) {
    let to = values.get("to").and_then(Value::text).cloned().unwrap_or_default();
    let put = [
        ("alias", Value::from(&alias.name)),
        ("current", Value::from(&alias.route.version)),
        ("routing", alias.route.weights_value()),
        ("revision_id", Value::from(&alias.revision_id)),
        ("weight", plain(alias.route.percent(&to))),
    ];
    values.extend(put.map(|(name, value)| (name.to_owned(), value)));
}

/// Puts the code of the version that the alias has now; nothing where it is neither of those that were `planned` with.
pub fn put_code_of_current(values: &mut Values, planned: &Values) {
    let (current, code) = (values.get("current").cloned(), "current.code_sha256");
    let known = [("current", code), ("to", "to.code_sha256")];
    let found = known.iter().find(|(version, _)| current.is_some() && planned.get(*version) == current.as_ref());
    let sha = found.and_then(|(_, sha)| planned.get(*sha)).cloned();
    values.insert(code.to_owned(), sha.unwrap_or(Value::None));
}

/// The plan.
pub fn judge(target: &Target, alias: &Alias, versions: &BTreeMap<u64, Version>, wish: &Wish, now: Timestamp) -> Plan {
    let before = &alias.route;
    let to = resolve(wish.to.as_deref(), before, versions);
    let version = to.parse().ok().and_then(|number: u64| versions.get(&number));
    let current = before.version.parse().ok().and_then(|number: u64| versions.get(&number));
    let whole = wish.weight >= 100.0;
    let after = match (whole, wish.beside.is_empty()) {
        (true, _) => Route { version: to.clone(), weights: wish.beside.clone() },
        (false, _) => Route { version: before.version.clone(), weights: [(to.clone(), wish.weight / 100.0)].into() },
    };
    let status = match version {
        Some(version) if unusable(version).is_empty() && version.state.is_empty() => "ACTIVE".to_owned(),
        Some(version) => version.state.to_uppercase(),
        None if &*to == "$LATEST" => "unpublished".to_owned(),
        None => "missing".to_owned(),
    };
    let usable = version.map_or(&*to == "$LATEST", |version| unusable(version).is_empty());
    let mut observed = Values::from([
        ("to".to_owned(), Value::from(&to)),
        ("to.status".to_owned(), Value::from(status.as_str())),
        ("to.code_sha256".to_owned(), version.map(|version| version.sha.clone()).into()),
        ("to.published".to_owned(), version.and_then(|version| version.published).into()),
        ("current.code_sha256".to_owned(), current.map(|version| version.sha.clone()).into()),
    ]);
    put_alias(&mut observed, alias);
    let mut request = Values::from([
        ("revision_id".to_owned(), Value::from(&alias.revision_id)),
        ("routing_config".to_owned(), after.weights_value()),
    ]);
    if whole {
        request.insert("function_version".to_owned(), Value::from(&to));
    }
    let name = |version: &str| Text::new(format!("{}:{version}", target.name));
    let newest = before.numbers().max();
    let facts = Facts {
        revision: Some(Revision {
            to: if to.is_empty() { Text::default() } else { name(&to) },
            current: name(&before.words()),
            usable,
            status: status.as_str().into(),
            same_family: true,
        }),
        is_rollback: version.is_some_and(|version| newest.is_none_or(|newest| version.number < newest)),
        impossible: impossible(target, alias, &after, &to, whole, (current, version)),
        ..Facts::default()
    };
    let field = |name: &str| name.to_owned();
    let mut params = Values::from([
        (field("alias"), Value::from(&alias.name)),
        (field("to"), Value::from(&to)),
        (field("weight"), plain(wish.weight)),
    ]);
    if !wish.beside.is_empty() {
        params.insert(field("beside"), beside(&wish.beside));
    }
    Plan {
        action: ID.into(),
        target: target.clone(),
        params,
        differences: vec![Difference {
            field: format!("alias {}", alias.name).into(),
            before: Value::from(before.words()),
            after: Value::from(after.words()),
            unit: "version".into(),
        }],
        observed,
        decisive: DECISIVE.iter().map(|name| (*name).to_owned()).collect(),
        operation: "lambda:UpdateAlias".into(),
        request,
        touches: touches(alias, &after, (current, version)),
        value: if whole { to.clone() } else { Text::new(format!("{to}={}%", wish.weight)) },
        facts,
        undo: Some(undo(alias)),
        owed: None,
        read_at: now,
    }
}

/// The version that is meant, without the function's name; empty where there is none before.
fn resolve(to: Option<&str>, route: &Route, versions: &BTreeMap<u64, Version>) -> Text {
    match to {
        Some(to) if !SYMBOLS.contains(&to) => to.rsplit(':').next().unwrap_or(to).into(),
        _ => previous(route, versions).map(|number| number.to_string()).unwrap_or_default().into(),
    }
}

fn impossible(
    target: &Target,
    alias: &Alias,
    after: &Route,
    to: &str,
    whole: bool,
    (current, version): (Option<&Version>, Option<&Version>),
) -> Option<Text> {
    let (name, before) = (&alias.name, &alias.route);
    let says = if to.is_empty() {
        format!("no version of {} was published before {}", target.name, before.words())
    } else if after == before {
        format!("{name} serves {} already", before.words())
    } else if alias.revision_id.is_empty() {
        "AWS gave no revision id of the alias: a change by somebody else could be overwritten".to_owned()
    } else if after.weights.contains_key(&after.version) {
        format!("{to} is the alias's own version: the share is for another one")
    } else if !after.weights.is_empty() && [&after.version].into_iter().chain(after.weights.keys()).any(is_latest) {
        "an alias that points to $LATEST cannot share its invocations".to_owned()
    } else if !whole && current.zip(version).is_some_and(|(a, b)| a.role != b.role || a.dead_letters != b.dead_letters)
    {
        format!("{} and {to} have different roles or dead-letter queues: AWS lets them not share", before.version)
    } else {
        return None;
    };
    Some(says.into())
}

fn is_latest(version: &Text) -> bool {
    &**version == "$LATEST"
}

fn touches(alias: &Alias, after: &Route, (current, version): (Option<&Version>, Option<&Version>)) -> Vec<Text> {
    let mut touches = vec![format!("invocations through {} go to {} from now on", alias.name, after.words())];
    if let Some(version) = version {
        let at = version.published.map(|at| format!(", published {}", at.strftime("%Y-%m-%d %H:%MZ")));
        touches.push(format!("{} is code {}{}", version.number, version.short_sha(), at.unwrap_or_default()));
        if let Some(current) = current {
            touches.extend(changes(current, version));
        }
        if &*version.state == "Inactive" {
            touches.push("it is inactive: its first invocation fails while Lambda wakes it".to_owned());
        }
    }
    touches.push("callers that name a version or $LATEST are not affected".to_owned());
    touches.into_iter().map(Text::from).collect()
}

fn beside(weights: &BTreeMap<Text, f64>) -> Value {
    let shares: Vec<String> = weights.iter().map(|(version, weight)| format!("{version}={weight}")).collect();
    Value::from(shares.join(","))
}

/// The alias as it is now, all of it.
fn undo(alias: &Alias) -> Undo {
    let weights = &alias.route.weights;
    let params = Values::from([
        ("alias".to_owned(), Value::from(&alias.name)),
        ("to".to_owned(), Value::from(&alias.route.version)),
        ("weight".to_owned(), Value::Count(100)),
        ("beside".to_owned(), if weights.is_empty() { Value::None } else { beside(weights) }),
    ]);
    Undo { action: ID.into(), params }
}
