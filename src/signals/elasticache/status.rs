//! The status words of groups, cache clusters, nodes and serverless caches as severities.

use super::cache::ClusterState;
use crate::model::Severity;

/// Whether it can be used (ElastiCache API Reference, ReplicationGroup, CacheCluster and ServerlessCache; User Guide,
/// viewing node status, which writes some words with underscores). Words that are not known are unknown.
pub fn severity(status: &str) -> Severity {
    match plain(status).as_str() {
        "available" | "creating" | "deleting" | "deleted" | "modifying" | "snapshotting" | "updating" => Severity::Ok,
        "create-failed" | "restore-failed" | "failed" => Severity::Critical,
        status if status.starts_with("rebooting") => Severity::Warning,
        status if status.starts_with("incompatible-") => Severity::Critical,
        _ => Severity::Unknown,
    }
}

/// The word in small letters with hyphens.
pub fn plain(status: &str) -> String {
    if status.is_empty() { "no status".to_owned() } else { status.to_lowercase().replace(['_', ' '], "-") }
}

/// True while it runs, so that it has metrics.
pub fn runs(status: &str) -> bool {
    serves(status) || plain(status).starts_with("rebooting") || severity(status) == Severity::Unknown
}

/// True while it can be used.
pub fn serves(status: &str) -> bool {
    matches!(plain(status).as_str(), "available" | "modifying" | "snapshotting" | "updating")
}

/// Nodes of a cache cluster that can be used. Where the nodes are not shown, the cluster's status is theirs.
pub fn nodes_ok(state: &ClusterState) -> usize {
    let serving = serves(&state.status) || plain(&state.status).starts_with("rebooting");
    if state.nodes.is_empty() {
        if serves(&state.status) { state.node_total() } else { 0 }
    } else {
        state.nodes.iter().filter(|node| serving && serves(node)).count()
    }
}
