//! What other units of a table or an index would change. Pure.

use jiff::{SignedDuration, Timestamp};

use super::table::{Both, Bounds, Dimension, Read, Store, resource_id};
use crate::base::Text;
use crate::model::plan::{Capacity, Obstacle, Owed};
use crate::model::{Difference, Facts, Plan, Target, Undo, Value, Values};

/// Id of the action.
pub const ID: &str = "dynamodb.capacity";

/// Decreases that a table or an index has on a UTC day in any case (DynamoDB Developer Guide, quotas).
const FREE_DECREASES: i64 = 4;
/// After those, one for each hour without one: 27 on a day at most (as above).
const MOST_DECREASES: i64 = 27;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What is observed.
pub const FIELDS: &[(&str, &str)] = &[
    ("billing_mode", "PROVISIONED or PAY_PER_REQUEST"),
    ("decreases_left", "decreases that are left at this moment"),
    ("decreases_today", "decreases on this UTC day"),
    ("index", "the index; none for the table itself"),
    ("index_status", "ACTIVE, UPDATING, …; none for the table itself"),
    ("read", "read capacity units"),
    ("read.max", "maximum of the scalable target for reads; none where nothing scales them"),
    ("read.min", "its minimum"),
    ("table_status", "ACTIVE, UPDATING, …"),
    ("write", "write capacity units"),
    ("write.max", "maximum of the scalable target for writes; none where nothing scales them"),
    ("write.min", "its minimum"),
];

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// The units; `None` for as they are.
    pub units: Both<Option<i64>>,
    /// The maximum of the scalable target; `None` for as it is, or as far up as the units need it.
    pub max: Option<i64>,
}

/// How the wish is to be met: with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Both numbers of the table or the index.
    Units(Both<i64>),
    /// The bounds of the scalable target of one dimension.
    Bounds(Dimension, Bounds, Bounds),
    /// Autoscaling owns one of two dimensions that shall change: that takes two requests.
    Two,
}

impl Way {
    fn of(read: &Read, wish: Wish) -> Self {
        let units = read.store.units;
        let (max, wish) = (wish.max, wish.units);
        let scaled = |dimension| read.scaling.of(dimension).zip(wish.of(dimension));
        let changes = |dimension| wish.of(dimension).is_some_and(|wanted| wanted != units.of(dimension));
        let [first, second] = Dimension::ALL;
        let bounds = |dimension, (now, wanted): (Bounds, i64)| {
            Self::Bounds(dimension, now, Bounds { min: wanted, max: max.unwrap_or(now.max.max(wanted)) })
        };
        match (scaled(first), scaled(second)) {
            (None, None) => {
                Self::Units(Both { read: wish.read.unwrap_or(units.read), write: wish.write.unwrap_or(units.write) })
            }
            (Some(scaled), None) if !changes(second) => bounds(first, scaled),
            (None, Some(scaled)) if !changes(first) => bounds(second, scaled),
            (Some(a), Some(b)) if a.0.min == a.1 => bounds(second, b),
            (Some(a), Some(b)) if b.0.min == b.1 => bounds(first, a),
            _ => Self::Two,
        }
    }
}

/// Decreases that are left at `now`, and when there is another where there is none.
pub fn decreases_left(store: &Store, now: Timestamp) -> (i64, Option<Timestamp>) {
    let day = |at: Timestamp| at.as_second().div_euclid(86_400);
    // AWS counts by the UTC day; what it says of an earlier day does not count any more.
    let today = if store.decreased.is_some_and(|at| day(at) < day(now)) { 0 } else { store.decreases };
    let tomorrow = Timestamp::from_second((day(now) + 1) * 86_400).ok();
    if today < FREE_DECREASES {
        return (FREE_DECREASES - today, None);
    }
    if today >= MOST_DECREASES {
        return (0, tomorrow);
    }
    match store.decreased.and_then(|at| at.checked_add(HOUR).ok()) {
        Some(next) if next <= now => (1, None),
        Some(next) => (0, tomorrow.map(|tomorrow| next.min(tomorrow))),
        None => (0, tomorrow),
    }
}

