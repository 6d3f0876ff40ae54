//! Questions are asked while the screen that needs them is open, and forgotten when it is closed.

use crate::app::asked::AskedLog;
use crate::app::effect::Effect;
use crate::app::screen::Screen;
use crate::app::state::App;
use crate::app::update::{compare, describe};
use crate::inquiry::charts::ChartsAsked;
use crate::inquiry::logs::LogsAsked;
use crate::inquiry::work::tail::OVERLAP;
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
    effects.extend(describe::question(app));
    effects.extend(compare::question(app));
    effects
}

fn log(app: &mut App) -> Option<Effect> {
    let open = app.base() == Screen::Logs;
    let wanted = app.logs.source.clone().filter(|_| open).map(|source| AskedLog {
        source,
        group: app.logs.group.clone(),
        pattern: app.logs.trying.as_ref().unwrap_or(&app.logs.pattern).clone(),
    });
    if wanted == app.asked.logs {
        return None;
    }
    app.asked.logs.clone_from(&wanted);
    app.asked.log_number += 1;
    let Some(AskedLog { source, group, pattern }) = wanted else { return Some(Effect::Forget(Slot::Logs)) };
    // What has been read already by this pattern is not read again, but for what came late.
    let (from, known) = match app.logs.trying {
        None => app.logs.resume(OVERLAP),
        Some(_) => (app.logs.from, Vec::new()),
    };
    let asked = LogsAsked { source, group, pattern, from, known, number: app.asked.log_number };
    Some(Effect::Ask(Box::new(Question::Logs(Box::new(asked)))))
}
