//! What became of intents of earlier consoles: found out by reading only. Nothing is ever sent again.

use jiff::Timestamp;

use crate::actions;
use crate::base::Text;
use crate::model::{Entry, EnvId, Standing};
use crate::runbook::audit::{AuditError, Open};
use crate::runbook::station::Station;

/// Seconds after the intent from which a target that reads as before counts: AWS answers late at times.
const SETTLED_S: i64 = 60;

/// An unresolved intent, with what was read of its target, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The intent.
    pub open: Open,
    /// What was read, or why nothing could be.
    pub says: Text,
    /// True where it is resolved now: written to the records.
    pub resolved: bool,
}

/// Reads the targets of all unresolved intents of environments that are configured here, and resolves those that a
/// reading decides.
///
/// # Errors
/// The records cannot be read or written.
pub async fn reconcile(station: &Station, own_runs: &[Text]) -> Result<Vec<Found>, AuditError> {
    let open = station.with_books(|books| books.unresolved.open().to_vec())?;
    let mut found = Vec::new();
    for open in open.into_iter().filter(|open| !own_runs.contains(&open.run)) {
        let (says, applied) = look(station, &open).await;
        let mut resolved = false;
        if let (Some(applied), Some(env)) = (applied, station.environment_of(&open.plan.target.environment)) {
            let (run, step) = (open.run.clone(), open.step.clone());
            let entry = Entry::Resolved { run, step, applied, by_person: false, says: says.clone() };
            station.log.append(entry, &station.author(env), station.clock.now())?;
            if applied {
                owe(station, env, &open)?;
            }
            resolved = true;
        }
        found.push(Found { open, says, resolved });
    }
    station.release_resolved().await;
    Ok(found)
}

/// Takes a person's word for what became of an intent. [`Station::release_resolved`] comes after it.
///
/// # Errors
/// There is no such intent, or the records cannot be written.
pub fn resolve(station: &Station, run: &str, step: &str, applied: bool, reason: &Text) -> Result<(), AuditError> {
    let open = station.with_books(|books| {
        books.unresolved.open().iter().find(|open| *open.run == *run && *open.step == *step).cloned()
    })?;
    let Some(open) = open else { return Ok(()) };
    let env = station.environment_of(&open.plan.target.environment).unwrap_or(EnvId(usize::MAX));
    let says = reason.clone();
    let entry = Entry::Resolved { run: open.run.clone(), step: open.step.clone(), applied, by_person: true, says };
    station.log.append(entry, &station.author(env), station.clock.now())?;
    if applied { owe(station, env, &open) } else { Ok(()) }
}

/// What an applied change leaves to be brought back.
fn owe(station: &Station, env: EnvId, open: &Open) -> Result<(), AuditError> {
    let Some(owed) = &open.plan.owed else { return Ok(()) };
    let entry = Entry::Owed {
        run: open.run.clone(),
        environment: open.plan.target.environment.clone(),
        says: owed.says.clone(),
        undo: open.plan.undo.clone(),
        arn: open.plan.target.arn.clone(),
        ends: owed.ends,
    };
    station.log.append(entry, &station.author(env), station.clock.now()).map(|_| ())
}

/// Reads one target; what it says, and whether the change was applied where that is certain.
async fn look(station: &Station, open: &Open) -> (Text, Option<bool>) {
    let Some(env) = station.environment_of(&open.plan.target.environment) else {
        return (Text::new(format!("{} is not configured here", open.plan.target.environment)), None);
    };
    let Some(action) = actions::by_id(&open.plan.action) else {
        return (Text::new(format!("this program has no action {}", open.plan.action)), None);
    };
    let session = match station.reader(env).await {
        Ok(session) => session,
        Err(fault) => return (fault.to_string().into(), None),
    };
    let now = station.clock.now();
    match action.observe(&session, &open.plan, None, now).await {
        Err(fault) => (fault.to_string().into(), None),
        Ok(seen) => {
            let applied = match seen.standing {
                Standing::Underway | Standing::Done | Standing::Failed | Standing::Overtaken => Some(true),
                Standing::NotApplied => is_settled(open.at, now).then_some(false),
                Standing::Unclear => None,
            };
            (seen.says, applied)
        }
    }
}

fn is_settled(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).as_secs() >= SETTLED_S
}
