//! The runbook that only reads: why tasks do not start.

use std::sync::Arc;

use watchfloor::model::record::Ending;

use crate::case::assert_verified;
use crate::stage::{Stage, ending, let_go, quiet};

/// Its id.
pub const RUNBOOK: &str = "uex-tasks-not-starting";

fn stage(minute: u64) -> Stage {
    Stage::new("uex-payments", "image-pull", "prod", minute)
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_somebody_has_helped_the_service() {
    let stage = stage(12);
    let diagnosis = stage.run(RUNBOOK, "uex-backend", &[]).await;
    let help = stage.run("ecs-rollback", "uex-backend", &[]).await;
    let diagnose = let_go(Arc::clone(&stage.station), stage.env, diagnosis, quiet);
    let helped = async {
        stage.minutes(2).await;
        stage.carry_out(help, quiet).await
    };
    let (diagnosis, help) = tokio::join!(diagnose, helped);
    assert_verified(&help);
    assert_verified(&diagnosis);
    assert!(diagnosis.sendings.is_empty());
    assert_eq!(stage.mutations(), ["UpdateService"], "the other run's");
    let seen = diagnosis.checks.iter().filter_map(|checked| checked.at).max();
    assert!(seen > help.sendings.last().map(|sending| sending.at), "on data of after the help");
    assert_eq!(stage.alarm("uex-payments-prod-uex-backend-running-tasks").await, "OK");
    assert_eq!(stage.station.broken(), None);
}

#[tokio::test(start_paused = true)]
async fn it_asks_while_the_deployment_goes_on_and_nothing_is_armed() {
    for (minute, state) in [(2, "IN_PROGRESS"), (12, "FAILED")] {
        let stage = stage(minute);
        let run = stage.run(RUNBOOK, "uex-backend", &[]).await;
        let run = stage.let_go(run, quiet).await;
        assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
        let says = &run.ending.as_ref().unwrap().1;
        assert!(says.contains("step running did not come true within 15 min"), "{says}");
        let asked: Vec<String> = run.questions().map(|(_, text)| text.to_string()).collect();
        assert_eq!(asked.len(), 4);
        assert!(run.seen.is_empty() && stage.mutations().is_empty());
        assert!(
            asked[0].contains(&format!("the deployment of uex-payments-prod-uex-backend:86 is {state}")),
            "{asked:?}"
        );
        assert_eq!(stage.order(), ["closed"], "no intent");
    }
}
