//! `dynamodb.capacity`: other provisioned units for a table or one of its indexes, or another minimum where autoscaling
//! owns them.

use aws_sdk_applicationautoscaling::error::BuildError as ScalingBuildError;
use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{GlobalSecondaryIndexUpdate, ProvisionedThroughput, UpdateGlobalSecondaryIndexAction};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::plan::{self, Wish};
use super::table::{self, Both, Bounds, Dimension, Store};
use crate::actions::asked::{self, invalid};
use crate::actions::param::{Choice, Param, ParamKind};
use crate::actions::{Action, Ask, Wanted, sending, settled};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Value, Values};

/// The action.
#[derive(Debug)]
pub struct TableCapacity;

/// Statuses out of which no update comes (DynamoDB API Reference, TableDescription).
const LOST: &[&str] = &["ARCHIVED", "ARCHIVING", "DELETING", "INACCESSIBLE_ENCRYPTION_CREDENTIALS"];

impl Action for TableCapacity {
    fn id(&self) -> &'static str {
        plan::ID
    }

    fn title(&self) -> &'static str {
        "Change a table's or an index's provisioned capacity"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::DynamodbTable
    }

    fn params(&self) -> &'static [Param] {
        &[
            Param {
                name: "index",
                kind: ParamKind::Text,
                required: false,
                help: "a global secondary index; the table itself unless said",
            },
            Param { name: "read", kind: ParamKind::Count, required: false, help: "read capacity units a second" },
            Param { name: "write", kind: ParamKind::Count, required: false, help: "write capacity units a second" },
            Param {
                name: "max",
                kind: ParamKind::Count,
                required: false,
                help: "maximum of the scalable target, where one owns the capacity; raised as far as needed unless said",
            },
        ]
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "application-autoscaling:DescribeScalableTargets",
            "dynamodb:DescribeLimits",
            "dynamodb:DescribeTable",
            "dynamodb:ListTables",
        ]
    }

    fn mutations(&self) -> &'static [&'static str] {
        &["application-autoscaling:RegisterScalableTarget", "dynamodb:UpdateTable"]
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        plan::FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(table::find(session, wanted))
    }

    fn choices<'a>(
        &'a self,
        session: &'a Session,
        target: &'a Target,
        param: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Choice>, Fault>> {
        Box::pin(async move {
            match param {
                "index" => Ok(table::indexes(session, target).await?.iter().map(choice).collect()),
                _ => Ok(Vec::new()),
            }
        })
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let wish = wish(ask.params)?;
            let index = asked::words(ask.params, "index")?;
            let read = table::read(ask.session, ask.target, index.as_deref()).await?;
            Ok(plan::judge(ask.target, &read, wish, ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(async move {
            if plan::scalable(authorized.what()).is_some() {
                register(operator, authorized).await
            } else {
                update(operator, authorized).await
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
            let index = asked::words(&plan.params, "index")?;
            let mut values = plan.observed.clone();
            let (standing, says) = match plan::scalable(plan) {
                Some((dimension, _)) => {
                    let read = table::read(session, &plan.target, index.as_deref()).await?;
                    plan::put_store(&mut values, &read.store, now);
                    plan::put_scaling(&mut values, &read.scaling);
                    bounds_standing(plan, receipt, dimension, read.scaling.of(dimension), &read.store)
                }
                None => {
                    let store = table::store(session, &plan.target, index.as_deref()).await?;
                    plan::put_store(&mut values, &store, now);
                    units_standing(plan, receipt, &store)
                }
            };
            Ok(Observation { standing, says: says.into(), values, at: now })
        })
    }
}

async fn update(operator: &Operator, authorized: Authorized<Plan>) -> Sent {
    sending::once(operator, authorized, "UpdateTable", async |session, authorized| {
        let plan = authorized.what();
        let units = |name: &str| plan.request.get(name).and_then(Value::count);
        let throughput = ProvisionedThroughput::builder()
            .set_read_capacity_units(units("read_capacity_units"))
            .set_write_capacity_units(units("write_capacity_units"))
            .build()
            .map_err(SdkError::construction_failure)?;
        let request = session.dynamodb().update_table().table_name(&*plan.target.name);
        let request = match plan.params.get("index").and_then(Value::text) {
            None => request.provisioned_throughput(throughput),
            Some(index) => {
                let action = UpdateGlobalSecondaryIndexAction::builder()
                    .index_name(&**index)
                    .provisioned_throughput(throughput)
                    .build()
                    .map_err(SdkError::construction_failure)?;
                request.global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().update(action).build())
            }
        };
        let answer = request.send().await?;
        let status = answer.table_description().and_then(|table| table.table_status());
        let status = status.map(|status| Text::new(status.as_str())).into();
        Ok(Values::from([("table_status".to_owned(), status)]))
    })
    .await
}

async fn register(operator: &Operator, authorized: Authorized<Plan>) -> Sent {
    sending::once(operator, authorized, "RegisterScalableTarget", async |session, authorized| {
        let plan = authorized.what();
        let missing = || SdkError::construction_failure(ScalingBuildError::other("the plan names no scalable target"));
        let (dimension, resource) = plan::scalable(plan).ok_or_else(missing)?;
        let bound =
            |name: &str| plan.request.get(name).and_then(Value::count).and_then(|bound| i32::try_from(bound).ok());
        let answer = session
            .autoscaling()
            .register_scalable_target()
            .service_namespace(ServiceNamespace::Dynamodb)
            .resource_id(resource)
            .scalable_dimension(dimension.scalable(plan.params.contains_key("index")))
            .set_min_capacity(bound("min_capacity"))
            .set_max_capacity(bound("max_capacity"))
            .send()
            .await?;
        let arn = answer.scalable_target_arn().map(Text::from).into();
        Ok(Values::from([("scalable_target_arn".to_owned(), arn)]))
    })
    .await
}

fn wish(params: &Values) -> Result<Wish, Fault> {
    let units = |name: &str| match asked::whole(params, name)? {
        Some(units) if units < 0 => Err(invalid(format!("{name} cannot be {units}"))),
        units => Ok(units),
    };
    let wish = Wish { units: Both { read: units("read")?, write: units("write")? }, max: units("max")? };
    match (wish.units, wish.max) {
        (Both { read: None, write: None }, _) => Err(invalid("read or write is needed: capacity units a second")),
        (Both { read: Some(_), write: Some(_) }, Some(_)) => {
            Err(invalid("max is that of one scalable target: give it with read or with write"))
        }
        _ => Ok(wish),
    }
}

fn count(values: &Values, name: &str) -> i64 {
    values.get(name).and_then(Value::count).unwrap_or_default()
}

/// How far our change of the units is.
fn units_standing(plan: &Plan, receipt: Option<&Values>, store: &Store) -> (Standing, String) {
    let before = Both { read: count(&plan.observed, "read"), write: count(&plan.observed, "write") };
    let sent =
        Both { read: count(&plan.request, "read_capacity_units"), write: count(&plan.request, "write_capacity_units") };
    let words = |units: Both<i64>| format!("{} RCU, {} WCU", units.read, units.write);
    let status = store.status();
    let what = format!("{} ({status})", store.index.as_ref().unwrap_or(&plan.target.name));
    let (lost, accepted) = (LOST.contains(&&**status), receipt.is_some());
    // Anybody's update makes a table UPDATING: without AWS's answer only our own units are a sign of ours.
    if (lost || store.is_updating()) && !accepted && store.units != sent {
        let says = format!("{what} has {}: nothing says whose doing that is", words(store.units));
        return (Standing::Unclear, says);
    }
    let standing = if lost && accepted {
        Standing::Failed
    } else if store.is_updating() {
        Standing::Underway
    } else {
        settled::standing(&before, &sent, &store.units, accepted)
    };
    let mut says = settled::says(standing, &what, &words(before), &words(sent), &words(store.units));
    let scaled =
        ["read.min", "write.min"].iter().any(|name| plan.observed.get(*name).is_some_and(|v| *v != Value::None));
    if standing == Standing::Overtaken && scaled {
        says.push_str("; autoscaling owns a part of it");
    }
    (standing, says)
}

/// How far our change of the bounds is. It is done when what is provisioned has reached the minimum.
fn bounds_standing(
    plan: &Plan,
    receipt: Option<&Values>,
    dimension: Dimension,
    now: Option<Bounds>,
    store: &Store,
) -> (Standing, String) {
    let word = dimension.word();
    let (min, max) = (format!("{word}.min"), format!("{word}.max"));
    let before = Bounds { min: count(&plan.observed, &min), max: count(&plan.observed, &max) };
    let sent = Bounds {
        min: count(&plan.request, "min_capacity"),
        max: plan.request.get("max_capacity").and_then(Value::count).unwrap_or(before.max),
    };
    let Some(now) = now else {
        return (Standing::Unclear, format!("nothing scales the {word} capacity any more"));
    };
    let words = |bounds: Bounds| format!("{}–{}", bounds.min, bounds.max);
    let units = store.units.of(dimension);
    let mut standing = settled::standing(&before, &sent, &now, receipt.is_some());
    if standing == Standing::Done && units < sent.min {
        standing = Standing::Underway;
    }
    let what = format!("autoscaling of the {word} capacity");
    let says = settled::says(standing, &what, &words(before), &words(sent), &words(now));
    (standing, format!("{says}; {units} {} are provisioned", dimension.unit()))
}

fn choice(store: &Store) -> Choice {
    let name = store.index.clone().unwrap_or_default();
    Choice {
        value: Value::from(&name),
        label: name,
        says: format!("{} RCU, {} WCU, {}", store.units.read, store.units.write, store.index_status).into(),
        at: None,
        current: false,
        last_completed: false,
        unusable: if store.on_demand { "billed by request".into() } else { Text::default() },
    }
}
