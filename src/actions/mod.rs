//! The actions: what can be changed. One file each and one line in [`ALL`].
//!
//! An action is `find` (which targets), `plan` (reads only), `send` (one mutation, once, with leave of the guards) and
//! `observe` (reads only: how far our own change is, and whether it reached the target at all).

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{Fault, Observation, Plan, Sent, Target, TargetKind, Value, Values};

pub mod alarm;
pub mod apigateway;
pub mod aurora;
pub mod dynamodb;
pub mod ecs;
pub mod eks;
pub mod lambda;

pub mod asked;
pub mod lists;
pub mod param;
pub mod sending;
pub mod settled;
pub mod targets;
#[cfg(test)]
pub(crate) mod testing;

pub use param::{Choice, Param, ParamKind};

/// Every action, in the order in which they are offered.
pub static ALL: &[&dyn Action] = &[
    &ecs::scale::Scale,
    &ecs::rollback::Rollback,
    &ecs::redeploy::Redeploy,
    &ecs::stop_deployment::StopDeployment,
    &lambda::alias_rollback::AliasRollback,
    &lambda::concurrency::Concurrency,
    &dynamodb::capacity::TableCapacity,
    &apigateway::throttle::Throttle,
    &eks::nodegroup_scale::NodegroupScale,
    &aurora::failover::Failover,
    &alarm::mute::MuteAlarm,
    &alarm::unmute::UnmuteAlarm,
];

/// The action of this id, e.g. `ecs.rollback`.
pub fn by_id(id: &str) -> Option<&'static dyn Action> {
    ALL.iter().copied().find(|action| action.id() == id)
}

/// Which target is meant: at least one of the two is given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wanted {
    /// The ARN of a resource that AWS named before: from the console.
    pub arn: Option<Text>,
    /// A name, from the command line: AWS's own, or the logical one where that is unambiguous.
    pub name: Option<Text>,
    /// What narrows the name down: `cluster`, `alias`, `stage`, `index`.
    pub within: Values,
}

/// What a plan is made from.
pub struct Ask<'a> {
    /// The session that reads.
    pub session: &'a Session,
    /// What the action shall be applied to.
    pub target: &'a Target,
    /// The parameters by name, as given; every one that the action needs is there or has a default of its own.
    pub params: &'a Values,
    /// The time.
    pub now: Timestamp,
    /// Names this plan for requests that AWS makes idempotent by a token.
    pub token: &'a str,
}

impl Ask<'_> {
    /// A parameter; [`Value::None`] where it was not given.
    pub fn param(&self, name: &str) -> &Value {
        const NOT_GIVEN: &Value = &Value::None;
        self.params.get(name).unwrap_or(NOT_GIVEN)
    }
}

/// Something that can be done to a resource.
pub trait Action: Send + Sync + 'static {
    /// Stable id, e.g. `ecs.rollback`.
    fn id(&self) -> &'static str;
    /// e.g. `Roll back to an earlier task definition`.
    fn title(&self) -> &'static str;
    /// What it is applied to.
    fn kind(&self) -> TargetKind;
    /// Its parameters besides those that name the target.
    fn params(&self) -> &'static [Param];
    /// IAM actions of its reads.
    fn reads(&self) -> &'static [&'static str];
    /// IAM actions of its mutation.
    fn mutations(&self) -> &'static [&'static str];
    /// The names that plans and observations of this action have in `observed` and `values`, each with what it means:
    /// what runbook predicates may speak of.
    fn fields(&self) -> &'static [(&'static str, &'static str)];
    /// The targets that are meant. More than one where a name is ambiguous; never a guess.
    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>>;
    /// Values to choose from for a parameter: the last revisions, the versions. Empty where there are none.
    fn choices<'a>(
        &'a self,
        _session: &'a Session,
        _target: &'a Target,
        _param: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Choice>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }
    /// Reads the target and says what would be changed. Never sends a mutation.
    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>>;
    /// Sends the plan's one request, once. A plan alone is not enough:
    ///
    /// ```no_run
    /// # use watchfloor::{actions::Action, cloud::Operator, guard::Authorized, model::Plan};
    /// async fn allowed(action: &dyn Action, operator: &Operator, leave: Authorized<Plan>) {
    ///     action.send(operator, leave).await;
    /// }
    /// ```
    /// ```compile_fail,E0308
    /// # use watchfloor::{actions::Action, cloud::Operator, guard::Authorized, model::Plan};
    /// async fn refused(action: &dyn Action, operator: &Operator, plan: Plan) {
    ///     action.send(operator, plan).await;
    /// }
    /// ```
    /// ```compile_fail,E0382
    /// # use watchfloor::{actions::Action, cloud::Operator, guard::Authorized, model::Plan};
    /// async fn twice(action: &dyn Action, operator: &Operator, leave: Authorized<Plan>) {
    ///     action.send(operator, leave).await;
    ///     action.send(operator, leave).await;
    /// }
    /// ```
    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent>;
    /// Reads how far the change is. `receipt` is what AWS answered; `None` where the answer is not known: then the
    /// target alone tells. Then only what has exactly the values that were sent, or is told by AWS with them, is ours;
    /// whatever else goes on there is `Unclear`, as one look decides what becomes of an intent.
    fn observe<'a>(
        &'a self,
        session: &'a Session,
        plan: &'a Plan,
        receipt: Option<&'a Values>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Observation, Fault>>;
}
