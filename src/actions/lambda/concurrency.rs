//! `lambda.concurrency`: reserves a part of the account's concurrency for a function, or gives it back.

use aws_sdk_lambda::types::AccountLimit;
use futures_util::future::{BoxFuture, join};
use jiff::Timestamp;

use super::function;
use crate::actions::asked::{self, invalid};
use crate::actions::param::{Choice, Param, ParamKind};
use crate::actions::{Action, Ask, Wanted, sending, settled, targets};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::plan::{Capacity, Owed};
use crate::model::{Difference, Facts, Fault, Observation, Plan, Sent, Target, TargetKind, Undo, Value, Values};
use crate::signals::paging::unless_gone;

/// The action.
#[derive(Debug)]
pub struct Concurrency;

const ID: &str = "lambda.concurrency";
const NONE: &str = "none";
/// What the functions without a reservation must be left (Lambda Developer Guide, reserved concurrency).
const UNRESERVED: i64 = 100;
/// Concurrent executions of an account where AWS does not say (Lambda Developer Guide, quotas).
const ACCOUNT: i64 = 1000;
const UNIT: &str = "concurrent executions";

/// What is read.
#[derive(Debug, Clone, PartialEq)]
struct Read {
    /// Reserved for the function; `None` where nothing is.
    reserved: Option<i64>,
    /// Of the account: all, and those that no function has reserved.
    account: Result<(i64, Option<i64>), Fault>,
}

impl Read {
    fn unreserved(&self) -> Option<i64> {
        self.account.as_ref().ok().and_then(|(_, unreserved)| *unreserved)
    }

    fn values(&self) -> Values {
        Values::from([
            ("reserved".to_owned(), self.reserved.into()),
            ("account.limit".to_owned(), self.account.as_ref().ok().map(|(limit, _)| *limit).into()),
            ("account.unreserved".to_owned(), self.unreserved().into()),
        ])
    }
}

