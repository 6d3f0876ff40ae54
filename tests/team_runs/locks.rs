//! The lock of the team while an outcome is unknown, and where the table cannot be asked.

use std::sync::Arc;

use tokio::sync::Notify;
use watchfloor::runbook::reconcile::reconcile;

use super::*;

const LOCK: &str = "lock/payments-prod-payment-processing";
const RUNBOOK: &str = "lambda-alias-rollback";

fn over(reason: &str) -> Option<Overridden> {
    Some(Overridden { rule: LOCK.into(), reason: reason.into() })
}

/// It was refused by the lock of `holder`, because nobody knows what became of `run`.
#[track_caller]
fn refused_by(run: &Run, holder: &str, of: &Text) {
    assert_eq!(ending(run), Ending::NotSent, "{:?}", run.ending);
    let refusal = run.refusals().find(|refusal| refusal.rule == LOCK).expect("the lock refuses");
    for word in [holder, &format!("the outcome of {of}"), "is unknown"] {
        assert!(refusal.says.contains(word), "{}", refusal.says);
    }
}

fn taken_over(person: &Person) -> Vec<(String, String)> {
    let entries = person.records().into_iter().map(|record| record.entry);
    let taken = entries.filter_map(|entry| match entry {
        Entry::TakenOver { from, reason, .. } => Some((from.to_string(), reason.to_string())),
        _ => None,
    });
    taken.collect()
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_blocks_the_target_for_everybody_until_it_is_known() {
    let estate = Estate::new(40).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    estate.endpoint.rules().add(Rule::all(FaultMode::CommitThenCut).operation("UpdateAlias").times(1));
    let hangup = |run: &Run| (run.phase == Phase::Resolving).then(|| Event::Hangup("the terminal was closed".into()));
    let left = kim.start(RUNBOOK, "41", None, hangup).await.await.unwrap();
    assert_eq!((ending(&left), estate.sent()), (Ending::Stopped, 1), "{:?}", left.ending);
    for minutes in [0, 30, 600] {
        estate.minutes(minutes).await;
        refused_by(&sam.attempt(RUNBOOK, "42", None).await, "kim@desk", &left.id);
    }
    assert_eq!(estate.sent(), 1);
    let found = reconcile(&kim.station, &[]).await.unwrap();
    assert!(found.len() == 1 && found[0].resolved, "{found:?}");
    verified(&sam.attempt(RUNBOOK, "42", None).await);
    assert_eq!(estate.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_of_a_console_that_was_killed_is_waited_for_or_taken_over_by_name() {
    let estate = Estate::new(40).await;
    let (kim, sam) = (estate.person("kim").await, estate.person("sam").await);
    let sending = Arc::new(Notify::new());
    let (told, id) = (Arc::clone(&sending), Arc::new(Mutex::new(Text::default())));
    let known = Arc::clone(&id);
    let watch = move |run: &Run| {
        if run.phase == Phase::Sending {
            *known.lock().unwrap() = run.id.clone();
            told.notify_one();
        }
        None
    };
    let killed = kim.start(RUNBOOK, "41", None, watch).await;
    sending.notified().await;
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());
    estate.minutes(240).await;
    let id = id.lock().unwrap().clone();
    refused_by(&sam.attempt(RUNBOOK, "40", None).await, "kim@desk", &id);
    refused_by(&sam.attempt(RUNBOOK, "40", over(" ")).await, "kim@desk", &id);
    let before = estate.sent();
    verified(&sam.attempt(RUNBOOK, "40", over("kim's machine is dead, the alias was looked at")).await);
    assert_eq!(estate.sent(), before + 1);
    let taken = taken_over(&sam);
    assert!(taken.len() == 1 && taken[0].0.contains("kim@desk"), "{taken:?}");
    // It is over: the next one finds it free.
    verified(&sam.attempt(RUNBOOK, "41", None).await);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_cannot_be_read_is_overridden_for_one_run_at_a_time() {
    let estate = Estate::new(40).await;
    let kim = estate.person("kim").await;
    for operation in ["PutItem", "GetItem"] {
        estate.endpoint.rules().add(Rule::all(FaultMode::Denied).operation(operation));
    }
    let down = "the team's table is down";
    let (one, two) = tokio::join!(kim.attempt(RUNBOOK, "41", over(down)), kim.attempt(RUNBOOK, "40", over(down)));
    let ended: BTreeSet<_> = [ending(&one), ending(&two)].map(|ending| format!("{ending:?}")).into();
    assert_eq!(estate.sent(), 1, "{:?} {:?}", one.ending, two.ending);
    assert_eq!(ended, BTreeSet::from(["NotSent".to_owned(), "Verified".to_owned()]));
    let loser = if ending(&one) == Ending::NotSent { &one } else { &two };
    assert!(loser.refusals().any(|refusal| refusal.says.contains("still at it")), "{:?}", loser.verdicts);
    let taken = taken_over(&kim);
    assert!(taken.len() == 1 && taken[0].0.contains("could not be read") && taken[0].1 == down, "{taken:?}");
}
