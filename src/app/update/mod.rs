//! How the state changes: state × message → effects. Pure: no clock, no terminal, no network.

use ratatui::layout::Size;

use crate::app::effect::Effect;
use crate::app::hit::HitMap;
use crate::app::message::Message;
use crate::app::state::App;

mod actions;
mod answers;
mod changes;
mod compare;
mod describe;
mod eyes;
mod filter;
pub mod guarded;
mod input;
mod inquiries;
mod keys;
mod line;
mod logs;
mod mouse;
mod navigation;
mod offers;
mod palette;
pub mod past;
mod poll;
mod resource;
mod selection;
mod stack;
mod timeline;

#[cfg(test)]
mod tests;

/// Applies one message. The shell then executes the effects; before the next frame it calls [`App::settle`].
pub fn update(app: &mut App, message: Message) -> Vec<Effect> {
    let mut effects = take_in(app, message);
    effects.extend(changes::follow(app));
    effects
}

fn take_in(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(event) => with(with(eyes::awake(app), keys::key(app, event)), inquiries::questions(app)),
        Message::Paste(text) => with(eyes::awake(app), keys::paste(app, &text)),
        Message::Mouse { event, at } => {
            with(with(eyes::awake(app), mouse::mouse(app, event, at)), inquiries::questions(app))
        }
        Message::Resize(width, height) => {
            app.size = Size::new(width, height);
            app.hits = HitMap::default();
            app.redraw = true;
            Vec::new()
        }
        Message::Tick(now) => {
            let second = now.as_second() != app.now.as_second();
            app.now = now;
            app.redraw |= app.fleet.grow_older(now) || second;
            with(eyes::second(app), guarded::records::follow(app))
        }
        Message::Poll(event) => poll::event(app, event),
        Message::Answer(answer) => answers::answer(app, *answer),
        Message::Changed(answer) => guarded::answers::changed(app, *answer),
        Message::Cached(readings) => {
            poll::cached(app, readings);
            Vec::new()
        }
        Message::Notice(level, text) => {
            app.notices.add(level, text, app.now);
            app.redraw = true;
            Vec::new()
        }
    }
}

fn with(mut first: Vec<Effect>, then: Vec<Effect>) -> Vec<Effect> {
    first.extend(then);
    first
}

/// Applies all messages that wait, then settles. What is asked for more than once is done once.
pub fn update_all(app: &mut App, messages: impl IntoIterator<Item = Message>) -> Vec<Effect> {
    let mut effects: Vec<Effect> = Vec::new();
    for message in messages {
        for effect in update(app, message) {
            if !effects.contains(&effect) {
                effects.push(effect);
            }
        }
    }
    app.settle();
    effects
}
