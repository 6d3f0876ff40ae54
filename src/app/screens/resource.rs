//! The resource screen: one resource with its charts, facts, changes and alarms.

use jiff::Timestamp;

use crate::app::cursor::Cursor;
use crate::app::filter::Filter;
use crate::app::fleet::Fleet;
use crate::app::screens::alarms::ALARMS;
use crate::app::screens::happenings::{self, Happening, Told};
use crate::app::screens::timeline::data::Data;
use crate::app::shown::{Freshness, as_shown};
use crate::base::Text;
use crate::model::{EnvId, Field, FieldValue, MetricSet, Reading, Resource, Severity, SignalId};
use crate::signals::alarms::rule;
use crate::signals::charts::{self, Charts, alarm};

/// The parts of the screen that the keys can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResourcePane {
    /// Curves.
    #[default]
    Charts,
    /// Everything known.
    Facts,
    /// What happened to it.
    Events,
    /// The alarms about it; of a composite alarm those that it is made of.
    Alarms,
}

impl ResourcePane {
    /// In the order of the tab key.
    pub const ALL: [Self; 4] = [Self::Charts, Self::Facts, Self::Events, Self::Alarms];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Charts => "Charts",
            Self::Facts => "Facts",
            Self::Events => "Changes",
            Self::Alarms => "Alarms",
        }
    }
}

/// Which resource it is, and what was last known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Whose.
    pub env: EnvId,
    /// Which signal tells of it.
    pub signal: SignalId,
    /// As it was when it was opened.
    pub resource: Resource,
}

impl Subject {
    /// What tells it from others of the same environment.
    pub fn key(&self) -> Text {
        Text::new(format!("{} {} {}", self.signal, self.resource.arn, self.resource.name))
    }
}

/// What the operator has chosen there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResourceState {
    /// Which resource; `None` before one was opened.
    pub subject: Option<Subject>,
    /// The resources that it was reached from, the newest last.
    pub trail: Vec<Subject>,
    /// The part that the keys move in.
    pub pane: ResourcePane,
    /// The selected line of each part, in the order of [`ResourcePane::ALL`].
    pub cursors: [Cursor; 4],
    /// What the charts show; `None` until it has come.
    pub metrics: Option<MetricSet>,
    /// What to show of facts, changes and alarms.
    pub filter: Filter,
}

impl ResourceState {
    /// A resource that was just opened, reached over those in `trail`. A composite alarm has no curves: it begins with
    /// the alarms that it is made of.
    pub fn of(subject: Subject, trail: Vec<Subject>) -> Self {
        let composite = subject.signal == ALARMS && charts::spec::text(&subject.resource, "rule").is_some();
        let pane = if composite { ResourcePane::Alarms } else { ResourcePane::default() };
        Self { subject: Some(subject), trail, pane, ..Self::default() }
    }

    /// The selected line of the part that the keys move in.
    pub fn cursor(&self) -> Cursor {
        self.cursors[self.pane as usize]
    }
}

/// What the screen shows of the resource.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceView {
    /// Index of its environment in the fleet.
    pub environment: usize,
    /// Index of its signal in the fleet.
    pub signal: usize,
    /// As it is now; as it was last known where it is gone.
    pub resource: Resource,
    /// Severity as shown.
    pub severity: Severity,
    /// How far it can be trusted.
    pub freshness: Freshness,
    /// True when the newest reading does not have it any more.
    pub gone: bool,
    /// What to draw, with the thresholds of its alarms.
    pub charts: Charts,
    /// The facts that pass the filter.
    pub facts: Vec<Field>,
    /// The parts that it has, in the order of the tab key.
    pub panes: &'static [ResourcePane],
    /// The alarms about it, worst first; of a composite alarm those that its rule names.
    pub alarms: Vec<(Resource, Severity)>,
    /// What happened to it, the newest first.
    pub happenings: Vec<Happening>,
    /// How far that has been read.
    pub told: Told,
}

impl ResourceView {
    /// The part that the tab key goes to from `pane`.
    pub fn after(&self, pane: ResourcePane) -> ResourcePane {
        let at = self.panes.iter().position(|shown| *shown == pane).map_or(0, |at| at + 1);
        self.panes.get(at).or(self.panes.first()).copied().unwrap_or_default()
    }

    /// Lines of a part.
    pub fn len(&self, pane: ResourcePane) -> usize {
        match pane {
            ResourcePane::Charts => self.charts.charts.len(),
            ResourcePane::Facts => self.facts.len(),
            ResourcePane::Events => self.happenings.len(),
            ResourcePane::Alarms => self.alarms.len(),
        }
    }
}

/// The same resource in a reading.
fn find<'r>(reading: &'r Reading, wanted: &Resource) -> Option<&'r Resource> {
    reading.resources.iter().find(|resource| resource.name == wanted.name && resource.arn == wanted.arn)
}

