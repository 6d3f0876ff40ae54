//! Opening the describe overlay, asking AWS for it, and looking for words in it.

use crate::app::effect::Effect;
use crate::app::screen::Screen;
use crate::app::screens::DescribeState;
use crate::app::state::App;
use crate::app::update::stack;
use crate::inquiry::raw::RawAnswer;
use crate::inquiry::{Question, RawAsked, Slot};

/// Shows everything known of what is selected, and what AWS itself says of it.
pub fn open(app: &mut App) {
    let change = app.selected_change().map(DescribeState::of_change);
    let described = change.or_else(|| {
        let selected = app.selected()?;
        let resource = selected.resource?;
        let env = selected.state.environment.id;
        let asked = selected.signal_id(app).map(|signal| RawAsked { env, signal, resource: resource.clone() });
        Some(DescribeState::of_resource(&selected.state.label(), resource, asked))
    });
    match described {
        Some(described) => {
            app.describe = described;
            stack::go(app, Screen::Describe);
        }
        None => stack::nothing_selected(app),
    }
}

/// Closes the search, where there is one; false when the overlay itself is to be closed.
pub fn back(app: &mut App) -> bool {
    let searches = !app.describe.search.is_empty();
    if searches {
        app.describe.look_for(Default::default());
    }
    searches
}

/// Takes an answer in.
pub fn told(app: &mut App, answer: RawAnswer) {
    let past = app.past.is_some();
    app.describe.take(answer, past);
    app.redraw = true;
}

/// AWS is asked again, where it is asked at all.
pub fn ask_again(app: &mut App) {
    app.asked.raw = None;
}

/// Asks while the overlay is open, once.
pub fn question(app: &mut App) -> Option<Effect> {
    let open = app.screens.contains(&Screen::Describe);
    let about = app.describe.about.as_ref().filter(|_| open);
    let wanted = about.map(RawAsked::key);
    if wanted == app.asked.raw {
        return None;
    }
    app.asked.raw = wanted;
    Some(match about {
        Some(about) => Effect::Ask(Box::new(Question::Raw(Box::new(about.clone())))),
        None => Effect::Forget(Slot::Raw),
    })
}
