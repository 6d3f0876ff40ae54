//! `watchfloor`: the console.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::{Result, WrapErr};
use crossterm::event::EventStream;
use jiff::Timestamp;
use ratatui::layout::Size;

use crate::app::{self, App, Effect, Keymap, Message, NoticeLevel, state::Settings, update};
use crate::base::Text;
use crate::cli::depth;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::past;
use crate::cli::rows;
use crate::cli::source::{LookArgs, Source, SourceArgs};
use crate::cli::station;
use crate::config::paths::private_dir;
use crate::inquiry::Desk;
use crate::poll::{Pollers, environments};
use crate::runbook::desk as changes_desk;
use crate::shell::effects::Executor;
use crate::shell::event_loop::{self, Effects as _, Ending, Inputs, Looks};
use crate::shell::last_wall::{self, Keeper};
use crate::shell::logging;
use crate::shell::terminal::{self, TerminalGuard};
use crate::shell::termination::Termination;

/// The console on the configuration, or on a drill.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ConsoleArgs {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    look: LookArgs,
    /// Begin at a past minute, rebuilt from alarm and metric history, e.g. 2026-11-20T03:12Z.
    #[arg(long, value_name = "TIME", value_parser = past::moment)]
    at: Option<Timestamp>,
}

/// Simulated seconds per second in a drill that is watched: an incident unfolds within a minute or two.
pub const WATCHED_SPEED: f64 = 10.0;

/// Runs the console on the user's configuration, or on `--drill`.
pub fn run(args: &ConsoleArgs) -> Result<Exit> {
    let source = Source::open(&args.source, &args.look, WATCHED_SPEED)?;
    let at = args.at.map(|at| past::checked(at, source.clock.now())).transpose()?;
    open(&source, at)
}

/// Opens the console on a source, at a past minute where one is given, and says how it ended.
pub fn open(source: &Source, at: Option<Timestamp>) -> Result<Exit> {
    if !terminal::is_interactive() {
        let hint = "the console needs a terminal; for scripts and pipes use: watchfloor status";
        return Err(UsageError(hint.to_owned()).into());
    }
    let _log = match &source.paths {
        Some(paths) => start_log(&paths.logs()),
        None => None,
    };
    restore_on_panic()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ending = runtime.block_on(watch(source, at));
    // Calls still under way are abandoned: they only read.
    runtime.shutdown_background();
    terminal::restore();
    match ending? {
        Ending::Quit => Ok(Exit::Ok),
        Ending::Signal(number) => Ok(Exit::Signal(number)),
        // As if the terminal had said SIGHUP.
        Ending::TerminalLost => Ok(Exit::Signal(1)),
    }
}

/// A log that cannot be written must not keep the console from starting.
fn start_log(folder: &Path) -> Option<tracing_appender::non_blocking::WorkerGuard> {
    private_dir(folder).and_then(|()| logging::start(&folder.join("watchfloor.log"))).ok()
}

/// A panic first gives the terminal back, then says what happened.
///
/// # Errors
/// The hooks are installed already.
pub fn restore_on_panic() -> Result<()> {
    let (panics, errors) = color_eyre::config::HookBuilder::default().display_env_section(false).into_hooks();
    errors.install()?;
    let report = panics.into_panic_hook();
    std::panic::set_hook(Box::new(move |info| {
        terminal::restore();
        report(info);
    }));
    Ok(())
}

async fn watch(source: &Source, at: Option<Timestamp>) -> Result<Ending> {
    let termination = Termination::listen().wrap_err("signals")?;
    let environments = environments(&source.config);
    let (keymap, key_problems) = Keymap::new(&source.config.keys);
    let display = &source.config.display;
    let (columns, rows) = crossterm::terminal::size().wrap_err("the size of the terminal")?;
    let mut app = App::new(Settings {
        signals: rows::infos(&source.config.display),
        environments: environments.clone(),
        now: source.clock.now(),
        size: Size::new(columns, rows),
        themes: source.themes.names().into_iter().map(str::to_owned).collect(),
        theme: display.theme.clone(),
        ascii: display.ascii,
        bell: display.bell,
        drill: source.drill_label.as_ref().map(Text::from),
        config_problems: source.problems.len() + key_problems.len(),
        keymap,
    });
    app.notices.speed = source.clock.speed();
    for problem in &source.problems {
        update(&mut app, Message::Notice(NoticeLevel::Warning, problem.to_string().into()));
    }
    let cache = source.paths.as_ref().filter(|_| source.drill.is_none()).map(crate::config::Paths::last_wall);
    if let Some(path) = &cache {
        let ids: Vec<_> = rows::watched(&source.config.display).iter().map(|signal| signal.id()).collect();
        update(&mut app, Message::Cached(last_wall::load(path, &environments, &ids)));
    }
    let mut keeper = Keeper::new(cache);
    let mut guard = TerminalGuard::enter(display.mouse).wrap_err("the terminal")?;
    let (pollers, mut polls) = Pollers::start(
        &source.config,
        &source.transport,
        &source.clock,
        &rows::watched(&source.config.display),
        source.seed,
    );
    let (desk, mut answers) = Desk::new(&source.config, pollers.sessions().clone(), source.clock.clone());
    let mut desk = desk.with_manifests(source.manifests.clone());
    let (mut changes, mut changed) = match station::writable(source, pollers.sessions().clone()) {
        Ok(station) => {
            let seed = source.seed ^ u64::from(std::process::id());
            let (desk, receiver) = changes_desk::Desk::new(Arc::new(station), seed);
            (Ok(desk), receiver)
        }
        Err(why) => {
            let says = format!("nothing can be changed: {why}");
            update(&mut app, Message::Notice(NoticeLevel::Warning, says.into()));
            let (desk, receiver) = changes_desk::Closed::new(why);
            (Err(desk), receiver)
        }
    };
    let mut looks = Looks::new(source.themes.clone(), depth::of_terminal(|name| std::env::var(name).ok()));
    let inputs = Inputs {
        terminal: EventStream::new(),
        polls: &mut polls,
        answers: &mut answers,
        changes: &mut changed,
        termination,
        clock: &source.clock,
    };
    let mut effects = Executor {
        pollers: &pollers,
        desk: &mut desk,
        changes: changes.as_mut().map_err(|closed| &*closed),
        keeper: &mut keeper,
    };
    effects.perform(&Effect::Change(Box::new(changes_desk::Request::Reconcile)));
    for effect in at.map(|at| app::update::past::go(&mut app, at)).unwrap_or_default() {
        effects.perform(&effect);
    }
    let ending = event_loop::run(&mut app, &mut guard.screen, &mut looks, inputs, &mut effects).await;
    drop(guard);
    keeper.finish(&app);
    if let Ok(desk) = &mut changes {
        desk.close(match &ending {
            Ok(Ending::Quit) => "the operator left",
            Ok(Ending::Signal(1)) | Ok(Ending::TerminalLost) => "the terminal was closed",
            Ok(Ending::Signal(_)) => "the console was ended by a signal",
            Err(_) => "the terminal failed",
        })
        .await;
    }
    let ending = ending.wrap_err("the terminal")?;
    if ending == Ending::Quit {
        // Nothing can be done about a closed standard output.
        let _ = io::stdout().flush();
    }
    Ok(ending)
}