/// Puts what is read of the table or the index.
pub fn put_store(values: &mut Values, store: &Store, now: Timestamp) {
    let some = |text: &Text| if text.is_empty() { Value::None } else { Value::from(text) };
    let put = [
        ("billing_mode", Value::from(if store.on_demand { "PAY_PER_REQUEST" } else { "PROVISIONED" })),
        ("decreases_left", decreases_left(store, now).0.into()),
        ("decreases_today", store.decreases.into()),
        ("index", store.index.clone().into()),
        ("index_status", some(&store.index_status)),
        ("read", store.units.read.into()),
        ("table_status", some(&store.table_status)),
        ("write", store.units.write.into()),
    ];
    values.extend(put.map(|(name, value)| (name.to_owned(), value)));
}

/// Puts the bounds of the scalable targets.
pub fn put_scaling(values: &mut Values, scaling: &Both<Option<Bounds>>) {
    for dimension in Dimension::ALL {
        let bounds = scaling.of(dimension);
        values.insert(format!("{}.min", dimension.word()), bounds.map(|bounds| bounds.min).into());
        values.insert(format!("{}.max", dimension.word()), bounds.map(|bounds| bounds.max).into());
    }
}

/// The plan.
pub fn judge(target: &Target, read: &Read, wish: Wish, now: Timestamp) -> Plan {
    let store = &read.store;
    let way = Way::of(read, wish);
    let mut observed = Values::new();
    put_store(&mut observed, store, now);
    put_scaling(&mut observed, &read.scaling);
    let name = shown(target, store);
    let (changes, operation, request) = sent(read, wish, way);
    let changed: Vec<&Change> = changes.iter().filter(|change| change.after != change.before).collect();
    let impossible = impossible(&name, read, wish, way, &changes, now);
    let mut decisive = vec!["billing_mode", "index_status", "table_status"];
    match way {
        Way::Bounds(Dimension::Read, ..) => decisive.extend(["read.max", "read.min"]),
        Way::Bounds(Dimension::Write, ..) => decisive.extend(["write.max", "write.min"]),
        Way::Units(_) | Way::Two => decisive.extend(["read", "read.min", "write", "write.min"]),
    }
    let values: Vec<String> = changed.iter().map(|change| format!("{}={}", change.name(), change.after)).collect();
    let raised = changed.iter().filter(|change| change.after > change.before);
    let raised: Vec<String> = raised.map(|change| format!("{} raised {}", change.field, change.words())).collect();
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: params(store, wish),
        differences: changes.iter().map(Change::difference).collect(),
        observed,
        decisive: decisive.into_iter().map(str::to_owned).collect(),
        operation: operation.into(),
        request,
        touches: touches(read, way, now),
        value: values.join(",").into(),
        facts: Facts {
            capacity: changed.iter().map(|change| change.capacity(read)).collect(),
            obstacle: store.is_updating().then(|| Obstacle {
                says: format!("{name} is {}: it takes no other change before that is done", store.status()).into(),
                offer: None,
            }),
            impossible: impossible.map(Text::from),
            ..Facts::default()
        },
        undo: Some(undo(store, way, &changed)),
        owed: (!raised.is_empty()).then(|| Owed { says: format!("{name}: {}", raised.join(", ")).into(), ends: None }),
        read_at: now,
    }
}

/// `table` or `table/index`.
fn shown(target: &Target, store: &Store) -> String {
    match &store.index {
        None => target.name.to_string(),
        Some(index) => format!("{}/{index}", target.name),
    }
}

/// A number that changes.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    dimension: Dimension,
    field: String,
    before: i64,
    after: i64,
    /// It is the maximum of a scalable target.
    is_maximum: bool,
    /// The scalable target's maximum, where there is one.
    most: Option<i64>,
}

impl Change {
    fn difference(&self) -> Difference {
        Difference {
            field: Text::new(&self.field),
            before: self.before.into(),
            after: self.after.into(),
            unit: self.dimension.unit().into(),
        }
    }

