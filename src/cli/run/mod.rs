//! `watchfloor run`: plans a runbook, and with the typed confirmation applies it, without the console.

use std::io::Write;
use std::sync::Arc;

use color_eyre::eyre::{Result, eyre};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant};

use crate::actions::{self, Action, Wanted};
use crate::base::Text;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{LookArgs, Source, SourceArgs};
use crate::cli::station;
use crate::config::EnvironmentConfig;
use crate::config::nearest::nearest;
use crate::config::runbook::Runbook;
use crate::model::record::{Ending, Overridden};
use crate::model::{EnvId, Fault, Target, Value, Values};
use crate::runbook::course;
use crate::runbook::driver::{self, Driver};
use crate::runbook::inverse;
use crate::runbook::machine::{Event, Phase, Run};
use crate::runbook::reconcile;
use crate::runbook::station::Station;
use crate::shell::termination::Termination;

mod json;
mod lasting;
mod text;
mod unknown;

use lasting::Lasting;

/// Decisions that may wait for the run.
const COMMANDS: usize = 16;

/// Plan a runbook and print the plan with what every guard says: exit 0 allowed, 3 refused. With --confirm it is
/// applied: exit 0 only when it is verified.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// Id of the runbook; `watchfloor runbooks list` names them.
    #[arg(value_name = "RUNBOOK", required_unless_present = "undo")]
    runbook: Option<String>,
    /// Bring back what this run changed: the inverse of its last change, from the records.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["runbook", "params"])]
    undo: Option<String>,
    /// The environment: its name, or system/name.
    #[arg(long = "env", value_name = "ENV")]
    environment: String,
    /// A parameter, or what names the target: service=uex-backend. Repeat for several.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    params: Vec<(String, String)>,
    /// Only plan. This is also what happens without --confirm.
    #[arg(long, conflicts_with = "confirm")]
    plan: bool,
    /// Apply it: exactly what the plan asks to be typed, e.g. "prod uex-backend uex-backend:41".
    #[arg(long, value_name = "TEXT")]
    confirm: Option<String>,
    /// Why: recorded, and needed where the risk is critical.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Override a refusal by the name of its rule, e.g. in-flight/uex-backend. The reason is that of --reason.
    #[arg(long = "override", value_name = "RULE")]
    overrides: Vec<String>,
    /// Say yes to what this step asks after something was sent. The questions before are answered by --confirm.
    #[arg(long = "answer", value_name = "STEP")]
    answers: Vec<String>,
    /// Print JSON; while it is applied one object a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: SourceArgs,
}

