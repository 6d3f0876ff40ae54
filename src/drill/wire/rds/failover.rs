//! FailoverDBCluster.

use winterbaume_rds::model::FailoverDBClusterResult;

use super::super::{ApiError, Edit, Reply, records, reply};
use super::{clusters, parts};
use crate::drill::world::rds::FailoverOrder;

/// Asks for a failover; it begins within seconds.
pub fn cluster(edit: &mut Edit<'_>) -> Reply {
    let input = edit.input;
    let missing = || ApiError::bad("MissingParameter", "The request must contain the parameter DBClusterIdentifier.");
    let asked = input.text("DBClusterIdentifier").ok_or_else(missing)?;
    edit.only(&["Action", "Version", "DBClusterIdentifier", "TargetDBInstanceIdentifier"]).map_err(records::invalid)?;
    let found = edit.world.rds.clusters.values().find(|one| parts::names(asked, &one.id, &one.arn));
    let found = found.ok_or_else(|| parts::no_cluster(asked))?;
    let state = |message: String| ApiError::bad("InvalidDBClusterStateFault", message);
    if found.status != "available" || found.failover.is_some() {
        let status = if found.failover.is_some() { "failing-over" } else { &found.status };
        return Err(state(format!("DB cluster {} is not in the available state: {status}", found.id)));
    }
    let readers = found.readers();
    if readers.is_empty() {
        return Err(state(format!("DB cluster {} has no reader that could take over.", found.id)));
    }
    let target = match input.text("TargetDBInstanceIdentifier") {
        Some(target) => {
            let reader = readers.iter().find(|reader| reader.eq_ignore_ascii_case(target));
            let message = || format!("DB instance {target} is not a reader of the DB cluster {}.", found.id);
            Some((*reader.ok_or_else(|| ApiError::bad("InvalidDBInstanceState", message()))?).to_owned())
        }
        None => None,
    };
    let answer = FailoverDBClusterResult { d_b_cluster: Some(clusters::output(&edit.ask(), found)) };
    let id = found.id.clone();
    if let Some(cluster) = edit.world.rds.clusters.get_mut(&id) {
        cluster.failover = Some(FailoverOrder { target });
    }
    reply(&answer)
}
