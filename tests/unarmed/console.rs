//! The console without a terminal: the same state, frames, pollers and desks as the program, against a drill whose
//! endpoint counts what arrives.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use tokio::sync::mpsc::Receiver;
use watchfloor::app::{App, Effect, Keymap, Message, Typing, state::Settings, update};
use watchfloor::base::Clock;
use watchfloor::cli::rows;
use watchfloor::config::theme::Themes;
use watchfloor::drill::wire::Endpoint;
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::inquiry::{Answer, Desk};
use watchfloor::model::EnvId;
use watchfloor::poll::{PollCommand, PollEvent, Pollers, environments};
use watchfloor::runbook::audit::{Files, Ledger};
use watchfloor::runbook::books::Library;
use watchfloor::runbook::desk;
use watchfloor::runbook::desk::Request;
use watchfloor::runbook::machine::Phase;
use watchfloor::runbook::station::{Place, Station};
use watchfloor::shell::event_loop::Looks;
use watchfloor::ui::{Depth, draw};

use crate::keys::{Press, typed};

const PATIENCE: Duration = Duration::from_secs(60);
/// No answer for so long, and a run has done what it was told; the end of all runs is awaited besides.
const MOMENT: Duration = Duration::from_millis(100);
const SIZE: (u16, u16) = (120, 40);

/// Draws frames, as the shell does: what was drawn decides what a dialog listens to.
pub struct Frames {
    terminal: Terminal<TestBackend>,
    looks: Looks,
}

impl Frames {
    fn draw(&mut self, app: &mut App) {
        app.settle();
        let (mut hits, look) = (None, self.looks.of(app));
        self.terminal.draw(|frame| hits = Some(draw(app, look, frame))).unwrap();
        app.hits = hits.unwrap();
        app.redraw = false;
    }

    /// Presses something. A dialog that comes of it is drawn: before that it listens to no key.
    pub fn press(&mut self, app: &mut App, press: &Press) -> Vec<Effect> {
        let message = match press {
            Press::Key(event) => Message::Key(*event),
            Press::Paste(text) => Message::Paste(text.clone()),
        };
        let effects = update(app, message);
        if let Typing::Dialog(dialog) = &app.typing
            && app.hits.dialog.is_none_or(|drawn| drawn.number != dialog.number)
        {
            self.draw(app);
        }
        effects
    }
}

pub struct Console {
    pub app: App,
    pub frames: Frames,
    pub endpoint: Arc<Endpoint>,
    clock: Clock,
    pollers: Pollers,
    polls: Receiver<PollEvent>,
    desk: Desk,
    answers: Receiver<Answer>,
    changes: desk::Desk,
    changed: Receiver<desk::Answer>,
    _folder: tempfile::TempDir,
}

impl Console {
    /// The estate `payments`, twelve minutes after a bad deployment, when everything was read once.
    pub async fn open(read_only: bool) -> Self {
        let options = DrillOptions {
            scenario: Some("bad-deploy".to_owned()),
            elapsed: Duration::from_secs(12 * 60),
            ..DrillOptions::new("payments", "2026-11-20T03:12:00Z".parse().unwrap())
        };
        let drill = Drill::open(&options).unwrap();
        let mut config = drill.config.clone();
        for environment in &mut config.environments {
            environment.read_only = read_only;
        }
        let endpoint = Arc::new(drill.endpoint());
        let transport = connector::transport(Arc::clone(&endpoint));
        let themes = Themes::embedded();
        let app = App::new(Settings {
            signals: rows::infos(&config.display),
            environments: environments(&config),
            now: drill.clock.now(),
            size: Size::new(SIZE.0, SIZE.1),
            themes: themes.names().into_iter().map(str::to_owned).collect(),
            theme: config.display.theme.clone(),
            ascii: false,
            bell: false,
            drill: None,
            config_problems: 0,
            keymap: Keymap::default(),
        });
        let (pollers, polls) = Pollers::start(&config, &transport, &drill.clock, &rows::watched(&config.display), 1);
        let (desk, answers) = Desk::new(&config, pollers.sessions().clone(), drill.clock.clone());
        let folder = tempfile::tempdir().unwrap();
        let station = Station::new(Place {
            config: Arc::new(config),
            transport,
            clock: drill.clock.clone(),
            sessions: pollers.sessions().clone(),
            files: Files::new(folder.path(), Ledger::Drill),
            operator: "kim@host".into(),
            console: "host/1".into(),
            books: Library::embedded(),
        });
        let (changes, changed) = desk::Desk::new(Arc::new(station), 1);
        let frames = Frames {
            terminal: Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap(),
            looks: Looks::new(themes, Depth::TrueColor),
        };
        let clock = drill.clock.clone();
        let mut console =
            Self { app, frames, endpoint, clock, pollers, polls, desk, answers, changes, changed, _folder: folder };
        console.perform(Effect::Change(Box::new(Request::Reconcile)));
        let read = |app: &App| {
            let mut cells = app.fleet.environments.iter().flat_map(|one| &one.cells);
            app.fleet.environments.iter().all(|one| !one.refreshing) && cells.all(|cell| cell.datum.read_at().is_some())
        };
        console.until("the wall", read).await;
        console
    }

