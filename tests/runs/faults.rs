//! Faults between the console and AWS: what was not sent, and what was never sent again.

use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::model::record::Ending;
use watchfloor::runbook::machine::Phase;

use crate::stage::{Stage, quiet};

#[tokio::test(start_paused = true)]
async fn unarmed_nothing_is_sent() {
    let stage = Stage::new("payments", "bad-deploy", "prod", 12);
    let run = stage.run("lambda-alias-rollback", "payment-processing", &[]).await;
    let run = stage.let_go(run, quiet).await;
    assert_eq!(run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::NotSent));
    assert!(stage.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_cut_after_the_send_is_read_back_and_never_sent_again() {
    for mode in [FaultMode::CommitThenCut, FaultMode::CommitThen500] {
        let stage = Stage::new("payments", "bad-deploy", "prod", 12);
        stage.endpoint.rules().add(Rule::all(mode.clone()).operation("UpdateAlias").times(1));
        let run = stage.run("lambda-alias-rollback", "payment-processing", &[]).await;
        let run = stage.carry_out(run, quiet).await;
        assert_eq!(run.phase, Phase::Closed);
        assert_eq!(stage.mutations(), ["UpdateAlias"], "{mode:?}");
        assert_eq!(run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::Verified), "{mode:?} {:?}", run.ending);
        let resolved = stage.records().iter().filter(|record| crate::undo::kind(&record.entry) == "resolved").count();
        assert_eq!(resolved, 1, "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_known_not_applied() {
    let stage = Stage::new("payments", "bad-deploy", "prod", 12);
    stage.endpoint.rules().add(Rule::all(FaultMode::Unreachable).operation("UpdateAlias"));
    let run = stage.run("lambda-alias-rollback", "payment-processing", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::Rejected));
    assert_eq!(stage.mutations().len(), 1);
}
