//! The whole state of the console.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;
use tui_input::Input;

use crate::app::asked::Asked;
use crate::app::cursor::Cursor;
use crate::app::derived::Derived;
use crate::app::dialog::Dialog;
use crate::app::filter::Filter;
use crate::app::fleet::{Fleet, SignalInfo};
use crate::app::guarded::Guarded;
use crate::app::hit::{HitMap, Target};
use crate::app::keymap::Keymap;
use crate::app::notice::{Notice, NoticeLevel, Notices};
use crate::app::palette::Palette;
use crate::app::past::{Kept, Past};
use crate::app::scope::Scope;
use crate::app::screen::{Pane, Screen, ScreenKind};
use crate::app::screens::guarded::{Form, RecordsState, RunState, RunbooksState};
use crate::app::screens::timeline::data::Data;
use crate::app::screens::{
    AlarmsState, CompareState, ConnectionsState, DescribeState, EnvironmentScreenState, LogsState, ResourceState,
    SignalState, TimelineState, WallState,
};
use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::model::{Environment, Severity};
use crate::poll::Attention;

/// What the console starts with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The rows, in order.
    pub signals: Vec<SignalInfo>,
    /// The columns, in order.
    pub environments: Vec<Environment>,
    /// The time.
    pub now: Timestamp,
    /// Size of the terminal.
    pub size: Size,
    /// Names of the themes there are.
    pub themes: Vec<String>,
    /// Name of the theme to begin with.
    pub theme: String,
    /// Draw with ASCII characters only.
    pub ascii: bool,
    /// Ring the bell when a severity gets worse.
    pub bell: bool,
    /// What is drilled, e.g. `bad-deploy ×10`; `None` on real accounts.
    pub drill: Option<Text>,
    /// Problems found in the configuration.
    pub config_problems: usize,
    /// The keys in force.
    pub keymap: Keymap,
}

/// A frozen picture.
#[derive(Debug, Clone)]
pub struct Paused {
    /// When it was frozen: the time that ages are told at.
    pub at: Timestamp,
    /// What was known then.
    pub fleet: Fleet,
}

/// A filter that is being typed.
#[derive(Debug, Clone)]
pub struct FilterInput {
    /// What is typed.
    pub input: Input,
    /// The filter in force before, for `esc`.
    pub before: Filter,
}

/// A line that is used when it is typed to its end.
#[derive(Debug, Clone)]
pub struct LineInput {
    /// What is typed.
    pub input: Input,
    /// What for.
    pub purpose: Purpose,
}

/// What a typed line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// CloudWatch's filter pattern of the log.
    Pattern,
    /// Searching the log's lines.
    Search,
}

impl Purpose {
    /// What stands before the line.
    pub fn prompt(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::Search => "search",
        }
    }
}

/// Where keys go.
#[derive(Debug, Clone, Default)]
pub enum Typing {
    /// To the keymap.
    #[default]
    Off,
    /// Into the filter of the base screen.
    Filter(FilterInput),
    /// Into a line that the log screen asked for.
    Line(LineInput),
    /// Into the command palette.
    Palette(Palette),
    /// Into the parameters of a runbook.
    Form(Box<Form>),
    /// Into a dialog.
    Dialog(Box<Dialog>),
}