impl Action for Concurrency {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Reserve concurrency for a function"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::LambdaFunction
    }

    fn params(&self) -> &'static [Param] {
        &[Param {
            name: "reserved",
            kind: ParamKind::Revision,
            required: true,
            help: "concurrent executions that only this function may use and no more; none to reserve nothing",
        }]
    }

    fn reads(&self) -> &'static [&'static str] {
        &[function::FIND, "lambda:GetAccountSettings", "lambda:GetFunctionConcurrency"]
    }

    fn mutations(&self) -> &'static [&'static str] {
        &["lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"]
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("reserved", "concurrent executions reserved for the function; none where nothing is"),
            ("account.limit", "concurrent executions of the account"),
            ("account.unreserved", "those of them that no function has reserved"),
        ]
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(function::find(session, wanted))
    }

    fn choices<'a>(
        &'a self,
        session: &'a Session,
        target: &'a Target,
        param: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Choice>, Fault>> {
        Box::pin(async move {
            if param != "reserved" {
                return Ok(Vec::new());
            }
            let current = reserved(session, target).await?.is_none();
            Ok(vec![Choice {
                value: Value::from(NONE),
                label: NONE.into(),
                says: "the function shares what no function has reserved".into(),
                at: None,
                current,
                last_completed: false,
                unusable: if current { "nothing is reserved".into() } else { Text::default() },
            }])
        })
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let wanted = wish(ask.params)?;
            let (reserved, account) = join(reserved(ask.session, ask.target), account(ask.session)).await;
            Ok(judge(ask.target, &Read { reserved: reserved?, account }, wanted, ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(async move {
            match authorized.what().request.get("reserved_concurrent_executions").and_then(Value::count) {
                Some(count) => {
                    sending::once(operator, authorized, "PutFunctionConcurrency", async |session, authorized| {
                        let request = session.lambda().put_function_concurrency();
                        let request = request.function_name(&*authorized.what().target.name);
                        let count = i32::try_from(count).unwrap_or(i32::MAX);
                        let answer = request.reserved_concurrent_executions(count).send().await?;
                        let reserved = answer.reserved_concurrent_executions().into();
                        Ok(Values::from([("reserved".to_owned(), reserved)]))
                    })
                    .await
                }
                None => {
                    sending::once(operator, authorized, "DeleteFunctionConcurrency", async |session, authorized| {
                        let request = session.lambda().delete_function_concurrency();
                        request.function_name(&*authorized.what().target.name).send().await?;
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
            let current = reserved(session, &plan.target).await?;
            let count = |values: &Values, name: &str| values.get(name).and_then(Value::count);
            let before = count(&plan.observed, "reserved");
            let sent = count(&plan.request, "reserved_concurrent_executions");
            let standing = settled::standing(&before, &sent, &current, receipt.is_some());
            let says = settled::says(standing, "reserved", &words(before), &words(sent), &words(current));
            let mut values = plan.observed.clone();
            values.insert("reserved".to_owned(), current.into());
            Ok(Observation { standing, says: says.into(), values, at: now })
        })
    }
}

async fn reserved(session: &Session, function: &Target) -> Result<Option<i64>, Fault> {
    let answer = session.lambda().get_function_concurrency().function_name(&*function.name).send().await;
    match unless_gone(session, "GetFunctionConcurrency", answer)? {
        Some(answer) => Ok(answer.reserved_concurrent_executions().map(i64::from)),
        None => Err(targets::gone("GetFunctionConcurrency", "the function", &function.name)),
    }
}

async fn account(session: &Session) -> Result<(i64, Option<i64>), Fault> {
    let answer = session.lambda().get_account_settings().send().await;
    let answer = answer.map_err(|error| session.fault("GetAccountSettings", &error))?;
    let figures = |limit: &AccountLimit| {
        (i64::from(limit.concurrent_executions()), limit.unreserved_concurrent_executions().map(i64::from))
    };
    let missing = || Fault::new(crate::model::FaultKind::Service, "GetAccountSettings", "no limit in the answer");
    answer.account_limit().map(figures).ok_or_else(missing)
}

/// `None` for no reservation.
fn wish(params: &Values) -> Result<Option<i64>, Fault> {
    if asked::words(params, "reserved").is_ok_and(|words| words.as_deref() == Some(NONE)) {
        return Ok(None);
    }
    match asked::whole(params, "reserved")? {
        Some(count) if (0..=i64::from(i32::MAX)).contains(&count) => Ok(Some(count)),
        Some(count) => Err(invalid(format!("reserved cannot be {count}"))),
        None => Err(invalid("reserved is needed: a number, or none")),
    }
}

fn words(reserved: Option<i64>) -> String {
    reserved.map_or_else(|| NONE.to_owned(), |count| count.to_string())
}

fn judge(target: &Target, read: &Read, wanted: Option<i64>, now: Timestamp) -> Plan {
    let name = &target.name;
    let free = read.unreserved();
    let left = free.map(|free| free + read.reserved.unwrap_or(0) - wanted.unwrap_or(0));
    let param = |reserved: Option<i64>| {
        Values::from([("reserved".to_owned(), reserved.map_or_else(|| Value::from(NONE), Value::Count))])
    };
    let impossible = if wanted == read.reserved {
        Some(format!("{} is reserved for {name} already", words(wanted)))
    } else {
        left.filter(|left| *left < UNRESERVED && wanted > read.reserved).map(|left| {
            format!(
                "{} → {} would leave {left} unreserved of the account's {}; AWS keeps {UNRESERVED} for other functions",
                words(read.reserved),
                words(wanted),
                read.account.as_ref().map_or(ACCOUNT, |(limit, _)| *limit),
            )
        })
    };
    // Without a reservation a function can use what is not reserved.
    let shared = free.map(|free| free + read.reserved.unwrap_or(0));
    let capacity = Capacity {
        before: read.reserved.or(free).unwrap_or(ACCOUNT),
        after: wanted.or(shared).unwrap_or(ACCOUNT),
        healthy: read.reserved.or(free),
        unit: UNIT.into(),
        least: None,
        most: None,
    };
    let lowered = capacity.after < capacity.before;
    let operation = if wanted.is_some() { "lambda:PutFunctionConcurrency" } else { "lambda:DeleteFunctionConcurrency" };
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: param(wanted),
        differences: vec![Difference {
            field: "reserved concurrency".into(),
            before: read.reserved.map_or_else(|| Value::from(NONE), Value::Count),
            after: wanted.map_or_else(|| Value::from(NONE), Value::Count),
            unit: UNIT.into(),
        }],
        observed: read.values(),
        decisive: vec!["reserved".to_owned()],
        operation: operation.into(),
        request: wanted
            .map(|count| ("reserved_concurrent_executions".to_owned(), Value::Count(count)))
            .into_iter()
            .collect(),
        touches: touches(read, wanted, left),
        value: words(wanted).into(),
        facts: Facts { capacity: vec![capacity], impossible: impossible.map(Text::from), ..Facts::default() },
        undo: Some(Undo { action: ID.into(), params: param(read.reserved) }),
        owed: lowered.then(|| Owed {
            says: format!("concurrency of {name} limited to {} (was {})", words(wanted), words(read.reserved)).into(),
            ends: None,
        }),
        read_at: now,
    }
}

fn touches(read: &Read, wanted: Option<i64>, left: Option<i64>) -> Vec<Text> {
    let mut touches = Vec::new();
    match wanted {
        Some(0) => touches.push("stops the function: every invocation is throttled".to_owned()),
        Some(count) => touches.push(format!("invocations beyond {count} at once are throttled")),
        None => touches.push("the function competes with others for what is not reserved".to_owned()),
    }
    match (&read.account, left) {
        (Ok((limit, _)), Some(left)) => touches.push(format!("{left} of the account's {limit} remain unreserved")),
        (Ok(_), None) => touches.push("how much of the account is not reserved is not known".to_owned()),
        (Err(fault), _) => touches.push(format!("the account's limit is not known: {}", fault.kind.word())),
    }
    touches.into_iter().map(Text::from).collect()
}
