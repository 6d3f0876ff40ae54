//! An environment of a drill with an armed operator, and a situation in which every guard is content.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use watchfloor::cloud::{Operator, Session};
use watchfloor::drill::wire::Endpoint;
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::guard::{Approvals, Freeze, LockState, Situation, Trust};
use watchfloor::model::{EnvId, Environment, Identity, Plan};

pub struct Rig {
    pub drill: Drill,
    pub endpoint: Arc<Endpoint>,
    pub session: Session,
    pub operator: Operator,
}

impl Rig {
    /// `environment` of an estate, some minutes into a scenario.
    pub async fn open(estate: &str, scenario: &str, elapsed_min: u64, environment: &str) -> Self {
        let options = DrillOptions {
            scenario: Some(scenario.to_owned()),
            elapsed: Duration::from_secs(elapsed_min * 60),
            ..DrillOptions::new(estate, "2026-11-21T03:30:00Z".parse().unwrap())
        };
        let drill = Drill::open(&options).unwrap();
        let endpoint = Arc::new(drill.endpoint());
        let config = drill.config.environments.iter().find(|known| known.name == environment).unwrap().clone();
        let transport = connector::transport(Arc::clone(&endpoint));
        let session = Session::open(&config, config.environment(EnvId(0)), &transport).await.unwrap();
        let operator = Operator::open(&config, EnvId(0), &transport).await.unwrap();
        operator.arm(true);
        Self { drill, endpoint, session, operator }
    }
}

/// Every guard is content, as far as that depends on anything but the plan.
pub fn content(plan: &Plan, environment: &Environment, identity: Identity, now: Timestamp) -> Situation {
    Situation {
        now,
        pace: 1.0,
        environment: environment.clone(),
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