/// The state.
#[derive(Debug, Clone)]
pub struct App {
    /// What is known now.
    pub fleet: Fleet,
    /// The frozen picture, while there is one; data keep coming into `fleet`.
    pub paused: Option<Paused>,
    /// The past minute that is shown, while one is.
    pub past: Option<Past>,
    /// Past minutes rebuilt before.
    pub(in crate::app) past_kept: Kept,
    /// The distinct systems.
    pub systems: Vec<Text>,
    /// The systems shown.
    pub scope: Scope,
    /// The screens, the topmost last; never empty. Use [`App::screen`] and [`App::base`].
    pub(in crate::app) screens: Vec<Screen>,
    /// The wall's state.
    pub wall: WallState,
    /// The signal screen's state.
    pub signal: SignalState,
    /// The alarms screen's state.
    pub alarms: AlarmsState,
    /// The connections screen's state.
    pub connections: ConnectionsState,
    /// The environment screen's state.
    pub environment: EnvironmentScreenState,
    /// The resource screen's state.
    pub resource: ResourceState,
    /// What changed in the environment of the open resource.
    pub changes: Data,
    /// The timeline's state.
    pub timeline: TimelineState,
    /// The log screen's state.
    pub logs: LogsState,
    /// The compare screen's state.
    pub compare: CompareState,
    /// What is known of changes.
    pub guarded: Guarded,
    /// The runbooks screen's state.
    pub runbooks: RunbooksState,
    /// The run screen's state.
    pub run: RunState,
    /// The records screen's state.
    pub records: RecordsState,
    /// The filter of screens that have none: always empty.
    unfiltered: Filter,
    /// The describe overlay's state.
    pub describe: DescribeState,
    /// How far the help overlay is scrolled: `offset` is the line at the top.
    pub help: Cursor,
    /// How far the messages overlay is scrolled: `offset` is the line at the top, 0 is the newest message.
    pub messages: Cursor,
    /// Show only what needs attention.
    pub attention: bool,
    /// The pane that the keys move in.
    pub pane: Pane,
    /// The selected line of the detail pane: a resource of the selected cell.
    pub detail: Cursor,
    /// Where keys go.
    pub typing: Typing,
    /// Messages to the operator.
    pub notices: Notices,
    /// The time of the last tick.
    pub now: Timestamp,
    /// When the program started.
    pub started: Timestamp,
    /// Size of the terminal.
    pub size: Size,
    /// Names of the themes there are.
    pub themes: Vec<String>,
    /// Name of the theme in use.
    pub theme: String,
    /// Draw with ASCII characters only.
    pub ascii: bool,
    /// Ring the bell when a severity gets worse.
    pub bell: bool,
    /// What is drilled; `None` on real accounts.
    pub drill: Option<Text>,
    /// Problems found in the configuration.
    pub config_problems: usize,
    /// The keys in force.
    pub keymap: Arc<Keymap>,
    /// Where things were drawn; the shell puts it here after every frame.
    pub hits: HitMap,
    /// What the screens show.
    pub derived: Derived,
    /// True when a frame is due; the shell clears it when it has drawn one.
    pub redraw: bool,
    /// Seconds of the machine without a key or the mouse.
    pub(in crate::app) quiet_s: u32,
    /// Where the pollers were last told that the operator looks.
    pub(in crate::app) attended: Attention,
    /// What is being asked because of the screens that are open.
    pub(in crate::app) asked: Asked,
    /// The last click, to tell a double click.
    pub(in crate::app) last_click: Option<(Duration, Target)>,
}

impl App {
    /// The state at the start: nothing is known yet.
    pub fn new(settings: Settings) -> Self {
        let fleet = Fleet::new(settings.signals, settings.environments);
        let mut app = Self {
            systems: fleet.systems(),
            fleet,
            paused: None,
            past: None,
            past_kept: Kept::default(),
            scope: Scope::System(0),
            screens: vec![Screen::Wall],
            wall: WallState::default(),
            signal: SignalState::default(),
            alarms: AlarmsState::default(),
            connections: ConnectionsState::default(),
            environment: EnvironmentScreenState::default(),
            resource: ResourceState::default(),
            changes: Data::default(),
            timeline: TimelineState::default(),
            logs: LogsState::default(),
            compare: CompareState::default(),
            guarded: Guarded::default(),
            runbooks: RunbooksState::default(),
            run: RunState::default(),
            records: RecordsState::default(),
            unfiltered: Filter::default(),
            describe: DescribeState::default(),
            help: Cursor::default(),
            messages: Cursor::default(),
            attention: false,
            pane: Pane::default(),
            detail: Cursor::default(),
            typing: Typing::default(),
            notices: Notices::default(),
            now: settings.now,
            started: settings.now,
            size: settings.size,
            themes: settings.themes,
            theme: settings.theme,
            ascii: settings.ascii,
            bell: settings.bell,
            drill: settings.drill,
            config_problems: settings.config_problems,
            keymap: Arc::new(settings.keymap),
            hits: HitMap::default(),
            derived: Derived::default(),
            redraw: true,
            quiet_s: 0,
            attended: Attention::default(),
            asked: Asked::default(),
            last_click: None,
        };
        if app.config_problems > 0 {
            let problems =
                if app.config_problems == 1 { "1 problem" } else { &format!("{} problems", app.config_problems) };
            let text = format!("config: {problems}, run watchfloor config check");
            app.notices.add(NoticeLevel::Warning, text, app.now);
        }
        app.settle();
        app
    }