/// Runs the command.
pub fn run(args: &RunArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut source = Source::open(&args.source, &LookArgs::default(), 1.0)?;
    source.report_problems();
    source.keep_only(std::slice::from_ref(&args.environment))?;
    if source.config.environments.len() > 1 {
        let labels: Vec<String> = source.config.environments.iter().map(EnvironmentConfig::label).collect();
        let several = format!("`{}` is in several systems; say which: {}", args.environment, labels.join(", "));
        return Err(UsageError(several).into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(go(args, &source, &mut Lasting::new(out)));
    runtime.shutdown_background();
    match outcome {
        Ok(exit) => Ok(exit),
        Err(error) => match error.downcast_ref::<Fault>() {
            Some(fault) => {
                let mut err = std::io::stderr().lock();
                // Nothing can be done about a closed standard error.
                let _ = writeln!(err, "watchfloor: {fault}. Nothing was sent.");
                Ok(Exit::Unknown)
            }
            None => Err(error),
        },
    }
}

async fn go(args: &RunArgs, source: &Source, out: &mut dyn Write) -> Result<Exit> {
    let station = Arc::new(station::of(source, None)?);
    let env = EnvId(0);
    let (action, course, target, values) = match &args.undo {
        Some(run) => {
            let inverse = inverse::of_run(&station, run).map_err(|why| UsageError(why.to_string()))?;
            (inverse.action, inverse.course, inverse.target, inverse.params)
        }
        None => {
            let book = book(&station, args.runbook.as_deref().unwrap_or_default())?;
            let action = actions::by_id(&book.action).ok_or_else(|| eyre!("there is no action {}", book.action))?;
            let (given, wanted) = parameters(book, action, &args.params)?;
            let (course, values) = course::for_team(book, &given, station.config.team.approvals)
                .map_err(|wrong| UsageError(wrong.iter().map(|why| why.to_string()).collect::<Vec<_>>().join("\n")))?;
            (action, course, target(&station, env, action, &wanted).await?, values)
        }
    };
    let mut random = fastrand::Rng::new();
    let id = course::run_id(station.clock.now(), &mut random);
    let run = Run::new(id, Arc::new(course), target, values, station.clock.now());
    match &args.confirm {
        None => {
            let run = driver::plan_only(&station, env, action, run).await;
            let allowed = text::is_allowed(&run);
            match args.json {
                true => writeln!(out, "{}", serde_json::to_string_pretty(&json::plan(&run, allowed))?)?,
                false => text::plan(out, &run, &station, allowed)?,
            }
            Ok(if allowed { Exit::Ok } else { Exit::Unknown })
        }
        Some(typed) => apply(args, &station, env, action, run, typed, out).await,
    }
}

/// How long it is tried to write down what has happened.
const TO_WRITE: Duration = Duration::from_secs(5 * 60);

/// What the records say of a signal that ended the program.
fn ended_by(signal: u8) -> &'static str {
    match signal {
        1 => "the terminal was closed",
        2 => "interrupted",
        _ => "terminated",
    }
}

async fn apply(
    args: &RunArgs,
    station: &Arc<Station>,
    env: EnvId,
    action: &'static dyn Action,
    run: Run,
    typed: &str,
    out: &mut dyn Write,
) -> Result<Exit> {
    let mut termination = Termination::listen()?;
    for found in reconcile::reconcile(station, &[]).await? {
        text::found(out, &found, args.json)?;
    }
    if run.course.sends() {
        station.arm(env).await?;
    }
    let (commands, receiver) = mpsc::channel(COMMANDS);
    let (told, mut states) = mpsc::unbounded_channel();
    let tell = move |run: &Run| {
        let _ = told.send(run.clone());
    };
    let driving = tokio::spawn(Driver::new(Arc::clone(station), env, action).drive(run, receiver, tell));
    let mut shown = text::Shown::default();
    let mut confirmed = false;
    let mut refused = false;
    let mut commands = Some(commands);
    let mut stopped = None;
    let mut gives_up: Option<Instant> = None;
    loop {
        let state = tokio::select! {
            state = states.recv() => state,
            signal = termination.received(), if stopped.is_none() => {
                stopped = Some(signal);
                if let Some(commands) = &commands {
                    let _ = commands.send(Event::Hangup(ended_by(signal).into())).await;
                }
                continue;
            }
            () = tokio::time::sleep_until(gives_up.unwrap_or_else(Instant::now)), if gives_up.is_some() => {
                // Nobody is there to wait any more.
                (commands, gives_up) = (None, None);
                continue;
            }
        };
        let Some(run) = state else { break };
        shown.show(out, &run, station, args.json)?;
        if let Some((step, _)) = run.asking()
            && let Some(sender) = &commands
        {
            let answered = args.answers.iter().any(|answer| *answer == **step);
            let why = format!("step {step} asks something, and nobody answered: --answer {step} says yes");
            let event = if answered { Event::Answered(step.clone()) } else { Event::Hangup(why.into()) };
            let _ = sender.send(event).await;
        }
        if run.phase == Phase::Closed && gives_up.is_none() && commands.is_some() {
            gives_up = Some(Instant::now() + TO_WRITE);
        }
        if run.phase == Phase::Ready {
            // It is ready as well while overrides and answers are taken in.
            if run.attempts > 0 {
                refused = true;
                if let Some(commands) = commands.take() {
                    let _ = commands.send(Event::Hangup(text::why_refused(&run))).await;
                }
            } else if let Some(commands) = commands.as_ref().filter(|_| !confirmed) {
                confirmed = true;
                for rule in &args.overrides {
                    let given = Overridden { rule: rule.into(), reason: Text::new(&args.reason) };
                    let _ = commands.send(Event::Overrode(given)).await;
                }
                for (id, _) in run.questions() {
                    let _ = commands.send(Event::Answered(id.clone())).await;
                }
                let event = Event::Confirmed { typed: typed.to_owned(), reason: Text::new(&args.reason) };
                let _ = commands.send(event).await;
            }
        }
    }
    let run = driving.await.map_err(|error| eyre!("the run broke off: {error}"))?;
    let ended = station.disarm(env, "the command ended").await;
    if let (waiting, Some(why)) = station.copy_records().await {
        writeln!(std::io::stderr(), "watchfloor: {waiting} records are not copied to the team's table yet: {why}")?;
    }
    shown.end(out, &run, refused, args.json)?;
    let missing = run.unwritten.clone().or_else(|| ended.err().map(|error| error.to_string().into()));
    if let Some(why) = &missing {
        let says = "are not complete; the next start reads back what they leave open";
        writeln!(std::io::stderr(), "watchfloor: the records of {} {says}: {why}", run.id)?;
    }
    Ok(match (&run.ending, stopped) {
        (Some((Ending::Verified, _)), _) if missing.is_none() => Exit::Ok,
        (_, Some(signal)) => Exit::Signal(signal),
        (Some((Ending::NotSent | Ending::Rejected, _)), None) => Exit::Unknown,
        (_, None) => Exit::Critical,
    })
}

fn book<'a>(station: &'a Station, id: &str) -> Result<&'a Runbook> {
    if let Some(book) = station.library.get(id) {
        return Ok(book);
    }
    let library = &station.library;
    let near = nearest(id, library.all().map(|book| book.id.as_str()));
    let hint = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    let broken: String = library.problems().iter().map(|problem| format!("\n{problem}")).collect();
    let list = "`watchfloor runbooks list` names them";
    Err(UsageError(format!("there is no runbook `{id}`{hint}; {list}{broken}")).into())
}