    fn words(&self) -> String {
        format!("{} → {}", self.before, self.after)
    }

    /// The parameter, or for a maximum the name of what is observed.
    fn name(&self) -> String {
        let word = self.dimension.word();
        if self.is_maximum { format!("{word}.max") } else { word.to_owned() }
    }

    fn capacity(&self, read: &Read) -> Capacity {
        Capacity {
            before: self.before,
            after: self.after,
            healthy: Some(read.store.units.of(self.dimension)),
            unit: self.dimension.unit().into(),
            least: None,
            most: self.most,
        }
    }
}

/// The numbers that change, the operation, and the fields of its request.
fn sent(read: &Read, wish: Wish, way: Way) -> (Vec<Change>, &'static str, Values) {
    let units = read.store.units;
    let change = |dimension: Dimension, after: i64| Change {
        dimension,
        field: format!("{} capacity", dimension.word()),
        before: units.of(dimension),
        after,
        is_maximum: false,
        most: read.scaling.of(dimension).map(|bounds| bounds.max),
    };
    let value = |name: &str, value: i64| (name.to_owned(), Value::Count(value));
    match way {
        Way::Units(after) => {
            let asked = Dimension::ALL.into_iter().filter(|one| wish.units.of(*one).is_some());
            let changes = asked.map(|one| change(one, after.of(one))).collect();
            let request = [value("read_capacity_units", after.read), value("write_capacity_units", after.write)].into();
            (changes, "dynamodb:UpdateTable", request)
        }
        Way::Bounds(dimension, before, after) => {
            let word = dimension.word();
            let minimum = Change {
                dimension,
                field: format!("minimum of {word} capacity"),
                before: before.min,
                after: after.min,
                is_maximum: false,
                most: Some(wish.max.unwrap_or(before.max)),
            };
            let mut changes = vec![minimum];
            let mut request =
                Values::from([("dimension".to_owned(), Value::from(word)), value("min_capacity", after.min)]);
            if after.max != before.max {
                request.insert("max_capacity".to_owned(), after.max.into());
                let field = format!("maximum of {word} capacity");
                changes.push(Change {
                    dimension,
                    field,
                    before: before.max,
                    after: after.max,
                    is_maximum: true,
                    most: None,
                });
            }
            (changes, "application-autoscaling:RegisterScalableTarget", request)
        }
        Way::Two => {
            let asked = Dimension::ALL.into_iter().filter_map(|one| Some(change(one, wish.units.of(one)?)));
            (asked.collect(), "application-autoscaling:RegisterScalableTarget", Values::new())
        }
    }
}

fn params(store: &Store, wish: Wish) -> Values {
    let mut params = Values::new();
    if let Some(index) = &store.index {
        params.insert("index".to_owned(), index.into());
    }
    for dimension in Dimension::ALL {
        if let Some(wanted) = wish.units.of(dimension) {
            params.insert(dimension.word().to_owned(), wanted.into());
        }
    }
    params.extend(wish.max.map(|max| ("max".to_owned(), max.into())));
    params
}

fn impossible(name: &str, read: &Read, wish: Wish, way: Way, changes: &[Change], now: Timestamp) -> Option<String> {
    let store = &read.store;
    if store.on_demand {
        return Some(format!("{name} is billed by request: it has no provisioned capacity"));
    }
    if way == Way::Two {
        let says = "autoscaling owns what would change, and each scalable target takes a request of its own: change \
                    reads and writes one after the other";
        return Some(says.to_owned());
    }
    match way {
        Way::Units(_) if wish.max.is_some() => {
            return Some(format!("autoscaling owns nothing of what {name} would get: there is no maximum to change"));
        }
        Way::Bounds(_, _, after) if after.min > after.max => {
            return Some(format!("the minimum {} would be above the maximum {}", after.min, after.max));
        }
        _ => {}
    }
    if changes.iter().all(|change| change.after == change.before) {
        let values: Vec<String> =
            changes.iter().map(|change| format!("{} is {}", change.field, change.after)).collect();
        return Some(format!("{name}: {} already", values.join(", ")));
    }
    for change in changes {
        let quota = read.quota.of(change.dimension);
        if change.after > quota {
            return Some(format!("{} {}: a table may have {quota}", change.field, change.words()));
        }
    }
    let decreases = matches!(way, Way::Units(_)) && changes.iter().any(|change| change.after < change.before);
    match decreases_left(store, now) {
        (0, next) if decreases => {
            let next = next.map(|next| format!(", the next from {}", next.strftime("%H:%MZ"))).unwrap_or_default();
            Some(format!("{name} was decreased {} times today: none is left now{next}", store.decreases))
        }
        _ => None,
    }
}

