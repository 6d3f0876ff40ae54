//! How bad an event of a database or a cache is, by its categories and its words.

use crate::model::Severity;

/// Words of what is down or has run out (RDS User Guide, Amazon RDS event categories and event messages; ElastiCache
/// User Guide, Event notifications).
const CRITICAL: &[&str] = &[
    "failure",
    "failed",
    "low storage",
    "storage is low",
    "storage capacity",
    "storage-full",
    "storage full",
    "out of memory",
    "out of space",
    "unhealthy",
    "unavailable",
    "shutdown",
    "shut down",
    "stopped",
    "deleted",
];

/// Words of what interrupts.
const WARNING: &[&str] = &[
    "failover",
    "failing over",
    "restart",
    "reboot",
    "recovery",
    "degrad",
    "maintenance",
    "replaced",
    "lag",
    "throttl",
    "patching",
];

/// How bad an event with these words is by itself.
pub fn of(words: &str) -> Severity {
    let words = words.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if has(CRITICAL) {
        Severity::Critical
    } else if has(WARNING) {
        Severity::Warning
    } else {
        Severity::Ok
    }
}

/// True for a change of the primary, begun or ended.
pub fn is_failover(words: &str) -> bool {
    let words = words.to_lowercase();
    words.contains("failover") || words.contains("failing over") || words.contains("failed over")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("low storage The free storage capacity for DB Instance: x is low at 3%", Severity::Critical, false)]
    #[case("failover Started cross AZ failover to DB instance: x", Severity::Warning, true)]
    #[case("failover Completed failover to DB instance: x", Severity::Warning, true)]
    #[case("backup Finished DB Instance backup", Severity::Ok, false)]
    #[case("availability DB instance restarted", Severity::Warning, false)]
    #[case("Failover to replica node x-002 completed", Severity::Warning, true)]
    #[case("", Severity::Ok, false)]
    fn events_by_their_words(#[case] words: &str, #[case] how: Severity, #[case] failover: bool) {
        assert_eq!((of(words), is_failover(words)), (how, failover));
    }
}