/// What was given, apart: parameters of the runbook, and what names the target.
fn parameters(book: &Runbook, action: &dyn Action, given: &[(String, String)]) -> Result<(Values, Wanted)> {
    let mut values = Values::new();
    let mut wanted = Wanted::default();
    let own = action.kind().param();
    let mut wrong = Vec::new();
    for (name, typed) in given {
        if name == own {
            match typed.starts_with("arn:") {
                true => wanted.arn = Some(Text::new(typed)),
                false => wanted.name = Some(Text::new(typed)),
            }
        } else if name == "arn" {
            wanted.arn = Some(Text::new(typed));
        } else if let Some(param) = book.param(name) {
            match param.accept(typed) {
                Ok(value) => {
                    wanted.within.insert(name.clone(), value.clone());
                    values.insert(name.clone(), value);
                }
                Err(why) => wrong.push(format!("--param {name}: {why}")),
            }
        } else if ["cluster", "alias", "stage", "index"].contains(&name.as_str()) {
            wanted.within.insert(name.clone(), Value::Text(Text::new(typed)));
        } else {
            let names: Vec<&str> = book.params.iter().map(|param| param.name.as_str()).chain([own]).collect();
            wrong.push(format!("{} has no parameter `{name}`; it has: {}", book.id, names.join(", ")));
        }
    }
    if wanted.arn.is_none() && wanted.name.is_none() {
        wrong.push(format!("say which {}: --param {own}=NAME", action.kind()));
    }
    match wrong.is_empty() {
        true => Ok((values, wanted)),
        false => Err(UsageError(wrong.join("\n")).into()),
    }
}

async fn target(station: &Station, env: EnvId, action: &dyn Action, wanted: &Wanted) -> Result<Target> {
    let session = station.reader(env).await?;
    let mut found = action.find(&session, wanted).await?;
    let name = wanted.name.as_ref().or(wanted.arn.as_ref()).cloned().unwrap_or_default();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => {
            let (kind, place) = (action.kind(), &session.environment);
            let (label, region) = (format!("{}/{}", place.system, place.name), &place.region);
            let hint = format!("`watchfloor status --env {label} --json` names what is there");
            let says = format!("no {kind} `{name}` was found in {label} {region}; {hint}. Nothing was sent.");
            Err(UsageError(says).into())
        }
        _ => {
            let arns: Vec<String> = found.iter().map(|target| format!("  {}", target.arn)).collect();
            let own = action.kind().param();
            let says = format!("`{name}` is ambiguous; name one by its ARN, --param {own}=ARN:\n{}", arns.join("\n"));
            Err(UsageError(says).into())
        }
    }
}

fn pair(text: &str) -> Result<(String, String)> {
    let (name, value) = text.split_once('=').ok_or_else(|| eyre!("write it like service=uex-backend"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
