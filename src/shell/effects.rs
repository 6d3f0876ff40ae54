//! Does what updates ask for.

use std::io::{self, Write};

use crate::app::{App, Effect};
use crate::base::text::clean;
use crate::inquiry::Desk;
use crate::poll::{PollCommand, Pollers};
use crate::runbook::desk;
use crate::shell::clipboard;
use crate::shell::event_loop::Effects;
use crate::shell::last_wall::Keeper;

/// The real thing: pollers, the terminal's bell and clipboard, the cache.
pub struct Executor<'a> {
    /// Who is told to ask again.
    pub pollers: &'a Pollers,
    /// Who is asked what the operator looks at.
    pub desk: &'a mut Desk,
    /// Who arms, plans and carries out; where no records can be kept, who says so.
    pub changes: Result<&'a mut desk::Desk, &'a desk::Closed>,
    /// Who keeps the last wall.
    pub keeper: &'a mut Keeper,
}

impl Effects for Executor<'_> {
    fn perform(&mut self, effect: &Effect) {
        let done = match effect {
            Effect::Refresh(whose) => {
                self.pollers.tell(PollCommand::Refresh(*whose));
                Ok(())
            }
            Effect::Attend(attention) => {
                self.pollers.tell(PollCommand::Attention((**attention).clone()));
                Ok(())
            }
            Effect::Ask(question) => {
                self.desk.ask((**question).clone());
                Ok(())
            }
            Effect::Forget(slot) => {
                self.desk.forget(*slot);
                Ok(())
            }
            Effect::Change(request) => {
                match &mut self.changes {
                    Ok(changes) => changes.take((**request).clone()),
                    Err(closed) => closed.take(request),
                }
                Ok(())
            }
            Effect::Copy(text) => clipboard::copy(&mut io::stdout(), text),
            Effect::Bell => send(b"\x07"),
            // OSC 9: a notification of the desktop, where the terminal knows it.
            Effect::Notify(text) => send(format!("\x1b]9;{}\x07", clean(text)).as_bytes()),
            Effect::Quit | Effect::Repaint => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(%error, ?effect, "could not be done");
        }
    }

    fn tick(&mut self, app: &App) {
        self.keeper.tick(app);
        if let Ok(changes) = &mut self.changes {
            changes.tick();
        }
    }
}

fn send(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(bytes)?;
    out.flush()
}