fn touches(read: &Read, way: Way, now: Timestamp) -> Vec<Text> {
    let store = &read.store;
    let mut touches = Vec::new();
    match way {
        Way::Units(after) => {
            for dimension in Dimension::ALL {
                let (before, after) = (store.units.of(dimension), after.of(dimension));
                let (word, unit) = (dimension.word(), dimension.unit());
                if before == after {
                    touches.push(format!("{word} capacity stays at {before} {unit}: DynamoDB takes both numbers"));
                } else if after < before {
                    let left = decreases_left(store, now).0;
                    touches.push(format!(
                        "uses one of the {left} decreases that are left now; {word}s above {after} {unit} are throttled"
                    ));
                }
                if let Some(bounds) = read.scaling.of(dimension) {
                    touches.push(format!(
                        "autoscaling ({}–{}) may change the {word} capacity again",
                        bounds.min, bounds.max
                    ));
                }
            }
            touches.push(format!(
                "{} is UPDATING until it is done, and stays readable and writable",
                resource_words(store)
            ));
        }
        Way::Bounds(dimension, before, after) => {
            let (word, unit) = (dimension.word(), dimension.unit());
            let now = store.units.of(dimension);
            touches.push(format!(
                "autoscaling owns the {word} capacity ({}–{}, now {now} {unit}): its minimum is changed, the rest stays its own",
                before.min, before.max
            ));
            if after.min > now {
                touches.push(format!("autoscaling raises {now} → {} {unit} at once", after.min));
            } else if after.min < before.min {
                touches.push("what is provisioned sinks only as autoscaling finds it unused".to_owned());
            }
            if after.max != before.max {
                let verb = if after.max > before.max { "rises" } else { "sinks" };
                touches.push(format!("its maximum {verb} from {} to {}", before.max, after.max));
            }
        }
        Way::Two => {}
    }
    if !store.replicas.is_empty() {
        let regions: Vec<&str> = store.replicas.iter().map(|region| &**region).collect();
        touches.push(format!("a global table: its write capacity is the same in {}", regions.join(", ")));
    }
    touches.into_iter().map(Text::from).collect()
}

fn resource_words(store: &Store) -> String {
    store.index.as_ref().map_or_else(|| "the table".to_owned(), |index| format!("the index {index}"))
}

/// What was there: of a scalable target both bounds that change, since one request set them.
fn undo(store: &Store, way: Way, changed: &[&Change]) -> Undo {
    let mut wish = Wish::default();
    let mut set = |dimension, before| match dimension {
        Dimension::Read => wish.units.read = Some(before),
        Dimension::Write => wish.units.write = Some(before),
    };
    match way {
        Way::Bounds(dimension, before, after) => {
            set(dimension, before.min);
            wish.max = (after.max != before.max).then_some(before.max);
        }
        Way::Units(_) | Way::Two => changed.iter().for_each(|change| set(change.dimension, change.before)),
    }
    Undo { action: ID.into(), params: params(store, wish) }
}

/// What RegisterScalableTarget names besides the bounds.
pub fn scalable(plan: &Plan) -> Option<(Dimension, String)> {
    let word = plan.request.get("dimension").and_then(Value::text)?;
    let dimension = Dimension::ALL.into_iter().find(|dimension| *word == dimension.word())?;
    let index = plan.params.get("index").and_then(Value::text);
    Some((dimension, resource_id(&plan.target.name, index.map(|index| &**index))))
}
