//! From resources to one reading: worst first, and never better than what could not be read.

use jiff::Timestamp;

use crate::model::{Fault, Level, Reading, Resource, Severity};

/// A level that nothing reaches: a threshold that judges only where the configuration sets it.
pub const OFF: Level = Level { warn: f64::INFINITY, critical: f64::INFINITY };

/// Judges a figure. Unknown where there is none, except by a level that is off.
pub fn judge(level: Level, value: Option<f64>) -> Severity {
    match value {
        _ if level == OFF => Severity::Ok,
        Some(value) => level.judge(value),
        None => Severity::Unknown,
    }
}

/// Resources in their order, and their worst severity. A fault without any resource is unknown, not absent.
pub fn reading(mut resources: Vec<Resource>, fault: Option<Fault>) -> Reading {
    resources.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.name.cmp(&b.name)));
    let severity = match resources.first() {
        Some(worst) => worst.severity,
        None if fault.is_some() => Severity::Unknown,
        None => Severity::Absent,
    };
    let headline = match (&fault, severity) {
        (Some(fault), Severity::Unknown) => fault.kind.word().into(),
        (None, Severity::Unknown) => "unknown".into(),
        (_, Severity::Absent) => "–".into(),
        _ => Default::default(),
    };
    let since = if severity > Severity::Ok { earliest(&resources, severity) } else { None };
    Reading { severity, headline, since, resources, fault, ..Reading::default() }
}

/// Since when the first of the resources of this severity has been so.
fn earliest(resources: &[Resource], severity: Severity) -> Option<Timestamp> {
    resources.iter().filter(|r| r.severity == severity).filter_map(|r| r.since).min()
}

/// The resource that a cell speaks of: of the worst, the one with the largest figure; by name where they are equal.
pub fn spokesman(resources: &[Resource], figure: impl Fn(&Resource) -> Option<f64>) -> Option<&Resource> {
    let worst = resources.first()?.severity;
    let mut best: Option<(&Resource, f64)> = None;
    for resource in resources.iter().take_while(|r| r.severity == worst) {
        let value = figure(resource).unwrap_or(f64::NEG_INFINITY);
        if best.is_none_or(|(_, largest)| value > largest) {
            best = Some((resource, value));
        }
    }
    best.map(|(resource, _)| resource)
}

/// How many resources have this severity.
pub fn having(resources: &[Resource], severity: Severity) -> usize {
    resources.iter().filter(|r| r.severity == severity).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FaultKind;

    fn resource(name: &str, severity: Severity) -> Resource {
        Resource { name: name.into(), severity, ..Resource::default() }
    }

    #[test]
    fn worst_first_then_by_name() {
        let resources = [("b", Severity::Ok), ("c", Severity::Unknown), ("a", Severity::Ok), ("d", Severity::Critical)];
        let reading = reading(resources.iter().map(|(n, s)| resource(n, *s)).collect(), None);
        assert_eq!(reading.resources.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["d", "c", "a", "b"]);
        assert_eq!(reading.severity, Severity::Critical);
    }

    #[test]
    fn nothing_found_is_absent_and_nothing_readable_is_unknown() {
        assert_eq!(reading(vec![], None).severity, Severity::Absent);
        assert_eq!(reading(vec![], None).headline, "–");
        let denied = reading(vec![], Some(Fault::new(FaultKind::Denied, "ListX", "no")));
        assert_eq!((denied.severity, denied.headline.as_str()), (Severity::Unknown, "denied"));
    }

    #[test]
    fn a_level_that_is_off_needs_no_figure() {
        assert_eq!(judge(OFF, None), Severity::Ok);
        assert_eq!(judge(OFF, Some(1e12)), Severity::Ok);
        let level = Level { warn: 1.0, critical: 5.0 };
        assert_eq!(
            [None, Some(0.0), Some(1.0), Some(5.0)].map(|v| judge(level, v)),
            [Severity::Unknown, Severity::Ok, Severity::Warning, Severity::Critical]
        );
    }
}
