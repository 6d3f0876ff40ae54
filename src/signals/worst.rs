//! From resources to one reading: worst first, and never better than what could not be read.

use jiff::Timestamp;

use crate::model::{Fault, FieldValue, Level, Reading, Resource, Severity};
use crate::signals::figures::counted;

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

/// Lets the cell speak of one resource: of the worst, the one with the largest number in the field `key`, by name where
/// they are equal. Its headline, number and curve become the cell's; unknown ones beside it become the note.
pub fn speak(reading: &mut Reading, key: &str, unit: &str) {
    let Some(worst) = reading.resources.first().map(|r| r.severity) else { return };
    let mut best: Option<(&Resource, Option<f64>)> = None;
    for resource in reading.resources.iter().take_while(|r| r.severity == worst) {
        let value = number(resource, key);
        if best.is_none_or(|(_, largest)| value > largest) {
            best = Some((resource, value));
        }
    }
    let Some((resource, value)) = best else { return };
    reading.headline = resource.headline.clone();
    reading.series = resource.series.clone();
    reading.value = value;
    reading.unit = unit.into();
    if worst > Severity::Unknown {
        reading.note = counted(having(&reading.resources, Severity::Unknown), "unknown").into();
    }
}

/// A resource's field as a number.
fn number(resource: &Resource, key: &str) -> Option<f64> {
    resource.fields.iter().find(|field| field.key == key).and_then(|field| match field.value {
        FieldValue::Number(value) => Some(value),
        _ => None,
    })
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
