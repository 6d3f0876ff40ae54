//! `watchfloor screenshot`: pictures of the console on the drill, as SVG. The same call makes the same bytes.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use color_eyre::eyre::{Result, WrapErr};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use tokio::sync::mpsc;

use crate::app::{App, Effect, Keymap, Message, state::Settings, update};
use crate::cli::exit::Exit;
use crate::cli::rows;
use crate::cli::source::{DrillArgs, LookArgs, Source, SourceArgs};
use crate::inquiry::{Answer, Desk};
use crate::poll::{PollEvent, Pollers, environments};
use crate::shell::event_loop::Looks;
use crate::ui::{Depth, draw, svg};

/// Simulated time of every picture: the incident began at 03:00.
const STARTED: &str = "2026-11-20T03:12:40Z";
/// How far the incident has come.
const ELAPSED: Duration = Duration::from_secs(12 * 60 + 40);
/// No picture waits longer for its data.
const PATIENCE: Duration = Duration::from_secs(30);
/// A question that goes on, like that for a log's end, has nothing more to tell when it is silent for this long.
const QUIET: Duration = Duration::from_secs(2);

/// Where to, and how they look.
#[derive(Debug, clap::Args)]
pub struct ScreenshotArgs {
    /// Folder to write to; made where it is missing.
    #[arg(long, value_name = "DIR", default_value = "screenshots")]
    out: PathBuf,
    /// Only pictures whose name contains this.
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
    #[command(flatten)]
    look: LookArgs,
}

/// One picture: where it stands and the keys that lead there.
struct Picture {
    name: &'static str,
    estate: &'static str,
    size: (u16, u16),
    keys: &'static str,
    theme: Option<&'static str>,
}

const fn picture(name: &'static str, estate: &'static str, size: (u16, u16), keys: &'static str) -> Picture {
    Picture { name, estate, size, keys, theme: None }
}

const PICTURES: &[Picture] = &[
    picture("wall", "payments", (120, 30), "jll"),
    picture("wall-80x24", "payments", (80, 24), "jll"),
    picture("wall-uex", "uex-payments", (120, 30), "jjjjll"),
    picture("signal", "payments", (120, 30), "jll\n"),
    picture("alarms", "payments", (120, 30), "L"),
    picture("environment", "payments", (120, 30), "lle"),
    picture("resource", "payments", (120, 40), "jll\n\n"),
    picture("suspects", "payments", (120, 30), "jllw"),
    picture("timeline", "uex-payments", (120, 30), "t"),
    picture("logs", "payments", (120, 30), "jll\n\nl"),
    picture("past", "payments", (120, 30), "jll{["),
    picture("connections", "payments", (120, 30), "C"),
    picture("help", "payments", (120, 40), "?"),
    Picture { theme: Some("light"), ..picture("wall-light", "payments", (120, 30), "jll") },
];

/// Runs the command.
pub fn run(args: &ScreenshotArgs, out: &mut dyn Write) -> Result<Exit> {
    std::fs::create_dir_all(&args.out).wrap_err_with(|| format!("cannot make {}", args.out.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for picture in PICTURES.iter().filter(|picture| picture.name.contains(&args.only)) {
        let made = runtime.block_on(take(picture, &args.look))?;
        let path = args.out.join(format!("{}.svg", picture.name));
        std::fs::write(&path, made).wrap_err_with(|| format!("cannot write {}", path.display()))?;
        writeln!(out, "{}", path.display())?;
    }
    runtime.shutdown_background();
    Ok(Exit::Ok)
}

async fn take(picture: &Picture, look: &LookArgs) -> Result<String> {
    let look = LookArgs { theme: look.theme.clone().or(picture.theme.map(str::to_owned)), ascii: look.ascii };
    let started: Timestamp = STARTED.parse()?;
    let run = DrillArgs { elapsed: ELAPSED, seed: 1, started: Some(started), ..DrillArgs::default() };
    let args = SourceArgs { config: None, drill: Some(picture.estate.to_owned()), run };
    let source = Source::open(&args, &look, 0.0)?;
    let environments = environments(&source.config);
    let mut waiting: Vec<_> = environments.iter().map(|environment| environment.id).collect();
    let mut app = App::new(Settings {
        signals: rows::infos(&source.config.display),
        environments,
        now: started,
        size: Size::new(picture.size.0, picture.size.1),
        themes: source.themes.names().into_iter().map(str::to_owned).collect(),
        theme: source.config.display.theme.clone(),
        ascii: source.config.display.ascii,
        bell: false,
        drill: source.drill_label.as_ref().map(|label| label.trim_end_matches(" ×0").into()),
        config_problems: 0,
        keymap: Keymap::default(),
    });
    let (pollers, mut events) = Pollers::start(
        &source.config,
        &source.transport,
        &source.clock,
        &rows::watched(&source.config.display),
        source.seed,
    );
    while !waiting.is_empty() {
        let event = tokio::time::timeout(PATIENCE, events.recv()).await.wrap_err("the drill did not answer")?;
        let Some(mut event) = event else { break };
        match &mut event {
            PollEvent::Refreshing { env, running: false } => waiting.retain(|waits| waits != env),
            // Measured in real time: it would differ from picture to picture.
            PollEvent::Connection { connection, .. } => connection.latency = None,
            _ => {}
        }
        update(&mut app, Message::Poll(event));
    }
    let (desk, mut answers) = Desk::new(&source.config, pollers.sessions().clone(), source.clock.clone());
    let mut desk = desk.with_manifests(source.manifests.clone());
    // Changes of severity no longer flash two seconds later.
    update(&mut app, Message::Tick(started + jiff::SignedDuration::from_secs(8)));
    let mut terminal = Terminal::new(TestBackend::new(picture.size.0, picture.size.1))?;
    let mut looks = Looks::new(source.themes.clone(), Depth::TrueColor);
    app.settle();
    for key in std::iter::once(None).chain(picture.keys.chars().map(Some)) {
        if let Some(key) = key {
            let code = if key == '\n' { KeyCode::Enter } else { KeyCode::Char(key) };
            let modifiers = if key.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            let effects = update(&mut app, Message::Key(KeyEvent::new(code, modifiers)));
            answered(&mut app, effects, &mut desk, &mut answers).await;
            app.settle();
        }
        let look = looks.of(&app);
        let mut hits = None;
        terminal.draw(|frame| hits = Some(draw(&app, look, frame)))?;
        app.hits = hits.unwrap_or_default();
    }
    let paper = if app.theme.contains("light") { svg::Paper::LIGHT } else { svg::Paper::DARK };
    Ok(svg::render(terminal.backend().buffer(), &format!("watchfloor {}", picture.name), paper))
}

/// Asks what a key asks for and waits for the answers, and for what is asked because of them.
async fn answered(app: &mut App, effects: Vec<Effect>, desk: &mut Desk, answers: &mut mpsc::Receiver<Answer>) {
    let mut effects = effects;
    let mut patience = PATIENCE;
    loop {
        for effect in effects {
            match effect {
                Effect::Ask(question) => desk.ask(*question),
                Effect::Forget(slot) => desk.forget(slot),
                _ => {}
            }
        }
        let answer = match answers.try_recv() {
            Err(_) if !desk.is_busy() => return,
            Err(_) => tokio::time::timeout(patience, answers.recv()).await.ok().flatten(),
            Ok(answer) => Some(answer),
        };
        let Some(answer) = answer else { return };
        patience = QUIET;
        effects = update(app, Message::Answer(Box::new(answer)));
    }
}
