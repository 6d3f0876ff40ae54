//! What happened to one resource: what its environment's changes, its own facts and its alarms tell, newest first.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::app::screens::alarms::ALARMS;
use crate::app::screens::timeline::data::{Data, sources};
use crate::base::Text;
use crate::changes::Red;
use crate::model::{Change, ChangeKind, EnvId, Environment, Fault, Resource, Severity, SignalId};
use crate::signals::charts;

/// What is told twice, by a change and by a fact, is told at times that differ by at most this much.
const SAME: SignedDuration = SignedDuration::from_secs(90);

/// The kind of what alarms tell.
const ALARM: &str = "alarm";

/// Something that happened to a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// How bad it is: that of an alarm's state; what was done on purpose and went well is `Absent`.
    pub severity: Severity,
    /// The kind in a word.
    pub kind: &'static str,
    /// The alarm or other thing that it happened to, by name; empty for the resource itself.
    pub about: Text,
    /// What.
    pub text: Text,
    /// The change that tells it, where one does.
    pub change: Option<Arc<Change>>,
}

impl Happening {
    /// True for what is marked on the charts: what was done on purpose, alarms, failovers.
    pub fn is_mark(&self) -> bool {
        self.change.as_ref().is_none_or(|change| {
            change.is_deliberate() || matches!(change.kind, ChangeKind::Alarm | ChangeKind::Failover)
        })
    }

    /// Its kind, unless the text says it already.
    pub fn word(&self) -> &'static str {
        if self.about.is_empty() && self.text.starts_with(self.kind) { "" } else { self.kind }
    }

    /// A tilde before a time that AWS does not say.
    pub fn tilde(&self) -> &'static str {
        if self.change.as_ref().is_some_and(|change| change.estimated) { "~" } else { "" }
    }

    /// What a filter looks at.
    pub fn words(&self) -> impl Iterator<Item = &str> + Clone {
        let change = self.change.as_deref();
        let more = change.into_iter().flat_map(|change| [&*change.before, &*change.after, &*change.reason]);
        [self.kind, &*self.about, &*self.text].into_iter().chain(more)
    }
}

/// How far the changes of an environment have been read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    /// Sources that have answered, and how many there are, while some have not.
    pub reading: Option<(usize, usize)>,
    /// What could not be read: the source's title, empty for the environment as a whole, and why.
    pub faults: Vec<(&'static str, Fault)>,
    /// Older changes than this are left out by the source with this title.
    pub cut: Option<(&'static str, Timestamp)>,
}

impl Told {
    /// How far the changes of this environment have been read.
    pub fn of(changes: &Data, env: EnvId) -> Self {
        let done = changes.progress.get(&env).copied().unwrap_or(0);
        let parts = || changes.parts().filter(|(of, _)| *of == env).map(|(_, part)| part);
        Self {
            reading: (done < sources()).then(|| (done, sources())),
            faults: parts().flat_map(|part| part.faults.iter().map(|fault| (part.title, fault.clone()))).collect(),
            cut: parts().filter_map(|part| Some((part.title, part.cut_before?))).max_by_key(|(_, before)| *before),
        }
    }
}

/// All that happened to the resource: the changes that concern it, and what is known besides.
pub fn all(
    environment: &Environment,
    signal: SignalId,
    resource: &Resource,
    alarms: &[(Resource, Severity)],
    changes: &Data,
) -> Vec<Happening> {
    let itself = Red::new(environment, Some(signal), std::iter::once(resource), None);
    let last = resource.arn.rsplit(['/', ':']).next().unwrap_or_default();
    let names: HashSet<&str> = alarms.iter().map(|(alarm, _)| &*alarm.name).collect();
    let concerns = |change: &&Arc<Change>| {
        let touched = |name: &Text| *name == resource.name || (!last.is_empty() && &**name == last);
        itself.is(change) || names.contains(&*change.resource) || change.touches.iter().any(touched)
    };
    let of_env = changes.changes().filter(|(env, _)| *env == environment.id);
    let told = of_env.map(|(_, change)| change).filter(concerns);
    let mut all: Vec<Happening> = told.map(|change| told_by(change, names.contains(&*change.resource))).collect();
    let twice = |one: &Happening| {
        let same = |other: &&Happening| match one.kind {
            ALARM => other.kind == ALARM && other.about == one.about,
            _ => other.change.as_ref().is_some_and(|change| change.is_deliberate()),
        };
        all.iter().filter(same).any(|other| one.at.duration_since(other.at).abs() <= SAME)
    };
    let more: Vec<Happening> =
        known(resource, signal, alarms).into_iter().filter(|happening| !twice(happening)).collect();
    all.extend(more);
    all.sort_by(|a, b| (b.at, a.kind, &a.about, &a.text).cmp(&(a.at, b.kind, &b.about, &b.text)));
    all
}

fn told_by(change: &Arc<Change>, alarm: bool) -> Happening {
    let good = change.severity == Severity::Ok && change.is_deliberate();
    Happening {
        at: change.at,
        severity: if good { Severity::Absent } else { change.severity },
        kind: change.kind.word(),
        about: if alarm { change.resource.clone() } else { Text::default() },
        text: change.summary.clone(),
        change: Some(Arc::clone(change)),
    }
}

/// What the resource itself and its alarms tell of the past.
fn known(resource: &Resource, signal: SignalId, alarms: &[(Resource, Severity)]) -> Vec<Happening> {
    const MOMENTS: [(&str, &str, &str, &str); 4] = [
        ("last_modified", "function", "code or configuration changed", "version"),
        ("deployed_at", "deployment", "deployed", "task_definition"),
        ("updated_at", "stage", "changed", "deployment_id"),
        ("created_at", "creation", "created", ""),
    ];
    let text = |key: &str| charts::spec::text(resource, key);
    let own = MOMENTS.iter().filter_map(|(key, kind, what, detail)| {
        let at = moment(text(key)?)?;
        let detail = text(detail).map(|found| format!(": {} {found}", detail.replace('_', " "))).unwrap_or_default();
        let text = Text::new(format!("{what}{detail}"));
        Some(Happening { at, severity: Severity::Absent, kind, about: Text::default(), text, change: None })
    });
    let changed = |alarm: &Resource, severity: Severity, about: Text| {
        let text = Text::new(format!("is {}", alarm.headline));
        Some(Happening { at: alarm.since?, severity, kind: ALARM, about, text, change: None })
    };
    let of_alarms = alarms.iter().filter_map(|(alarm, severity)| changed(alarm, *severity, alarm.name.clone()));
    let itself = (signal == ALARMS).then(|| changed(resource, resource.severity, Text::default())).flatten();
    own.chain(of_alarms).chain(itself).collect()
}

/// A time as AWS writes it: RFC 3339, or with an offset without a colon as Lambda does.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok())
}