    /// The environment that the incident is in.
    pub fn prod(&self) -> EnvId {
        let found = self.app.fleet.environments.iter().find(|one| one.environment.name == "prod").unwrap();
        found.environment.id
    }

    /// What the shell does for an effect, but for bells and the clipboard.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Refresh(whose) => self.pollers.tell(PollCommand::Refresh(whose)),
            Effect::Attend(attention) => self.pollers.tell(PollCommand::Attention(*attention)),
            Effect::Ask(question) => self.desk.ask(*question),
            Effect::Forget(slot) => self.desk.forget(slot),
            Effect::Change(request) => self.changes.take(*request),
            Effect::Quit | Effect::Copy(_) | Effect::Bell | Effect::Notify(_) | Effect::Repaint => {}
        }
    }

    /// Types letters one after another and does what comes of them.
    pub fn types(&mut self, word: &str) {
        for press in typed(word) {
            let effects = self.frames.press(&mut self.app, &press);
            effects.into_iter().for_each(|effect| self.perform(effect));
        }
    }

    /// Takes in what arrives until the state is as wanted.
    pub async fn until(&mut self, what: &str, wanted: impl Fn(&App) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.frames.draw(&mut self.app);
            if wanted(&self.app) {
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never came to {what}; the screen is {:?}", self.app.stack());
            let message = tokio::select! {
                Some(event) = self.polls.recv() => Message::Poll(event),
                Some(answer) = self.answers.recv() => Message::Answer(Box::new(answer)),
                Some(answer) = self.changed.recv() => Message::Changed(Box::new(answer)),
                () = tokio::time::sleep(left.min(Duration::from_secs(1))) => Message::Tick(self.clock.now()),
            };
            for effect in update(&mut self.app, message) {
                self.perform(effect);
            }
        }
    }

    /// Takes in everything until nothing has come for a moment.
    pub async fn quiet(&mut self) {
        while let Ok(Some(answer)) = tokio::time::timeout(MOMENT, self.changed.recv()).await {
            for effect in update(&mut self.app, Message::Changed(Box::new(answer))) {
                self.perform(effect);
            }
        }
    }

    /// Disarms without telling the console's state: what stands on the screen is of before.
    pub async fn disarm_beneath(&mut self, env: EnvId) {
        self.changes.take(Request::Disarm(env));
        while !matches!(self.changed.recv().await, Some(desk::Answer::Disarmed { .. })) {}
    }

    /// Ends every run, each after it has done what it was told, and tells every change that AWS was asked for.
    pub async fn close(mut self) -> Vec<String> {
        self.changes.close("the test is over").await;
        self.until("the end of all runs", |app| app.guarded.runs.iter().all(|own| own.run.phase == Phase::Closed))
            .await;
        self.endpoint.log().changes().iter().map(|one| one.operation.clone()).collect()
    }
}
