//! `lambda.alias_rollback`: points an alias to an earlier version, all at once or with a share of its invocations.

use std::collections::BTreeMap;

use aws_sdk_lambda::error::{BuildError, SdkError};
use aws_sdk_lambda::types::AliasRoutingConfiguration;
use futures_util::future::{BoxFuture, try_join};
use jiff::Timestamp;

use super::function::{self, Alias, Version};
use super::plan::{self, Wish};
use super::route::{self, Route};
use crate::actions::asked::{self, invalid};
use crate::actions::param::{Choice, Param, ParamKind};
use crate::actions::{Action, Ask, Wanted, sending, settled};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Value, Values};

/// The action.
#[derive(Debug)]
pub struct AliasRollback;

/// Versions that are offered.
const CHOICES: usize = 20;

impl Action for AliasRollback {
    fn id(&self) -> &'static str {
        plan::ID
    }

    fn title(&self) -> &'static str {
        "Point an alias to an earlier version"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::LambdaFunction
    }

    fn params(&self) -> &'static [Param] {
        &[
            Param {
                name: "alias",
                kind: ParamKind::Text,
                required: false,
                help: "the alias; may be left out where the function has only one",
            },
            Param {
                name: "to",
                kind: ParamKind::Revision,
                required: false,
                help: "a version, or last_completed: the one before what is served now",
            },
            Param {
                name: "weight",
                kind: ParamKind::Number,
                required: false,
                help: "percent of the invocations that go to it; 100 unless said, and then nothing goes elsewhere",
            },
            Param {
                name: "beside",
                kind: ParamKind::Text,
                required: false,
                help: "another version that keeps a share, e.g. 42=0.1: what undoes a shift uses it",
            },
        ]
    }

    fn reads(&self) -> &'static [&'static str] {
        &[function::FIND, "lambda:GetAlias", "lambda:ListAliases", "lambda:ListVersionsByFunction"]
    }

    fn mutations(&self) -> &'static [&'static str] {
        &["lambda:UpdateAlias"]
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        plan::FIELDS
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
            match param {
                "alias" => Ok(function::aliases(session, target).await?.iter().map(alias_choice).collect()),
                "to" => {
                    let (aliases, versions) =
                        try_join(function::aliases(session, target), function::versions(session, target)).await?;
                    Ok(version_choices(&aliases, &versions))
                }
                _ => Ok(Vec::new()),
            }
        })
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let wish = wish(ask.params)?;
            let alias = async {
                match asked::words(ask.params, "alias")? {
                    Some(name) => function::alias(ask.session, ask.target, &name).await,
                    None => only(&ask.target.name, function::aliases(ask.session, ask.target).await?),
                }
            };
            let (alias, versions) = try_join(alias, function::versions(ask.session, ask.target)).await?;
            Ok(plan::judge(ask.target, &alias, &versions, &wish, ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(sending::once(operator, authorized, "UpdateAlias", async |session, authorized| {
            let plan = authorized.what();
            let text = |values: &Values, name: &str| values.get(name).and_then(Value::text).map(ToString::to_string);
            let mut request = session
                .lambda()
                .update_alias()
                .function_name(&*plan.target.name)
                .set_name(text(&plan.params, "alias"))
                .set_function_version(text(&plan.request, "function_version"))
                .set_revision_id(text(&plan.request, "revision_id"));
            if let Some(weights) = plan.request.get("routing_config") {
                let unreadable = || SdkError::construction_failure(BuildError::other("the weights cannot be read"));
                let weights = route::weights(weights).ok_or_else(unreadable)?;
                let weights = weights.into_iter().map(|(version, weight)| (version.to_string(), weight)).collect();
                let routing = AliasRoutingConfiguration::builder().set_additional_version_weights(Some(weights));
                request = request.routing_config(routing.build());
            }
            let answer = request.send().await?;
            let revision = answer.revision_id().map_or(Value::None, Value::from);
            Ok(Values::from([("revision_id".to_owned(), revision)]))
        }))
    }

    fn observe<'a>(
        &'a self,
        session: &'a Session,
        plan: &'a Plan,
        receipt: Option<&'a Values>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Observation, Fault>> {
        Box::pin(async move {
            let name = asked::words(&plan.params, "alias")?.unwrap_or_default();
            let alias = function::alias(session, &plan.target, &name).await?;
            let (standing, says) = judge(plan, receipt, &alias);
            let mut values = plan.observed.clone();
            plan::put_alias(&mut values, &alias);
            plan::put_code_of_current(&mut values, &plan.observed);
            Ok(Observation { standing, says: says.into(), values, at: now })
        })
    }
}

