//! The status words of DB instances and DB clusters as severities.

use crate::model::Severity;

/// Whether the database can be used, by the status of an instance or a cluster (RDS and Aurora User Guides, viewing
/// the status). Words that are not known are unknown.
pub fn severity(status: &str) -> Severity {
    match status {
        "available"
        | "active"
        | "backing-up"
        | "creating"
        | "delete-precheck"
        | "deleting"
        | "modifying"
        | "moving-to-vpc"
        | "converting-to-vpc"
        | "preparing-data-migration"
        | "resetting-master-credentials"
        | "scaling-capacity"
        | "storage-config-upgrade"
        | "storage-initialization"
        | "storage-optimization"
        | "update-iam-db-auth" => Severity::Ok,
        "backtracking" | "maintenance" | "migrating" | "promoting" | "rebooting" | "renaming" | "starting"
        | "stopped" | "stopping" | "upgrading" => Severity::Warning,
        "cloning-failed"
        | "failed"
        | "failing-over"
        | "insufficient-capacity"
        | "migration-failed"
        | "restore-error"
        | "storage-full" => Severity::Critical,
        _ if status.starts_with("configuring-") => Severity::Ok,
        _ if status.starts_with("inaccessible-") || status.starts_with("incompatible-") => Severity::Critical,
        _ => Severity::Unknown,
    }
}

/// True while the instance runs, so that it has metrics.
pub fn runs(status: &str) -> bool {
    let gone = ["creating", "deleting", "failed", "insufficient-capacity", "restore-error", "starting", "stopped"];
    let never = ["inaccessible-", "incompatible-network", "incompatible-restore"];
    !gone.contains(&status) && !never.iter().any(|prefix| status.starts_with(prefix))
}

/// The status for a cell.
pub fn words(status: &str) -> &str {
    if status.is_empty() { "no status" } else { status }
}
