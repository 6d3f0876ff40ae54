//! Gathers what the guards look at besides the plan.

use crate::guard::situation::SKEW_S;
use crate::guard::{Approvals, Situation};
use crate::model::{EnvId, Environment, Fault, FaultKind, Plan};
use crate::runbook::machine::Run;
use crate::runbook::station::Station;

/// Asks everything anew: who the mutating client is, the lock, the records, the calendar, the approvals.
pub async fn gather(station: &Station, env: EnvId, run: &Run, plan: Option<&Plan>) -> Situation {
    let (identity, skew_s) = match station.operator(env).await {
        Ok(operator) => {
            let identity = operator.verify_identity().await;
            (identity, operator.session().clock_skew())
        }
        Err(fault) => (Err(fault), None),
    };
    let planned_as = match &run.situation {
        Some(before) if run.plan.is_some() => before.planned_as.clone().or_else(|| before.identity.clone().ok()),
        _ => identity.clone().ok(),
    };
    let records = station.standing(&run.target.arn, &run.id);
    if let Ok(identity) = &identity {
        station.knows(env, &identity.arn);
    }
    let approvals = match plan {
        Some(plan) if run.course.policy.others > 0 => station.approvals(env, run, plan).await,
        _ => Approvals::default(),
    };
    let sent_before = |plan: &&Plan| {
        let same = |sending: &&crate::runbook::machine::Sending| sending.plan == **plan;
        run.sendings.iter().find(same).is_some_and(|sending| sending.applied != Some(false))
    };
    let gone = || Fault::new(FaultKind::Invalid, "guards", "the environment is not configured any more");
    let lock = station.lock_state(run, skew_s.is_none_or(|skew| skew.abs() <= SKEW_S)).await;
    let environment = station.environment(env);
    // After everything that takes time: what was read grows old meanwhile.
    let now = station.clock.now();
    let identity = if environment.is_some() { identity } else { Err(gone()) };
    Situation {
        now,
        pace: station.clock.speed(),
        identity,
        planned_as,
        armed_until: station.arming.get(env, now).map(|armed| armed.until),
        skew_s,
        lock,
        unresolved: records.unresolved,
        busy: station.busy_with(run),
        used: plan.as_ref().is_some_and(sent_before),
        freeze: station.freeze(env, now),
        approvals,
        trust: station.library.trust(&run.course.runbook),
        targets: 1,
        broken_records: records.broken,
        environment: environment.unwrap_or_else(|| Environment::unknown(env)),
    }
}
