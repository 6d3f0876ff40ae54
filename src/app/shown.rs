//! Severity as it may be shown: unknown is never ok, stale is never fresh.

use jiff::Timestamp;

use crate::base::clock::seconds_between;
use crate::model::{Datum, Origin, Reading, Severity};

/// How far what a cell shows can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing has come yet.
    Waiting,
    /// Read within twice its cadence, and the last attempt went well.
    Fresh,
    /// Read without trouble, but longer ago than twice its cadence.
    Overdue,
    /// The last good value; a later attempt failed.
    Faulted,
    /// Read by an earlier run of the program; the first answer of this run is awaited.
    Cached,
    /// No value at all, only the reason.
    Failed,
}

impl Freshness {
    /// True only for a value that is as new as it should be.
    pub fn is_fresh(self) -> bool {
        self == Self::Fresh
    }
}

/// How fresh `datum` is at `now` when a report is due every `every_s` seconds.
pub fn freshness<T>(datum: &Datum<T>, every_s: u64, now: Timestamp) -> Freshness {
    match datum {
        Datum::Waiting => Freshness::Waiting,
        Datum::Live { at, .. } if seconds_between(*at, now) > every_s.saturating_mul(2) => Freshness::Overdue,
        Datum::Live { .. } => Freshness::Fresh,
        Datum::Stale { fault: Some(_), .. } => Freshness::Faulted,
        Datum::Stale { origin: Origin::Cache, .. } => Freshness::Cached,
        Datum::Stale { .. } => Freshness::Overdue,
        Datum::Failed { .. } => Freshness::Failed,
    }
}

/// What a judged severity counts as: old good news and old absence are unknown, old bad news stays bad.
pub fn as_shown(severity: Severity, freshness: Freshness) -> Severity {
    match freshness {
        Freshness::Fresh => severity,
        Freshness::Waiting | Freshness::Failed => Severity::Unknown,
        Freshness::Overdue | Freshness::Faulted | Freshness::Cached => severity.max(Severity::Unknown),
    }
}

/// The severity that a reading is shown with and counted as at `now`.
pub fn effective_severity(datum: &Datum<Reading>, every_s: u64, now: Timestamp) -> Severity {
    let judged = datum.value().map_or(Severity::Unknown, |reading| reading.severity);
    as_shown(judged, freshness(datum, every_s, now))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::*;
    use crate::model::{Fault, FaultKind};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn value(severity: Severity) -> Arc<Reading> {
        Arc::new(Reading { severity, ..Reading::default() })
    }

    fn stale(severity: Severity, fault: bool, origin: Origin) -> Datum<Reading> {
        let fault = fault.then(|| Fault::new(FaultKind::Timeout, "DescribeAlarms", "no answer"));
        Datum::Stale { value: value(severity), at: at(1000), fault, origin }
    }

    #[rstest]
    #[case::fresh_ok(Datum::Live { value: value(Severity::Ok), at: at(1000) }, 1060, Severity::Ok, Freshness::Fresh)]
    #[case::at_the_limit(Datum::Live { value: value(Severity::Ok), at: at(1000) }, 1120, Severity::Ok, Freshness::Fresh)]
    #[case::over_age(Datum::Live { value: value(Severity::Ok), at: at(1000) }, 1121, Severity::Unknown, Freshness::Overdue)]
    #[case::old_bad_news(Datum::Live { value: value(Severity::Critical), at: at(1000) }, 5000, Severity::Critical, Freshness::Overdue)]
    #[case::old_absence(Datum::Live { value: value(Severity::Absent), at: at(1000) }, 5000, Severity::Unknown, Freshness::Overdue)]
    #[case::fresh_absence(Datum::Live { value: value(Severity::Absent), at: at(1000) }, 1000, Severity::Absent, Freshness::Fresh)]
    #[case::faulted_ok(stale(Severity::Ok, true, Origin::ThisRun), 1001, Severity::Unknown, Freshness::Faulted)]
    #[case::faulted_warning(
        stale(Severity::Warning, true, Origin::ThisRun),
        1001,
        Severity::Warning,
        Freshness::Faulted
    )]
    #[case::cached_ok(stale(Severity::Ok, false, Origin::Cache), 1001, Severity::Unknown, Freshness::Cached)]
    #[case::waiting(Datum::Waiting, 1001, Severity::Unknown, Freshness::Waiting)]
    #[case::clock_behind(Datum::Live { value: value(Severity::Ok), at: at(1000) }, 10, Severity::Ok, Freshness::Fresh)]
    fn stale_is_never_fresh(
        #[case] datum: Datum<Reading>,
        #[case] now: i64,
        #[case] severity: Severity,
        #[case] fresh: Freshness,
    ) {
        assert_eq!(effective_severity(&datum, 60, at(now)), severity);
        assert_eq!(freshness(&datum, 60, at(now)), fresh);
    }
}
