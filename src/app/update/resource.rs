//! Opening resources, going back from one to another, and taking in what their charts show.

use crate::app::screen::Screen;
use crate::app::screens::alarms::ALARMS;
use crate::app::screens::resource::{Subject, of_alarm};
use crate::app::screens::{DescribeState, ResourcePane, ResourceState};
use crate::app::state::App;
use crate::app::update::stack;
use crate::inquiry::charts::ChartsAnswer;
use crate::model::{EnvId, Resource, SignalId};

/// Opens what is selected.
pub fn open_selected(app: &mut App) {
    let found = app.selected().and_then(|selected| {
        Some((selected.state.environment.id, selected.signal_id(app)?, selected.resource?.clone()))
    });
    match found {
        Some((env, signal, resource)) => open(app, env, signal, resource),
        None => stack::nothing_selected(app),
    }
}

/// Opens the resource that the selected alarm is about, or the alarm itself where none is known.
pub fn open_alarms(app: &mut App) {
    let found = app.selected().and_then(|selected| {
        let alarm = selected.resource?;
        let meant = of_alarm(app.picture(), selected.environment, alarm);
        let (signal, resource) = meant.unwrap_or_else(|| (ALARMS, alarm.clone()));
        Some((selected.state.environment.id, signal, resource))
    });
    match found {
        Some((env, signal, resource)) => open(app, env, signal, resource),
        None => stack::nothing_selected(app),
    }
}

/// On a resource's own screen: opens the selected alarm about it, or all that is known of the selected change.
pub fn open_line(app: &mut App) {
    let Some(view) = app.derived.resource.as_ref() else { return };
    let line = app.resource.cursor().selected;
    match app.resource.pane {
        ResourcePane::Alarms => {
            let alarm = view.alarms.get(line).map(|(alarm, _)| alarm.clone());
            if let (Some(alarm), Some(subject)) = (alarm, &app.resource.subject) {
                let env = subject.env;
                open(app, env, ALARMS, alarm);
            }
        }
        ResourcePane::Events => {
            let change = view.happenings.get(line).and_then(|happening| happening.change.as_deref());
            if let Some(described) = change.map(DescribeState::of_change) {
                app.describe = described;
                stack::go(app, Screen::Describe);
            }
        }
        ResourcePane::Charts | ResourcePane::Facts => {}
    }
}

fn open(app: &mut App, env: EnvId, signal: SignalId, resource: Resource) {
    let before = std::mem::take(&mut app.resource);
    let mut trail = before.trail;
    if app.screens.contains(&Screen::Resource) {
        trail.extend(before.subject);
    } else {
        trail.clear();
    }
    app.resource = ResourceState::of(Subject { env, signal, resource }, trail);
    stack::go(app, Screen::Resource);
}

/// Goes back to the resource that this one was reached from; false where there is none.
pub fn back(app: &mut App) -> bool {
    let Some(subject) = app.resource.trail.pop() else { return false };
    let trail = std::mem::take(&mut app.resource.trail);
    app.resource = ResourceState::of(subject, trail);
    true
}

/// Takes metrics in. Those of a resource that is not open any more are ignored; so are all while the picture is
/// frozen.
pub fn metrics(app: &mut App, answer: ChartsAnswer) {
    let subject = app.resource.subject.as_ref();
    if app.paused.is_some() || subject.is_none_or(|s| s.env != answer.env || s.key() != answer.about) {
        return;
    }
    let mut metrics = answer.metrics;
    if let Some(before) = app.resource.metrics.take() {
        // What could not be read now keeps its last good points, marked by the fault and the age.
        for (query, series) in before.series {
            metrics.series.entry(query).or_insert(series);
        }
    }
    app.resource.metrics = Some(metrics);
    app.redraw = true;
}