/// What is shown of a resource, with what is known of the changes of its environment; `None` when its environment or
/// signal is not there.
pub fn view(fleet: &Fleet, now: Timestamp, subject: &Subject, changes: &Data, filter: &Filter) -> Option<ResourceView> {
    let environment = fleet.position(subject.env)?;
    let signal = fleet.signal_index(subject.signal)?;
    let cell = fleet.cell(environment, signal)?;
    let found = cell.datum.value().and_then(|reading| find(reading, &subject.resource));
    let gone = found.is_none() && cell.datum.value().is_some();
    let freshness = cell.freshness(now);
    let resource = found.unwrap_or(&subject.resource).clone();
    let severity = if found.is_some() { as_shown(resource.severity, freshness) } else { Severity::Unknown };
    let mut charts = charts::of(subject.signal, &resource);
    let rule = (subject.signal == ALARMS).then(|| charts::spec::text(&resource, "rule"));
    let mut alarms = match rule {
        None => about(fleet, now, environment, &charts),
        Some(rule) => rule.map(|rule| children(fleet, now, environment, rule)).unwrap_or_default(),
    };
    // Nothing watches an alarm: where it is not made of others, no alarm can name it.
    let panes = if rule == Some(None) { &ResourcePane::ALL[..3] } else { &ResourcePane::ALL[..] };
    for (alarm, _) in &alarms {
        alarm::draw_into(alarm, &mut charts.charts);
    }
    let whose = &fleet.environments.get(environment)?.environment;
    let mut happenings = happenings::all(whose, subject.signal, &resource, &alarms, changes);
    let passes = |text: &str| filter.is_empty() || filter.passes(std::iter::once(text));
    happenings.retain(|happening| filter.is_empty() || filter.passes(happening.words()));
    let told = Told::of(changes, subject.env);
    alarms.retain(|(alarm, _)| passes(&alarm.name));
    let empty = |field: &Field| match &field.value {
        FieldValue::Text(text) => text.is_empty(),
        FieldValue::List(list) => list.is_empty(),
        _ => false,
    };
    let facts = resource.fields.iter().filter(|field| !empty(field) && passes(&field.key)).cloned().collect();
    Some(ResourceView {
        environment,
        signal,
        severity,
        freshness,
        gone,
        charts,
        facts,
        panes,
        alarms,
        happenings,
        told,
        resource,
    })
}

/// The alarms of an environment that are about the resource with these charts, worst first.
fn about(fleet: &Fleet, now: Timestamp, environment: usize, charts: &Charts) -> Vec<(Resource, Severity)> {
    let Some(cell) = fleet.signal_index(ALARMS).and_then(|signal| fleet.cell(environment, signal)) else {
        return Vec::new();
    };
    let freshness = cell.freshness(now);
    let all = cell.datum.value().into_iter().flat_map(|reading| &reading.resources);
    let about = all.filter(|alarm| alarm::is_about(alarm, charts));
    about.map(|alarm| (alarm.clone(), as_shown(alarm.severity, freshness))).collect()
}

/// The alarms that the rule of a composite alarm names, worst first. Those that are not among the alarms read are
/// unknown.
fn children(fleet: &Fleet, now: Timestamp, environment: usize, composite: &str) -> Vec<(Resource, Severity)> {
    let cell = fleet.signal_index(ALARMS).and_then(|signal| fleet.cell(environment, signal));
    let reading = cell.and_then(|cell| cell.datum.value());
    let freshness = cell.map(|cell| cell.freshness(now));
    let child = |name: String| {
        let found = reading.and_then(|reading| reading.resources.iter().find(|alarm| *alarm.name == *name));
        match (found, freshness) {
            (Some(alarm), Some(freshness)) => (alarm.clone(), as_shown(alarm.severity, freshness)),
            _ => {
                let headline = "not read".into();
                (Resource { name: Text::new(name), headline, ..Resource::default() }, Severity::Unknown)
            }
        }
    };
    let mut children: Vec<(Resource, Severity)> = rule::names(composite).into_iter().map(child).collect();
    children.sort_by(|(a, bad), (b, worse)| worse.cmp(bad).then_with(|| a.name.cmp(&b.name)));
    children
}

/// The resource that an alarm of an environment is about: its signal and itself. Of several the one that is named most
/// precisely.
pub fn of_alarm(fleet: &Fleet, environment: usize, wanted: &Resource) -> Option<(SignalId, Resource)> {
    let state = fleet.environments.get(environment)?;
    let named = charts::of(ALARMS, wanted).identity;
    let mut best: Option<(usize, SignalId, &Resource)> = None;
    for (info, cell) in fleet.signals.iter().zip(&state.cells).filter(|(info, _)| info.id != ALARMS) {
        let Some(reading) = cell.datum.value() else { continue };
        for resource in &reading.resources {
            // The charts are made only of what may be meant.
            let may_be = |(_, value): &(String, String)| {
                resource.name.contains(value.as_str())
                    || resource.arn.contains(value.as_str())
                    || value.contains(&*resource.name)
            };
            if !named.iter().any(may_be) {
                continue;
            }
            let charts = charts::of(info.id, resource);
            if !alarm::is_about(wanted, &charts) {
                continue;
            }
            let left_out = charts.place.iter().filter(|place| !named.contains(place)).count();
            if best.is_none_or(|(least, ..)| left_out < least) {
                best = Some((left_out, info.id, resource));
            }
        }
    }
    best.map(|(_, signal, resource)| (signal, resource.clone()))
}
