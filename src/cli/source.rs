//! Where the environments come from: the user's configuration, or a drill in this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{Result, eyre};
use jiff::{SignedDuration, Timestamp};

use crate::base::Clock;
use crate::cli::exit::UsageError;
use crate::cli::vocabulary;
use crate::cloud::Transport;
use crate::compare::Manifests;
use crate::config::theme::Themes;
use crate::config::{Config, EnvironmentConfig, Flags, Paths, Problem, Started, start, start_estate};
use crate::drill::{Drill, DrillOptions, connector};
use crate::runbook::books::{Library, Shelf};

/// The flags of every command that reads AWS.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SourceArgs {
    /// Use this configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use an embedded estate in place of the configuration: no AWS account needed.
    #[arg(long, value_name = "ESTATE", conflicts_with = "config")]
    pub drill: Option<String>,
    #[command(flatten)]
    /// How the drill runs.
    pub run: DrillArgs,
}

/// The flags of every command that draws.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LookArgs {
    /// Use this theme.
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
}

/// How a drill runs.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Drill")]
pub struct DrillArgs {
    /// The incident to play; the estate's own when left out, `calm` for none.
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<String>,
    /// Simulated seconds per second.
    #[arg(long, value_name = "N", value_parser = speed)]
    pub speed: Option<f64>,
    /// Same seed, same figures.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Start this far into the scenario, e.g. 12m; the hours before it exist as history.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s")]
    pub elapsed: Duration,
    /// Let every call take this long, e.g. 50ms.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s")]
    pub latency: Duration,
    /// Simulated time at the start, RFC 3339; the present when left out. With a speed of 0, output is reproducible.
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub started: Option<Timestamp>,
}

/// What the console and the one-shot commands run on.
pub struct Source {
    /// The environments and how they are judged.
    pub config: Config,
    /// How requests travel.
    pub transport: Transport,
    /// Whose time it is.
    pub clock: Clock,
    /// Spreads the questions of the environments.
    pub seed: u64,
    /// What is wrong with the configuration; valid environments are in use all the same.
    pub problems: Vec<Problem>,
    /// The drill, where there is one.
    pub drill: Option<Arc<Drill>>,
    /// What the header says of the drill.
    pub drill_label: Option<String>,
    /// All themes.
    pub themes: Themes,
    /// Where this user's files are; `None` without a home directory.
    pub paths: Option<Paths>,
    /// Where the manifests are: a drill's estate has its own.
    pub manifests: Manifests,
    /// The runbooks.
    pub books: Library,
}

impl Source {
    /// Opens the drill or loads the configuration. `speed` is the drill's speed where the flags do not say one.
    pub fn open(args: &SourceArgs, look: &LookArgs, speed: f64) -> Result<Self> {
        let paths = Paths::of_user();
        let flags = Flags { config: args.config.clone(), theme: look.theme.clone(), ascii: look.ascii };
        match &args.drill {
            Some(estate) => Self::open_drill(estate, &args.run, &flags, paths, speed),
            None => Self::open_config(&flags, paths),
        }
    }

    fn open_drill(estate: &str, args: &DrillArgs, flags: &Flags, paths: Option<Paths>, speed: f64) -> Result<Self> {
        let speed = args.speed.unwrap_or(speed);
        let drill = Drill::open(&DrillOptions {
            estate: estate.to_owned(),
            scenario: args.scenario.clone(),
            seed: args.seed,
            speed,
            elapsed: args.elapsed,
            latency: args.latency,
            started: args.started.unwrap_or_else(Timestamp::now),
        })
        .map_err(|error| UsageError(error.to_string()))?;
        let at_speed = if (speed - 1.0).abs() < f64::EPSILON { String::new() } else { format!(" ×{speed}") };
        let started = start_estate(estate, paths.as_ref(), flags, variable, vocabulary::vocabulary());
        let (themes, display, problems) = match started {
            Some(started) => (started.themes, started.loaded.config.display, started.loaded.problems),
            None => (Themes::embedded(), drill.config.display.clone(), Vec::new()),
        };
        Ok(Self {
            config: Config { display, ..drill.config.clone() },
            transport: connector::transport(Arc::new(drill.endpoint().latency(args.latency))),
            clock: drill.clock.clone(),
            seed: args.seed,
            problems,
            drill_label: Some(format!("{}{at_speed}", drill.scenario)),
            drill: Some(Arc::new(drill)),
            themes,
            paths,
            manifests: Manifests::Embedded,
            books: Library::embedded(),
        })
    }

    fn open_config(flags: &Flags, paths: Option<Paths>) -> Result<Self> {
        let Started { loaded, path, found, themes, .. } =
            start(paths.as_ref(), flags, variable, vocabulary::with_profiles());
        if loaded.config.environments.is_empty() {
            let mut lines: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
            let path = path.map_or_else(|| "the configuration".to_owned(), |path| path.display().to_string());
            lines.push(match found {
                true => format!("{path} has no usable environment"),
                false => format!("there is no configuration: {path} does not exist"),
            });
            lines.push("make one from your AWS profiles:  watchfloor init".to_owned());
            lines.push("or look around without AWS:       watchfloor drill".to_owned());
            return Err(UsageError(lines.join("\n")).into());
        }
        // A file in the folder where the program runs has an empty parent.
        let manifests = match path.as_deref().and_then(Path::parent) {
            Some(folder) => Manifests::In(folder.to_owned()),
            None => Manifests::Nowhere,
        };
        let shelf = Shelf::of_user(path.as_deref(), paths.as_ref());
        Ok(Self {
            config: loaded.config,
            transport: Transport::network(),
            clock: Clock::System,
            seed: fastrand::u64(..),
            problems: loaded.problems,
            drill: None,
            drill_label: None,
            themes,
            paths,
            manifests,
            books: Library::load(&shelf),
        })
    }

    /// Writes the configuration's problems to standard error.
    pub fn report_problems(&self) {
        use std::io::Write as _;
        let mut err = std::io::stderr().lock();
        for problem in &self.problems {
            // Nothing can be done about a closed standard error.
            let _ = writeln!(err, "{problem}");
        }
    }

    /// Keeps only the environments named: `name` or `system/name`.
    pub fn keep_only(&mut self, wanted: &[String]) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let matches = |want: &String, env: &EnvironmentConfig| *want == env.name || *want == env.label();
        let labels: Vec<String> = self.config.environments.iter().map(EnvironmentConfig::label).collect();
        if let Some(missing) = wanted.iter().find(|want| !self.config.environments.iter().any(|env| matches(want, env)))
        {
            return Err(UsageError(format!("no environment `{missing}`; there are: {}", labels.join(", "))).into());
        }
        self.config.environments.retain(|env| wanted.iter().any(|want| matches(want, env)));
        Ok(())
    }
}

/// An environment variable; one that is no text is none.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A length of time, as flags write it.
pub fn duration(text: &str) -> Result<Duration> {
    let parsed: SignedDuration = text.parse().map_err(|error| eyre!("{error}; write it like 12m, 90s or 50ms"))?;
    Duration::try_from(parsed).map_err(|_| eyre!("a time must not be negative"))
}

fn timestamp(text: &str) -> Result<Timestamp> {
    text.parse().map_err(|error| eyre!("{error}; write it like 2026-11-20T03:12:40Z"))
}

fn speed(text: &str) -> Result<f64> {
    let speed: f64 = text.parse()?;
    if (0.0..=1000.0).contains(&speed) { Ok(speed) } else { Err(eyre!("a speed is a number from 0 to 1000")) }
}
