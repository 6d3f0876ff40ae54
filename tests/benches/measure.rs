//! What the benchmarks of screens share: an application on a terminal that throws its bytes away, and what it is fed.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};
use watchfloor::app::state::Settings;
use watchfloor::app::{App, Keymap, Message, SignalInfo, update_all};
use watchfloor::config::theme::Themes;
use watchfloor::model::{EnvId, Environment, Field, Reading, Resource, Severity, SignalId, Tier};
use watchfloor::poll::PollEvent;
use watchfloor::shell::event_loop::Looks;
use watchfloor::signals;
use watchfloor::ui::{Depth, draw};

use crate::table::Table;

/// Bytes are counted and thrown away: the time of the terminal itself is not ours.
struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An application on a terminal of a given size, with the times of its frames.
pub struct Console {
    /// The state.
    pub app: App,
    terminal: Terminal<CrosstermBackend<Sink>>,
    looks: Looks,
    times: Vec<Duration>,
}

impl Console {
    /// With `environments` environments and all signals.
    pub fn new(environments: usize, columns: u16, rows: u16) -> Self {
        let app = App::new(Settings {
            signals: signals::ALL
                .iter()
                .map(|s| SignalInfo { id: s.id(), title: s.title().into(), always: false })
                .collect(),
            environments: (0..environments).map(environment).collect(),
            now: started(),
            size: Size::new(columns, rows),
            themes: vec!["dark".into()],
            theme: "dark".into(),
            ascii: false,
            bell: false,
            drill: None,
            config_problems: 0,
            keymap: Keymap::default(),
        });
        let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
        let terminal = Terminal::with_options(CrosstermBackend::new(Sink(0)), TerminalOptions { viewport }).unwrap();
        Self { app, terminal, looks: Looks::new(Themes::embedded(), Depth::TrueColor), times: Vec::new() }
    }

    /// Takes the messages in and draws; not counted.
    pub fn show(&mut self, messages: impl IntoIterator<Item = Message>) {
        let _ = update_all(&mut self.app, messages);
        self.paint();
    }

    /// Presses keys, one after the other; not counted.
    pub fn press(&mut self, keys: &str) {
        keys.chars().for_each(|c| self.show([key(c)]));
    }

    /// Takes the messages in and draws; from the first to the last it is one time of the table.
    pub fn frame(&mut self, messages: impl IntoIterator<Item = Message>) {
        let began = Instant::now();
        self.show(messages);
        self.times.push(began.elapsed());
    }

    fn paint(&mut self) {
        let look = self.looks.of(&self.app);
        let mut hits = None;
        let app = &self.app;
        self.terminal.draw(|frame| hits = Some(draw(app, look, frame))).unwrap();
        self.app.hits = hits.unwrap();
    }

    /// A line of the table: the times since the last one.
    pub fn print(&mut self, table: &mut Table, what: &str) {
        let size = (self.app.size.width, self.app.size.height);
        table.frames(what, size, &mut std::mem::take(&mut self.times));
    }
}

/// When every benchmark begins.
pub fn started() -> Timestamp {
    "2026-11-20T03:12:40Z".parse().unwrap()
}

/// The key with this character; a line break is the enter key, an escape character the escape key.
pub fn key(c: char) -> Message {
    let code = match c {
        '\n' => KeyCode::Enter,
        '\u{1b}' => KeyCode::Esc,
        c => KeyCode::Char(c),
    };
    let modifiers = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    Message::Key(KeyEvent::new(code, modifiers))
}

fn environment(id: usize) -> Environment {
    let tier = [Tier::Development, Tier::Staging, Tier::Production][id % 3];
    Environment {
        id: EnvId(id),
        system: format!("system-{}", id / 10).into(),
        name: format!("env-{id}").into(),
        tier,
        region: "eu-west-1".into(),
        account: Some("111111111111".into()),
        profile: None,
        read_only: false,
    }
}

/// An alarm of an environment.
pub fn alarm(env: usize, index: usize, severity: Severity) -> Resource {
    Resource {
        name: format!("system-{}-env-{env}-alarm-{index}-errors", env / 10).into(),
        logical_name: format!("alarm-{index}-errors").into(),
        arn: format!("arn:aws:cloudwatch:eu-west-1:111111111111:alarm:alarm-{index}").into(),
        severity,
        headline: severity.word().into(),
        reason: "Threshold Crossed: 3 out of the last 3 datapoints were greater than the threshold (5.0).".into(),
        since: Some(started()),
        series: None,
        curve: Default::default(),
        fields: vec![Field::new("state", severity.word()), Field::new("threshold", 5.0)],
    }
}

/// What a poller reports of one signal of one environment: the worst resource first.
pub fn reading(env: usize, signal: &'static str, mut resources: Vec<Resource>, at: Timestamp) -> Message {
    resources.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.name.cmp(&b.name)));
    let severity = resources.first().map_or(Severity::Absent, |worst| worst.severity);
    let worst = resources.iter().filter(|resource| resource.severity == severity).count();
    let headline = format!("{worst} of {}", resources.len()).into();
    let outcome = Ok(Box::new(Reading { severity, headline, resources, ..Reading::default() }));
    Message::Poll(PollEvent::Reading { env: EnvId(env), signal: SignalId(signal), outcome, at, every_s: 15 })
}
