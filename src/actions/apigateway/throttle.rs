//! `apigateway.throttle`: how many requests a stage, or one of its methods, takes.

use aws_sdk_apigateway::error::{BuildError, SdkError};
use aws_sdk_apigateway::types::{Op, PatchOperation};
use aws_sdk_apigatewayv2::types::RouteSettings;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::limit::{NONE, OFF, Own};
use super::plan::{self, Wish};
use super::stage::{self, ALL, Address, Limits};
use crate::actions::asked::{self, invalid};
use crate::actions::param::{Param, ParamKind};
use crate::actions::{Action, Ask, Wanted, sending, settled};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{Fault, Observation, Plan, Sent, Target, TargetKind, Value, Values};
use crate::signals::api_gateway::Protocol;

/// The action.
#[derive(Debug)]
pub struct Throttle;

const OPERATION: &str = "UpdateStage";

impl Action for Throttle {
    fn id(&self) -> &'static str {
        plan::ID
    }

    fn title(&self) -> &'static str {
        "Change how many requests a stage takes"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::ApiStage
    }

    fn params(&self) -> &'static [Param] {
        &[
            Param {
                name: "method",
                kind: ParamKind::Text,
                required: false,
                help: "e.g. GET /path; * for the whole stage, which it is unless said",
            },
            Param {
                name: "rate",
                kind: ParamKind::Number,
                required: false,
                help: "requests a second; off for no limit, none with burst = none to have the stage's",
            },
            Param {
                name: "burst",
                kind: ParamKind::Count,
                required: false,
                help: "requests at once: the size of the token bucket",
            },
        ]
    }

    fn reads(&self) -> &'static [&'static str] {
        &["apigateway:GET"]
    }

    fn mutations(&self) -> &'static [&'static str] {
        &["apigateway:PATCH"]
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        plan::FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(stage::find(session, wanted))
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let method = method(ask.params)?;
            let wish = wish(ask.params)?;
            let stage = stage::read(ask.session, ask.target).await?;
            Ok(plan::judge(ask.target, &stage, &method, wish, ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(async move {
            match Address::of(&authorized.what().target) {
                Ok(Address { protocol: Protocol::Rest, .. }) => rest(operator, authorized).await,
                Ok(Address { protocol: Protocol::Http, .. }) => http(operator, authorized).await,
                Err(fault) => Sent::Rejected { fault },
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
            let method = method(&plan.params)?;
            let stage = stage::stage(session, &plan.target).await?;
            let current = stage.own(&method);
            let before = Own::read(plan.observed.get("rate"), plan.observed.get("burst"), Own::default());
            let sent = requested(plan);
            let standing = settled::standing(&before, &sent, &current, receipt.is_some());
            let what = format!("{} {method}:", plan.target.name);
            let says = settled::says(standing, &what, &before.words(), &sent.words(), &current.words());
            let mut values = plan.observed.clone();
            let account = Limits {
                rate: plan.observed.get("account.rate").and_then(Value::number),
                burst: plan.observed.get("account.burst").and_then(Value::count),
            };
            plan::put(&mut values, &stage::Stage { account: Some(Ok(account)), ..stage }, &method);
            Ok(Observation { standing, says: says.into(), values, at: now })
        })
    }
}

async fn rest(operator: &Operator, authorized: Authorized<Plan>) -> Sent {
    sending::once(operator, authorized, OPERATION, async |session, authorized| {
        let plan = authorized.what();
        let unreadable = |_| SdkError::construction_failure(BuildError::other("the plan names no stage and method"));
        let address = Address::of(&plan.target).map_err(unreadable)?;
        let path = plan.request.get("path").and_then(Value::text).ok_or_else(|| unreadable(invalid("method")))?;
        let mut request = session.apigateway().update_stage().rest_api_id(address.api).stage_name(address.stage);
        if plan.request.contains_key("remove") {
            request = request.patch_operations(PatchOperation::builder().op(Op::Remove).path(path.to_string()).build());
        }
        for (name, end) in [("throttling_rate_limit", "rateLimit"), ("throttling_burst_limit", "burstLimit")] {
            if let Some(value) = plan.request.get(name) {
                let patch = PatchOperation::builder().op(Op::Replace).path(format!("{path}/throttling/{end}"));
                request = request.patch_operations(patch.value(value.to_string()).build());
            }
        }
        let answer = request.send().await?;
        Ok(receipt(answer.deployment_id()))
    })
    .await
}

async fn http(operator: &Operator, authorized: Authorized<Plan>) -> Sent {
    sending::once(operator, authorized, OPERATION, async |session, authorized| {
        let plan = authorized.what();
        let unreadable = |_| SdkError::construction_failure(BuildError::other("the plan names no stage and method"));
        let address = Address::of(&plan.target).map_err(unreadable)?;
        let method = method(&plan.params).map_err(unreadable)?;
        let limits = requested(plan);
        let settings = RouteSettings::builder()
            .set_throttling_rate_limit(limits.rate.at())
            .set_throttling_burst_limit(limits.burst.at().and_then(|burst| i32::try_from(burst).ok()))
            .set_detailed_metrics_enabled(plan.request.get("detailed_metrics_enabled").and_then(Value::flag))
            .build();
        let request = session.apigatewayv2().update_stage().api_id(address.api).stage_name(address.stage);
        let request = if &*method == ALL {
            request.default_route_settings(settings)
        } else {
            request.route_settings(method.to_string(), settings)
        };
        let answer = request.send().await?;
        Ok(receipt(answer.deployment_id()))
    })
    .await
}

fn receipt(deployment: Option<&str>) -> Values {
    Values::from([("deployment".to_owned(), deployment.map(Text::from).into())])
}

/// The limits that a plan's request sets; none where it takes the settings away.
fn requested(plan: &Plan) -> Own {
    let field = |name: &str| plan.request.get(name);
    Own::read(field("throttling_rate_limit"), field("throttling_burst_limit"), Own::default())
}

fn method(params: &Values) -> Result<Text, Fault> {
    match asked::words(params, "method")? {
        None => Ok(ALL.into()),
        Some(given) => stage::method(&given)
            .ok_or_else(|| invalid(format!("method is a verb and a path, e.g. GET /path, or *; not {given}"))),
    }
}

fn wish(params: &Values) -> Result<(Wish<f64>, Wish<i64>), Fault> {
    let word = |name: &str| asked::words(params, name).ok().flatten();
    let rate = match word("rate").as_deref() {
        Some(NONE) => Wish::None,
        Some(OFF) => Wish::Off,
        _ => match asked::number(params, "rate")? {
            None => Wish::Keep,
            Some(rate) if rate >= 0.0 => Wish::Set(rate),
            Some(rate) => return Err(invalid(format!("rate cannot be {rate}"))),
        },
    };
    let burst = match word("burst").as_deref() {
        Some(NONE) => Wish::None,
        Some(OFF) => Wish::Off,
        _ => match asked::whole(params, "burst")? {
            None => Wish::Keep,
            Some(burst) if (0..=i64::from(i32::MAX)).contains(&burst) => Wish::Set(burst),
            Some(burst) => return Err(invalid(format!("burst cannot be {burst}"))),
        },
    };
    match (rate, burst) {
        (Wish::Keep, Wish::Keep) => Err(invalid("rate or burst is needed")),
        wish => Ok(wish),
    }
}
