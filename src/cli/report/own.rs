//! What was done from here, for the report: runs and our own changes out of the records.

use std::sync::Arc;

use super::incident::{Incident, Own};
use crate::base::Text;
use crate::model::EnvId;
use crate::runbook::audit::folds::Runs;
use crate::runbook::audit::told::Told;
use crate::runbook::audit::{AuditError, Files, verify_and};

/// Puts our own actions on the timelines, and tells the runs that were under way within the span.
pub fn add(incident: &mut Incident, files: &Files) {
    let span = incident.span;
    let places: Vec<(String, EnvId)> =
        incident.environments.iter().map(|story| (story.label(), story.environment.id)).collect();
    let place = |label: &str| places.iter().find(|(name, _)| name == label).map(|(_, id)| *id);
    let (mut runs, mut told, mut changes) = (Runs::default(), Told::default(), Vec::new());
    let verified = verify_and(files, |record| {
        runs.add(&record);
        changes.extend(told.change(&record, place).filter(|change| span.contains(change.at)).map(Arc::new));
    });
    for story in &mut incident.environments {
        story.changes.extend(changes.iter().filter(|change| change.env == story.environment.id).cloned());
    }
    incident.own = Own {
        runs: runs
            .all()
            .iter()
            .filter(|run| place(&run.environment).is_some())
            .filter(|run| run.began <= span.to && run.last >= span.from)
            .cloned()
            .collect(),
        broken: match verified {
            Ok(report) => report.broken(),
            Err(AuditError::None(_)) => None,
            Err(error) => Some(Text::new(error.to_string())),
        },
    };
}
