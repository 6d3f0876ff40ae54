//! Somebody else changed the target between the plan and the send.

use std::sync::Arc;

use serde_json::json;
use watchfloor::drill::fault_modes::{FaultMode, OtherChange, Rule};
use watchfloor::guard::Guard;
use watchfloor::model::record::Ending;
use watchfloor::runbook::machine::Phase;

use crate::stage::{Stage, ending, once_in, refused_by, said};

/// Before the next reading of an alias somebody points it elsewhere.
pub fn alias_to(_: &Stage, version: &str) -> Rule {
    let input = json!({
        "FunctionName": "payments-prod-payment-processing",
        "Name": "live",
        "FunctionVersion": version,
    });
    let other = OtherChange { operation: "UpdateAlias".to_owned(), input };
    Rule::all(FaultMode::ChangedFirst(other)).service("lambda").times(1)
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_was_changed_is_stale_with_both_values() {
    let stage = Stage::bad_deploy();
    let (endpoint, other) = (Arc::clone(&stage.endpoint), alias_to(&stage, "41"));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, once_in(Phase::Rereading, move || endpoint.rules().add(other.clone()))).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Staleness), "{:?}", run.verdicts);
    let says = said(&run);
    assert!(says.contains("was 43 at") && says.contains("is 41 now"), "{says}");
    assert!(stage.mutations().is_empty());
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "refused", "closed"]);
    assert!(stage.unresolved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_desired_count_that_was_changed_is_stale_with_both_values() {
    let stage = Stage::new("uex-payments", "calm", "staging", 12);
    let input = json!({ "cluster": "uex-payments-staging", "service": "presentation", "desiredCount": 7 });
    let other = OtherChange { operation: "UpdateService".to_owned(), input };
    let rule = Rule::all(FaultMode::ChangedFirst(other)).service("ecs").times(1);
    let endpoint = Arc::clone(&stage.endpoint);
    let run = stage.run("ecs-scale", "presentation", &[("desired", 5.into())]).await;
    let run = stage.carry_out(run, once_in(Phase::Rereading, move || endpoint.rules().add(rule.clone()))).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Staleness), "{:?}", run.verdicts);
    let says = said(&run);
    assert!(says.contains("was 3 at") && says.contains("is 7 now"), "{says}");
    assert!(stage.mutations().is_empty());
}
