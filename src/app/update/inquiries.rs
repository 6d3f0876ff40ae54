//! Questions are asked while the screen that needs them is open, and forgotten when it is closed.

use jiff::SignedDuration;

use crate::app::effect::Effect;
use crate::app::screen::Screen;
use crate::app::state::App;
use crate::inquiry::charts::ChartsAsked;
use crate::inquiry::logs::LogsAsked;
use crate::inquiry::{Question, Slot};
use crate::signals::charts;

/// Asks what the base screen needs, and forgets what it does not need any more.
pub fn questions(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    let subject = app.resource.subject.as_ref().filter(|_| app.base() == Screen::Resource);
    let wanted = subject.map(|subject| (subject.env, subject.key()));
    if wanted != app.asked.charts {
        effects.push(match subject {
            Some(subject) => {
                let charts = charts::of(subject.signal, &subject.resource).charts;
                let queries = charts.into_iter().flat_map(|chart| chart.lines).map(|line| line.query).collect();
                let asked = ChartsAsked { env: subject.env, about: subject.key(), queries };
                Effect::Ask(Box::new(Question::Charts(Box::new(asked))))
            }
            None => Effect::Forget(Slot::Resource),
        });
        app.asked.charts = wanted;
    }
    effects.extend(log(app));
    effects
}

fn log(app: &mut App) -> Option<Effect> {
    let open = app.base() == Screen::Logs;
    let wanted = app.logs.source.clone().filter(|_| open).map(|source| (source, app.logs.group.clone()));
    if wanted == app.asked.logs {
        return None;
    }
    app.asked.logs.clone_from(&wanted);
    let Some((source, group)) = wanted else { return Some(Effect::Forget(Slot::Logs)) };
    // What has been read already is not read again.
    let newest = app.logs.lines.back().map(|line| line.at);
    let from = newest.and_then(|at| at.checked_add(SignedDuration::from_millis(1)).ok()).unwrap_or(app.logs.from);
    Some(Effect::Ask(Box::new(Question::Logs(Box::new(LogsAsked { source, group, from })))))
}