    /// The topmost screen, which may be an overlay.
    pub fn screen(&self) -> Screen {
        self.screens.last().copied().unwrap_or(Screen::Wall)
    }

    /// The topmost screen that is not an overlay.
    pub fn base(&self) -> Screen {
        let base = self.screens.iter().rev().find(|screen| !screen.kind().is_overlay());
        base.copied().unwrap_or(Screen::Wall)
    }

    /// The screens from the wall to the topmost one.
    pub fn stack(&self) -> &[Screen] {
        &self.screens
    }

    /// The kind of screen that the help overlay tells the keys of: the one below it.
    pub fn helped(&self) -> ScreenKind {
        let below = self.screens.iter().rev().find(|screen| **screen != Screen::Help);
        below.map_or(ScreenKind::Wall, |screen| screen.kind())
    }

    /// What is shown: the frozen picture, or what is known now.
    pub fn picture(&self) -> &Fleet {
        match (&self.past, &self.paused) {
            (Some(past), _) => &past.fleet,
            (None, Some(paused)) => &paused.fleet,
            (None, None) => &self.fleet,
        }
    }

    /// The time that the picture is told at: ages and staleness count from here.
    pub fn picture_time(&self) -> Timestamp {
        match (&self.past, &self.paused) {
            (Some(past), _) => past.at,
            (None, Some(paused)) => paused.at,
            (None, None) => self.now,
        }
    }

    /// The filter of the base screen.
    pub fn filter(&self) -> &Filter {
        match self.base() {
            Screen::Signal(_) => &self.signal.filter,
            Screen::Alarms => &self.alarms.filter,
            Screen::Connections => &self.connections.filter,
            Screen::Environment(_) => &self.environment.filter,
            Screen::Resource => &self.resource.filter,
            Screen::Timeline => &self.timeline.filter,
            Screen::Logs => &self.logs.filter,
            Screen::Compare => &self.compare.filter,
            Screen::Records => &self.records.filter,
            Screen::Runbooks | Screen::Run => &self.unfiltered,
            _ => &self.wall.filter,
        }
    }

    /// Name of the system shown; `None` for all.
    pub fn system(&self) -> Option<&Text> {
        match self.scope {
            Scope::System(index) => self.systems.get(index),
            Scope::All => None,
        }
    }

    /// The notice to show.
    pub fn notice(&self) -> Option<&Notice> {
        self.notices.current(self.now)
    }

    /// Seconds since the newest answer of the environments in scope.
    pub fn newest_age_s(&self) -> Option<u64> {
        let picture = self.picture();
        let in_scope = self.derived.scope.iter().filter_map(|index| picture.environments.get(*index));
        let newest = in_scope.flat_map(|state| &state.cells).filter_map(|cell| cell.datum.read_at()).max();
        newest.map(|at| seconds_between(at, self.picture_time()))
    }

    /// True where there is nothing to close or to clear before the past is left.
    pub fn is_at_rest(&self) -> bool {
        self.screens.len() <= 1 && self.pane == Pane::Main && self.filter().is_empty()
    }

    /// How many times slower metrics are asked for, to keep within the budget.
    pub fn slowed(&self) -> Option<u32> {
        self.fleet.environments.iter().filter_map(|state| state.connection.slowed).max()
    }

    /// What the calls of the last half hour cost an hour, in USD.
    pub fn usd_per_hour(&self) -> f64 {
        self.fleet.environments.iter().map(|state| state.connection.usd_per_hour).fold(0.0, |sum, usd| sum + usd)
    }

    /// The worst severity over all environments, in scope or not.
    pub fn worst(&self) -> Severity {
        self.derived.counts.worst.max(self.derived.elsewhere.worst)
    }
}
