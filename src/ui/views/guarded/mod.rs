//! The screens of changes.

pub mod dialog;
pub mod form;
pub mod records;
pub mod run;
mod run_now;
mod run_rows;
mod run_story;
pub mod runbooks;

use ratatui::layout::Rect;

use crate::app::App;
use crate::config::theme::Role;
use crate::model::{EnvId, Environment, Tier};
use crate::ui::look::Look;
use crate::ui::widgets::{Parts, Pen, armed};

/// `PRODUCTION  payments/prod · us-east-1 · 111122223332`: what kind of environment it is, in a word and in its look.
pub(in crate::ui) fn place<'a>(environment: &'a Environment, look: &Look) -> Parts<'a> {
    let style = look.tier(environment.tier);
    let dot = format!(" {} ", look.glyphs.dot);
    let mut parts = Parts::new();
    parts.push(format!(" {} ", environment.tier.word().to_uppercase()), style);
    parts.push(format!(" {}/{}", environment.system, environment.name), style);
    parts.push(dot.clone(), style).push(&*environment.region, style);
    if let Some(account) = &environment.account {
        parts.push(dot, style).push(&**account, style);
    }
    parts.push(" ", style);
    parts
}

/// The line that says where the operator is about to change something: over the whole width in production.
pub(in crate::ui) fn band(app: &App, pen: &mut Pen<'_>, at: Rect, env: Option<EnvId>) {
    let look = pen.look;
    let Some(environment) = env.and_then(|env| app.environment_of(env)) else { return };
    let production = environment.tier == Tier::Production;
    if production {
        pen.text(at.x, at.y, at.width, &" ".repeat(usize::from(at.width)), look.tier(environment.tier));
    }
    let state = match app.armed(environment.id) {
        Some(one) => format!(" ARMED {} left ", armed::clock(app.armed_left_s(one))),
        None if environment.read_only => " read-only by configuration ".to_owned(),
        None => " not armed ".to_owned(),
    };
    let room = crate::ui::fit::width(&state).min(at.width / 2);
    pen.parts(at.x, at.y, at.width.saturating_sub(room + 1), &place(environment, look));
    let style = if production { look.tier(environment.tier) } else { look.style(Role::Dim) };
    pen.text_right(at.x, at.y, at.width, &state, style);
}
