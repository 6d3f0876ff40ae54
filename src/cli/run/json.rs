//! Plans and states of runs as JSON, schema 1.

use serde_json::{Value as Json, json};

use crate::base::Text;
use crate::guard::{Judged, confirm, digest};
use crate::model::record::Ending;
use crate::runbook::machine::{Phase, Run};

/// The plan with everything that the guards say.
pub fn plan(run: &Run, allowed: bool) -> Json {
    let confirm = run.plan.as_ref().zip(run.situation.as_ref());
    let risk = run.course.policy.risk;
    json!({
        "schema": 1,
        "runbook": run.course.runbook,
        "title": run.course.title,
        "risk": risk,
        "target": run.target,
        "allowed": allowed,
        "fault": run.no_plan,
        "plan": run.plan,
        "guards": run.verdicts,
        "unmet": run.unmet.iter().map(|(says, offer)| json!({"says": says, "offer": offer})).collect::<Vec<_>>(),
        "questions": run.questions().map(|(id, text)| json!({"step": id, "asks": text})).collect::<Vec<_>>(),
        "confirm": confirm.map(|(plan, situation)| confirm::phrase_for(plan, situation, risk)),
        "digest": run.plan.as_ref().map(digest::digest),
        "sent": run.sendings.len(),
    })
}

/// The state of a run, one object a line.
pub fn state(run: &Run) -> Json {
    json!({
        "schema": 1,
        "run": run.id,
        "state": phase(run.phase),
        "step": run.step().map(|step| &step.id),
        "observed": run.seen.last(),
        "checks": run.checks.iter().map(|checked| json!({
            "holds": checked.holds, "says": checked.says, "read_at": checked.at,
        })).collect::<Vec<_>>(),
        "paused": run.paused,
        "unwritten": run.unwritten,
        "refusals": refusals(run),
        "overridden": run.verdicts.iter()
            .filter(|verdict| matches!(verdict.judged, Judged::Overridden { .. }))
            .map(|verdict| &verdict.rule).collect::<Vec<_>>(),
        "asks": run.asking().map(|(step, text)| json!({"step": step, "asks": text})),
        "digest": run.plan.as_ref().map(digest::digest),
        "sent": run.sendings.len(),
        "outcome": run.sendings.last().and_then(|sending| sending.sent.as_ref()),
        "ending": run.ending.as_ref().map(|(ending, says)| json!({"ending": ending, "says": says})),
        "verified": matches!(run.ending, Some((Ending::Verified, _))),
    })
}

/// The rules that refuse; the confirmation is one of them once something else was typed than is asked for.
fn refusals(run: &Run) -> Vec<Text> {
    let rules: Vec<Text> = run.refusals().map(|verdict| verdict.rule.clone()).collect();
    let mistyped = || run.unconfirmed().filter(|_| run.attempts > 0 && !run.confirmed);
    if rules.is_empty() { mistyped().into_iter().map(|verdict| verdict.rule).collect() } else { rules }
}

/// A phase in a word.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Planning => "planning",
        Phase::Ready => "ready",
        Phase::Locking => "locking",
        Phase::Recording => "recording",
        Phase::Rereading => "rereading",
        Phase::Sending => "sending",
        Phase::Resolving => "unknown",
        Phase::BackingOff { .. } => "backing-off",
        Phase::Waiting => "waiting",
        Phase::Holding { .. } => "holding",
        Phase::Asking => "asking",
        Phase::Verifying => "verifying",
        Phase::Closed => "closed",
    }
}
