//! Filling in the parameters of a runbook.

use crossterm::event::{KeyCode, KeyEvent};

use crate::app::Screen;
use crate::app::effect::Effect;
use crate::app::screens::guarded::form::Picked;
use crate::app::screens::guarded::{Form, Starting};
use crate::app::state::{App, Typing};
use crate::app::update::guarded::ask;
use crate::app::update::{input, stack};
use crate::model::EnvId;
use crate::runbook::desk::{Offer, Request};

/// Opens the form of a runbook; where nothing is to be filled in, it is planned at once. Planning reads only.
pub fn open(app: &mut App, env: EnvId, offer: Offer) -> Vec<Effect> {
    let form = Form::new(env, offer);
    if form.is_trivial() {
        return start(app, &form);
    }
    app.typing = Typing::Form(Box::new(form));
    Vec::new()
}

/// A key while a form is open.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let page = isize::try_from(app.overlay_page()).unwrap_or(isize::MAX);
    let Typing::Form(form) = &mut app.typing else { return Vec::new() };
    match event.code {
        KeyCode::Esc => app.typing = Typing::Off,
        KeyCode::Enter => return enter(app),
        KeyCode::Tab => {
            if form.take() {
                form.at = (form.at + 1).min(form.fields.len().saturating_sub(1));
                return choices(app);
            }
        }
        KeyCode::BackTab => form.at = form.at.saturating_sub(1),
        KeyCode::Up => step(form, -1),
        KeyCode::Down => step(form, 1),
        KeyCode::PageUp => step(form, -page),
        KeyCode::PageDown => step(form, page),
        _ => typed(form, |field| input::edit(field, event)),
    }
    Vec::new()
}

/// Text pasted while a form is open.
pub fn paste(app: &mut App, text: &str) {
    if let Typing::Form(form) = &mut app.typing {
        typed(form, |field| {
            input::insert(field, text);
            true
        });
    }
}

fn typed(form: &mut Form, edit: impl FnOnce(&mut tui_input::Input) -> bool) {
    let at = form.at;
    let Some(field) = form.fields.get_mut(at) else { return };
    if field.taken.take().is_some() {
        // Letters after a choice look for another one.
        field.input = tui_input::Input::default();
    }
    if edit(&mut field.input) {
        field.told = None;
        field.cursor = Default::default();
    }
}

/// Among the choices of the field; where there are none, to another field.
fn step(form: &mut Form, by: isize) {
    let at = form.at;
    let Some(field) = form.fields.get(at) else { return };
    let matches = form.matches(field).len();
    if matches == 0 {
        form.at = at.saturating_add_signed(by.signum()).min(form.fields.len().saturating_sub(1));
        return;
    }
    if let Some(field) = form.fields.get_mut(at) {
        field.cursor.selected = field.cursor.selected.saturating_add_signed(by).min(matches - 1);
        field.told = None;
    }
}

fn enter(app: &mut App) -> Vec<Effect> {
    let Typing::Form(form) = &mut app.typing else { return Vec::new() };
    if !form.take() {
        return Vec::new();
    }
    if form.at + 1 < form.fields.len() {
        form.at += 1;
        return choices(app);
    }
    match form.values() {
        Err(field) => {
            form.at = field;
            form.take();
            Vec::new()
        }
        Ok(_) => {
            let form = form.clone();
            app.typing = Typing::Off;
            start(app, &form)
        }
    }
}

/// Asks for the choices on a target that was just picked: those of another one are not its own.
fn choices(app: &mut App) -> Vec<Effect> {
    let number = app.guarded.next();
    let Typing::Form(form) = &mut app.typing else { return Vec::new() };
    let picked = form.target().map(|target| target.arn.clone());
    let (env, runbook) = (form.env, form.offer.runbook.clone());
    let Some(target) = form.unasked().cloned() else {
        if form.picked.as_ref().is_some_and(|known| Some(&known.arn) != picked.as_ref()) {
            // Back to the one that the offer speaks of.
            form.picked = None;
            form.begin_params();
        }
        return Vec::new();
    };
    form.picked = Some(Picked { number, arn: target.arn.clone(), choices: None });
    form.begin_params();
    ask(Request::Choices { number, env, runbook, target: Box::new(target) })
}

fn start(app: &mut App, form: &Form) -> Vec<Effect> {
    let (Some(target), Ok(params)) = (form.target().cloned(), form.values()) else { return Vec::new() };
    let title = format!("{} · {}", form.offer.title, target.name);
    app.run.open = None;
    app.run.not_started = None;
    app.run.starting = Some(Starting { title, since: app.now });
    app.run.rows = Default::default();
    stack::go(app, Screen::Run);
    let runbook = form.offer.runbook.clone();
    ask(Request::Start { env: form.env, runbook, target: Box::new(target), params })
}
