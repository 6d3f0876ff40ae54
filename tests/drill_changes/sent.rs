//! What one request comes to under each fault of the drill: known, or unknown; and never sent twice.

use std::sync::Arc;
use std::time::Duration;

use watchfloor::cloud::{Operator, sent};
use watchfloor::drill::connector;
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::model::{EnvId, Sent};

use crate::rig::Rig;

#[tokio::test(start_paused = true)]
async fn each_fault_is_known_not_applied_or_unknown() {
    for (mode, is_known) in [
        (FaultMode::RejectBefore, false),
        (FaultMode::CommitThenCut, false),
        (FaultMode::CommitThen500, false),
        (FaultMode::Hang, false),
        (FaultMode::Slow(Duration::from_secs(30)), false),
        (FaultMode::Throttle, true),
        (FaultMode::Expired, true),
        (FaultMode::Denied, true),
        (FaultMode::Unreachable, true),
    ] {
        let rig = Rig::new("uex-payments", "calm", 0);
        rig.endpoint.rules().add(Rule::all(mode.clone()).operation("UpdateService"));
        let config = rig.drill.config.environments.iter().find(|known| known.name == "prod").unwrap();
        let transport = connector::transport(Arc::clone(&rig.endpoint));
        let operator = Operator::open(config, EnvId(0), &transport).await.unwrap();
        operator.arm(true);
        let permit = operator.permit("UpdateService").unwrap();
        let request = permit.session().ecs().update_service().service("uex-backend").cluster("nowhere");
        let error = request.send().await.unwrap_err();
        let sent = sent::failed(permit.session(), "UpdateService", &error);
        let is_rejected = matches!(sent, Sent::Rejected { .. });
        assert_eq!(is_rejected, is_known, "{mode:?}: {sent:?}");
        assert!(rig.sent("UpdateService") <= 1, "{mode:?}: sent once");
    }
}