/// How far our change of the alias is.
fn judge(plan: &Plan, receipt: Option<&Values>, alias: &Alias) -> (Standing, String) {
    let before = Route {
        version: plan.observed.get("current").and_then(Value::text).cloned().unwrap_or_default(),
        weights: plan.observed.get("routing").and_then(route::weights).unwrap_or_default(),
    };
    let sent = Route {
        version: match plan.request.get("function_version") {
            Some(version) => version.text().cloned().unwrap_or_default(),
            None => before.version.clone(),
        },
        weights: plan.request.get("routing_config").and_then(route::weights).unwrap_or_default(),
    };
    let mut standing = settled::standing(&before, &sent, &alias.route, receipt.is_some());
    let revision = Value::from(&alias.revision_id);
    let planned = plan.observed.get("revision_id");
    let ours = receipt.and_then(|receipt| receipt.get("revision_id"));
    // As before, but after an update that is neither the planned one's nor ours: somebody put it back.
    if alias.route == before && receipt.is_some() && planned != Some(&revision) && ours != Some(&revision) {
        standing = Standing::Overtaken;
    }
    let what = format!("{}:{}", plan.target.name, alias.name);
    (standing, settled::says(standing, &what, &before.words(), &sent.words(), &alias.route.words()))
}

fn wish(params: &Values) -> Result<Wish, Fault> {
    let weight = asked::number(params, "weight")?.unwrap_or(100.0);
    if !(weight > 0.0 && weight <= 100.0) {
        return Err(invalid(format!("weight is above 0 and at most 100 percent, not {weight}")));
    }
    let beside = match asked::words(params, "beside")? {
        None => BTreeMap::new(),
        Some(words) => {
            let shares: Option<BTreeMap<Text, f64>> = words.split(',').map(route::entry).collect();
            shares.ok_or_else(|| invalid(format!("beside is a version and its share, e.g. 42=0.1, not {words}")))?
        }
    };
    if !beside.is_empty() && weight < 100.0 {
        return Err(invalid("beside and weight say the same in two ways: give one of them"));
    }
    Ok(Wish { to: asked::words(params, "to")?, weight, beside })
}

/// The alias that need not be named.
fn only(function: &str, mut aliases: Vec<Alias>) -> Result<Alias, Fault> {
    match (aliases.pop(), aliases.is_empty()) {
        (Some(alias), true) => Ok(alias),
        (None, _) => Err(invalid(format!("{function} has no alias: callers use $LATEST or versions"))),
        (Some(last), false) => {
            let names: Vec<&str> = aliases.iter().chain([&last]).map(|alias| alias.name.as_str()).collect();
            Err(invalid(format!("{function} has the aliases {}: say which as `alias`", names.join(", "))))
        }
    }
}

fn alias_choice(alias: &Alias) -> Choice {
    Choice {
        value: Value::from(&alias.name),
        label: alias.name.clone(),
        says: format!("serves {}", alias.route.words()).into(),
        at: None,
        current: false,
        last_completed: false,
        unusable: Text::default(),
    }
}

/// The last versions, newest first.
fn version_choices(aliases: &[Alias], versions: &BTreeMap<u64, Version>) -> Vec<Choice> {
    let previous = match aliases {
        [alias] => plan::previous(&alias.route, versions),
        _ => None,
    };
    let newest: Vec<&Version> = versions.values().rev().take(CHOICES).collect();
    let choice = |(index, version): (usize, &&Version)| {
        let number = version.number.to_string();
        let older = newest.get(index + 1).copied();
        let serving = aliases.iter().filter(|alias| alias.route.percent(&number) > 0.0);
        let serving: Vec<&str> = serving.map(|alias| alias.name.as_str()).collect();
        Choice {
            value: Value::from(number.as_str()),
            label: number.as_str().into(),
            says: describe(version, older, &serving).into(),
            at: version.published,
            current: !serving.is_empty(),
            last_completed: previous == Some(version.number),
            unusable: plan::unusable(version).into(),
        }
    };
    newest.iter().enumerate().map(choice).collect()
}

fn describe(version: &Version, older: Option<&Version>, serving: &[&str]) -> String {
    let mut parts = vec![format!("code {}", version.short_sha())];
    if let Some(older) = older {
        parts.extend(plan::changes(older, version));
    }
    if !serving.is_empty() {
        parts.push(format!("serves {}", serving.join(", ")));
    }
    if !version.description.is_empty() {
        parts.push(version.description.to_string());
    }
    parts.join(" · ")
}
