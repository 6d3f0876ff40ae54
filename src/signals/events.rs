//! What a service told of its resources since a past minute: of which of them the status of today was the status then.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::cloud::limits;
use crate::model::{Fault, FaultKind};
use crate::signals::Then;

/// Why a resource's past is unknown although it was described.
pub const CHANGED_SINCE: &str = "its status at that minute cannot be told: events since";
/// In the cell of such a resource.
pub const UNTOLD: &str = "unknown at that minute";
/// How much earlier than a status changes its event may be dated.
const LEAD: SignedDuration = SignedDuration::from_mins(5);
/// Longer than this no backup takes that has told its end only.
const BACKUP: SignedDuration = SignedDuration::from_hours(2);

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: Timestamp,
    /// Name of the resource.
    pub name: String,
    /// Its categories and its message.
    pub words: String,
}

/// The earliest event that matters for a past minute.
///
/// # Errors
/// The service does not remember that far back.
pub fn since(then: &Then, service: &str) -> Result<Timestamp, Fault> {
    let from = then.at.checked_sub(LEAD).unwrap_or(then.at);
    // One minute less, so that it is still within the limit when the request arrives.
    let days = SignedDuration::from_hours(24 * limits::EVENT_DAYS) - SignedDuration::from_mins(1);
    if then.now.duration_since(from) > days {
        let why = format!("{service} keeps events for {} days: its status then is not known", limits::EVENT_DAYS);
        return Err(Fault::new(FaultKind::NotKept, "past", why));
    }
    Ok(from)
}

/// What was told of every resource.
#[derive(Debug, Clone, Default)]
pub struct Events(BTreeMap<String, Vec<Told>>);

impl Events {
    /// By name.
    pub fn new(told: Vec<Told>) -> Self {
        let mut by_name: BTreeMap<String, Vec<Told>> = BTreeMap::new();
        for event in told {
            by_name.entry(event.name.to_lowercase()).or_default().push(event);
        }
        Self(by_name)
    }

    /// What was told of a resource.
    pub fn of(&self, name: &str) -> &[Told] {
        self.0.get(&name.to_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }

    /// True where an event may have changed the status of a resource between `at` and the present. The services write
    /// names in small letters, whatever the operator wrote.
    pub fn touch(&self, name: &str, at: Timestamp) -> bool {
        let (routine, others): (Vec<&Told>, Vec<&Told>) =
            self.of(name).iter().partition(|event| is_routine(&event.words));
        !others.is_empty()
            || routine.into_iter().filter(|event| event.at > at).min_by_key(|e| e.at).is_some_and(|e| under_way(e, at))
    }
}

/// Backups and snapshots come every day and leave the status as it was.
fn is_routine(words: &str) -> bool {
    let words = words.to_lowercase();
    let is_backup = words.contains("backup") || words.contains("snapshot") || words.contains("backing up");
    is_backup && !words.contains("restor")
}

/// True when the first backup event after a minute tells an end, so that the backup may have been going on then.
fn under_way(first: &Told, at: Timestamp) -> bool {
    let words = first.words.to_lowercase();
    let begins = ["backing up", "creating", "started", "starting"].iter().any(|word| words.contains(word));
    !begins && first.at.duration_since(at) <= BACKUP
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::MetricSet;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    #[rstest]
    #[case(1, "availability DB instance restarted", true)]
    #[case(5000, "failover Completed failover to DB instance: b", true)]
    #[case(60, "something new", true)]
    #[case(20, "backup Finished DB Instance backup", true)]
    #[case(20, "backup Backing up DB instance", false)]
    #[case(600, "Snapshot succeeded for snapshot with ID 'x' of cache 'a'", false)]
    #[case(-3, "backup Finished DB Instance backup", false)]
    #[case(30, "restoration Restored from snapshot x", true)]
    fn an_event_since_makes_the_status_unknown(#[case] minute: i64, #[case] words: &str, #[case] touched: bool) {
        let told = Told { at: at(minute), name: "a".into(), words: words.into() };
        let events = Events::new(vec![told]);
        assert_eq!(events.touch("A", at(0)), touched);
        assert!(!events.touch("b", at(0)));
    }

    #[test]
    fn what_nobody_remembers_is_a_fault_with_the_reason() {
        let then = |days: i64| Then { at: at(0), now: at(days * 1440), metrics: MetricSet::default() };
        assert_eq!(since(&then(13), "RDS").unwrap(), at(-5));
        assert!(since(&then(14), "RDS").unwrap_err().message.contains("RDS keeps events for 14 days"));
    }
}
