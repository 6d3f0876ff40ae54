//! The inverse of a run, from the records: also of a run of another console, or of one that is long over.

use crate::actions::{self, Action};
use crate::base::Text;
use crate::guard::Policy;
use crate::model::{Entry, EnvId, Plan, Risk, Sent, Target, Values};
use crate::runbook::audit::{AuditError, Reader};
use crate::runbook::course::{Course, of_undo};
use crate::runbook::station::Station;

/// What brings a run back.
pub struct Inverse {
    /// Where.
    pub env: EnvId,
    /// The action that does it.
    pub action: &'static dyn Action,
    /// Its course.
    pub course: Course,
    /// The run's target.
    pub target: Target,
    /// The action's parameters.
    pub params: Values,
}

/// Why a run has no inverse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoInverse {
    /// The records do not have it, or nothing was applied.
    #[error("the records have no applied change of {0}")]
    NotApplied(Text),
    /// Nothing brings it back.
    #[error("nothing brings {0} back")]
    None(Text),
    /// Its environment is not configured here.
    #[error("{0} is not configured here")]
    Elsewhere(Text),
    /// The records cannot be read.
    #[error(transparent)]
    Records(#[from] AuditError),
}

/// The inverse of `run`: it comes with the plan of its last applied change.
///
/// # Errors
/// There is none, and why.
pub fn of_run(station: &Station, run: &str) -> Result<Inverse, NoInverse> {
    let mut asked: Option<(Box<Plan>, Text)> = None;
    let mut applied: Option<(Box<Plan>, Text)> = None;
    Reader::open(station.log.files().clone()).read(|record| match &record.entry {
        Entry::Intent { run: of, plan, runbook, .. } if **of == *run => asked = Some((plan.clone(), runbook.clone())),
        Entry::Outcome { run: of, sent: Sent::Accepted { .. }, .. } if **of == *run => applied.clone_from(&asked),
        Entry::Resolved { run: of, applied: true, .. } if **of == *run => applied.clone_from(&asked),
        _ => {}
    })?;
    let (plan, runbook) = applied.ok_or_else(|| NoInverse::NotApplied(run.into()))?;
    let undo = plan.undo.clone().ok_or_else(|| NoInverse::None(run.into()))?;
    let label = &plan.target.environment;
    let env = station.environment_of(label).ok_or_else(|| NoInverse::Elsewhere(label.clone()))?;
    let action = actions::by_id(&undo.action).ok_or_else(|| NoInverse::None(run.into()))?;
    let course = of_undo(&runbook, &Policy::new(runbook.to_string(), Risk::High), &undo);
    Ok(Inverse { env, action, course, target: plan.target.clone(), params: undo.params })
}
