//! The event loop: wait, drain everything that waits, update, draw once. It never waits for AWS and never for a disk.

use std::io;
use std::time::Duration;

use crossterm::event::{Event, EventStream, KeyEventKind};
use futures_util::{FutureExt, StreamExt};
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType};
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::app::{App, Effect, Message, update};
use crate::base::Clock;
use crate::config::theme::Themes;
use crate::inquiry::Answer;
use crate::poll::PollEvent;
use crate::runbook::desk;
use crate::shell::termination::Termination;
use crate::ui::{Depth, Look, draw};

/// Between two frames that only data asked for: at most 30 a second. A key is answered at once.
const FRAME: Duration = Duration::from_millis(33);
/// Reports taken in before the next look at the keyboard.
const DRAIN: usize = 256;
/// The header's clock moves, and ages grow.
const TICK: Duration = Duration::from_secs(1);

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The operator left.
    Quit,
    /// This signal came.
    Signal(u8),
    /// The terminal is gone.
    TerminalLost,
}

/// How frames look.
pub struct Looks {
    /// The themes there are.
    pub themes: Themes,
    /// What the terminal can show.
    pub depth: Depth,
    current: Option<(String, bool, Look)>,
}

impl Looks {
    /// Themes on a terminal of this depth.
    pub fn new(themes: Themes, depth: Depth) -> Self {
        Self { themes, depth, current: None }
    }

    /// The look that the state asks for; made anew only when the theme changes.
    pub fn of(&mut self, app: &App) -> &Look {
        let known = self.current.as_ref().is_some_and(|(name, ascii, _)| *name == app.theme && *ascii == app.ascii);
        if !known {
            self.current = None;
        }
        let (themes, depth) = (&self.themes, self.depth);
        let (_, _, look) = self
            .current
            .get_or_insert_with(|| (app.theme.clone(), app.ascii, Look::choose(themes, &app.theme, depth, app.ascii)));
        look
    }
}

/// Does what an update asks for, except leaving.
pub trait Effects {
    /// Does one thing. Must not block.
    fn perform(&mut self, effect: &Effect);
    /// Called about once a second with the state, for what is kept of it.
    fn tick(&mut self, app: &App);
}

/// What the loop listens to.
pub struct Inputs<'a> {
    /// Keys, mouse, paste, resize.
    pub terminal: EventStream,
    /// Reports of the pollers.
    pub polls: &'a mut Receiver<PollEvent>,
    /// Answers to questions.
    pub answers: &'a mut Receiver<Answer>,
    /// Answers about changes.
    pub changes: &'a mut Receiver<desk::Answer>,
    /// Signals that end the program.
    pub termination: Termination,
    /// Whose time is shown.
    pub clock: &'a Clock,
}

/// Runs until the operator leaves, a signal comes, or the terminal is lost.
pub async fn run<B>(
    app: &mut App,
    terminal: &mut Terminal<B>,
    looks: &mut Looks,
    mut inputs: Inputs<'_>,
    effects: &mut dyn Effects,
) -> io::Result<Ending>
where
    B: Backend<Error = io::Error>,
{
    let began = Instant::now();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next_frame = Instant::now();
    let mut at_once = true;
    loop {
        if app.redraw && (at_once || Instant::now() >= next_frame) {
            frame(app, terminal, looks)?;
            next_frame = Instant::now() + FRAME;
            at_once = false;
        }
        let mut messages: Vec<Message> = Vec::new();
        tokio::select! {
            biased;
            number = inputs.termination.received() => return Ok(Ending::Signal(number)),
            event = inputs.terminal.next() => match event {
                Some(Ok(event)) => {
                    at_once = true;
                    messages.extend(message(event, began));
                    // Type-ahead: everything that is already there, before the next frame.
                    while let Some(Some(Ok(event))) = inputs.terminal.next().now_or_never() {
                        messages.extend(message(event, began));
                    }
                }
                Some(Err(_)) | None => return Ok(Ending::TerminalLost),
            },
            Some(event) = inputs.polls.recv() => {
                messages.push(Message::Poll(event));
                while let Some(event) = (messages.len() < DRAIN).then(|| inputs.polls.try_recv().ok()).flatten() {
                    messages.push(Message::Poll(event));
                }
            }
            Some(answer) = inputs.answers.recv() => {
                messages.push(Message::Answer(Box::new(answer)));
                while let Some(answer) = (messages.len() < DRAIN).then(|| inputs.answers.try_recv().ok()).flatten() {
                    messages.push(Message::Answer(Box::new(answer)));
                }
            }
            Some(answer) = inputs.changes.recv() => {
                messages.push(Message::Changed(Box::new(answer)));
                while let Some(answer) = (messages.len() < DRAIN).then(|| inputs.changes.try_recv().ok()).flatten() {
                    messages.push(Message::Changed(Box::new(answer)));
                }
            }
            _ = ticks.tick() => {
                messages.push(Message::Tick(inputs.clock.now()));
                effects.tick(app);
            }
            () = sleep_until(next_frame), if app.redraw => {}
        }
        for message in messages {
            for effect in update(app, message) {
                match effect {
                    Effect::Quit => return Ok(Ending::Quit),
                    Effect::Repaint => repaint(terminal)?,
                    effect => effects.perform(&effect),
                }
            }
        }
        app.settle();
    }
}

fn frame<B>(app: &mut App, terminal: &mut Terminal<B>, looks: &mut Looks) -> io::Result<()>
where
    B: Backend<Error = io::Error>,
{
    let look = looks.of(app);
    let mut hits = None;
    terminal.draw(|frame| hits = Some(draw(app, look, frame)))?;
    app.redraw = false;
    if let Some(hits) = hits {
        app.hits = hits;
    }
    Ok(())
}

/// Clears the terminal; the next frame is drawn whole. [`Terminal::clear`] asks the terminal where its cursor is, and a
/// terminal that is slow to answer would hold up the loop, or end it.
fn repaint<B>(terminal: &mut Terminal<B>) -> io::Result<()>
where
    B: Backend<Error = io::Error>,
{
    terminal.backend_mut().clear_region(ClearType::All)?;
    terminal.swap_buffers();
    Ok(())
}

fn message(event: Event, began: Instant) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Message::Key(key)),
        Event::Mouse(event) => Some(Message::Mouse { event, at: began.elapsed() }),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(columns, rows) => Some(Message::Resize(columns, rows)),
        Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
    }
}
