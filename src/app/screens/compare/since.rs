//! The last change of a resource that the timeline knows.

use std::sync::Arc;

use crate::app::screens::timeline::data::Data;
use crate::model::{Change, EnvId};

/// The newest change of a resource of an environment, by AWS's name of it; what alarms say and do is none.
pub fn last_change<'a>(known: [&'a Data; 2], env: EnvId, name: &str) -> Option<&'a Arc<Change>> {
    let parts = known.into_iter().flat_map(Data::parts).filter(|(of, _)| *of == env);
    let changes = parts.flat_map(|(_, part)| &part.changes);
    changes.filter(|change| *change.resource == *name && !change.kind.is_symptom()).max_by_key(|change| change.at)
}
