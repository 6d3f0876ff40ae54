//! A situation in which every guard is content, and leave for a plan in it: for tests of what lies behind the guards.
use jiff::ToSpan;

use crate::guard::{Approvals, Authorized, Freeze, Given, LockState, Policy, Situation, Trust, authorise, confirm};
use crate::model::{EnvId, Environment, Identity, Plan, Risk, Tier};

/// Every guard is content with `plan`, as far as that depends on anything but the plan.
pub(crate) fn content(plan: &Plan) -> Situation {
    let identity =
        Identity { account: plan.target.account.clone(), arn: "arn:aws:sts::111122223333:assumed-role/op/me".into() };
    let (system, name) = plan.target.environment.split_once('/').unwrap();
    Situation {
        now: plan.read_at,
        pace: 1.0,
        environment: Environment {
            id: EnvId(0),
            system: system.into(),
            name: name.into(),
            tier: Tier::Production,
            region: plan.target.region.clone(),
            account: Some(plan.target.account.clone()),
            profile: None,
            read_only: false,
        },
        identity: Ok(identity.clone()),
        planned_as: Some(identity),
        armed_until: Some(plan.read_at + 15.minutes()),
        skew_s: Some(0),
        lock: LockState::Ours,
        unresolved: Vec::new(),
        busy: None,
        used: false,
        freeze: Freeze::Off,
        approvals: Approvals::default(),
        trust: Trust::BuiltIn,
        targets: 1,
        broken_records: None,
    }
}

/// Leave for a plan that no guard refuses.
pub(crate) fn leave(plan: &Plan) -> Authorized<Plan> {
    let situation = content(plan);
    let policy = Policy::new("test", Risk::High);
    let given = Given { typed: confirm::phrase_for(plan, &situation, policy.risk), ..Given::default() };
    authorise(plan, &Ok(plan.clone()), &policy, &situation, &given, Some(situation.now)).unwrap()
}
