//! A drill with a station in front of it, and an operator who confirms.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_cloudwatch::types::AlarmType;
use tokio::sync::mpsc;
use watchfloor::actions::{self, Wanted};
use watchfloor::base::Text;
use watchfloor::config::Config;
use watchfloor::drill::fault_modes::Rule;
use watchfloor::drill::wire::{Endpoint, Received};
use watchfloor::drill::{Drill, DrillOptions};
use watchfloor::guard::{Guard, confirm};
use watchfloor::model::record::Ending;
use watchfloor::model::{Entry, EnvId, Record, SignalId, Value, Values};
use watchfloor::poll::sessions::Sessions;
use watchfloor::runbook::audit::{Files, Ledger, Reader};
use watchfloor::runbook::books::Library;
use watchfloor::runbook::course;
use watchfloor::runbook::driver::Driver;
use watchfloor::runbook::inverse;
use watchfloor::runbook::machine::{Check, Event, Phase, Recovery, Run};
use watchfloor::runbook::recovery::{self, Eyes};
use watchfloor::runbook::station::{Place, Station};

use crate::wire::Wire;

/// Simulated seconds per second of the (paused) runtime.
pub const SPEED: f64 = 10.0;

/// Everything that a run needs.
pub struct Stage {
    pub endpoint: Arc<Endpoint>,
    pub station: Arc<Station>,
    pub env: EnvId,
    pub files: Files,
    _folder: tempfile::TempDir,
    pub wire: Arc<Wire>,
    drill: Drill,
    runs: AtomicU32,
}

impl Stage {
    /// `scenario` of `estate`, `elapsed` minutes after its beginning, in the environment of this name.
    pub fn new(estate: &str, scenario: &str, environment: &str, elapsed_min: u64) -> Self {
        Self::with(estate, scenario, environment, elapsed_min, |_| {})
    }

    /// The same with another configuration than the estate's.
    pub fn with(
        estate: &str,
        scenario: &str,
        environment: &str,
        elapsed_min: u64,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let options = DrillOptions {
            scenario: Some(scenario.to_owned()),
            speed: SPEED,
            elapsed: Duration::from_secs(elapsed_min * 60),
            ..DrillOptions::new(estate, "2026-11-20T03:00:00Z".parse().unwrap())
        };
        let mut drill = Drill::open(&options).unwrap();
        let endpoint = Arc::new(drill.endpoint());
        let wire = Wire::to(&endpoint);
        configure(&mut drill.config);
        let folder = tempfile::tempdir().unwrap();
        let place = drill.config.environments.iter().position(|known| known.name == environment).unwrap();
        let files = Files::new(folder.path(), Ledger::Drill);
        let station = Self::station(&drill, &wire, &files, Library::embedded());
        Self { endpoint, station, env: EnvId(place), files, _folder: folder, wire, drill, runs: AtomicU32::new(0) }
    }

    fn station(drill: &Drill, wire: &Arc<Wire>, files: &Files, books: Library) -> Arc<Station> {
        Arc::new(Station::new(Place {
            config: Arc::new(drill.config.clone()),
            transport: wire.transport(),
            clock: drill.clock.clone(),
            sessions: Sessions::default(),
            files: files.clone(),
            operator: "kim@host".into(),
            console: "host/1".into(),
            books,
        }))
    }

    /// Another console on the same machine: same records, same AWS, nothing armed.
    pub fn another_console(&mut self) {
        self.station = Self::station(&self.drill, &self.wire, &self.files, Library::embedded());
    }

    /// The same place with other runbooks.
    pub fn of_books(mut self, books: Library) -> Self {
        self.station = Self::station(&self.drill, &self.wire, &self.files, books);
        self
    }

    /// Every request that would change something, with its parameters.
    pub fn changes(&self) -> Vec<Received> {
        self.endpoint.log().changes()
    }

    /// Every request that would change something, whether it was carried out or not.
    pub fn mutations(&self) -> Vec<String> {
        self.changes().into_iter().map(|one| one.operation).collect()
    }

    /// What the records tell of, in their order, without what was only read.
    pub fn order(&self) -> Vec<String> {
        let kinds = self.records().into_iter().map(|record| kind(&record.entry));
        kinds.filter(|kind| kind != "observed").collect()
    }

    /// Says of what is left that somebody must bring back.
    pub fn owed(&self) -> Vec<String> {
        let now = self.station.clock.now();
        self.station
            .with_books(|books| books.obligations.open(now).map(|open| open.says.to_string()).collect())
            .unwrap()
    }

    /// Runs whose outcome is unknown, by the records.
    pub fn unresolved(&self) -> Vec<String> {
        self.station
            .with_books(|books| books.unresolved.open().iter().map(|open| open.run.to_string()).collect())
            .unwrap()
    }

    /// State of an alarm as CloudWatch tells it now.
    pub async fn alarm(&self, name: &str) -> String {
        let session = self.station.reader(self.env).await.expect("connected");
        let request = session.cloudwatch().describe_alarms().alarm_names(name);
        let request = request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
        let answer = request.send().await.expect("read");
        let metric = answer.metric_alarms().iter().filter_map(|alarm| alarm.state_value());
        let composite = answer.composite_alarms().iter().filter_map(|alarm| alarm.state_value());
        metric.chain(composite).next().map_or_else(|| panic!("there is no alarm {name}"), ToString::to_string)
    }

    /// What the signals that a run verifies say of its target now.
    pub async fn signals(&self, run: &Run) -> Vec<(SignalId, Recovery)> {
        let session = self.station.reader(self.env).await.expect("connected");
        let thresholds = self.station.thresholds(self.env);
        let eyes = Eyes { thresholds: &thresholds, naming: &self.station.naming };
        let mut found = Vec::new();
        for check in &run.course.verify {
            if let Check::Signal { signal, is, .. } = check {
                let now = self.station.clock.now();
                let read = recovery::read(&session, *signal, *is, &run.target, eyes, now).await;
                found.push((*signal, read.expect("read").0));
            }
        }
        found
    }

    fn next_run(&self) -> Text {
        Text::new(format!("r-{}", self.runs.fetch_add(1, Ordering::SeqCst) + 1))
    }

    /// The run that brings another back, by the records.
    pub fn inverse(&self, run: &str) -> Run {
        let inverse = inverse::of_run(&self.station, run).expect("it can be brought back");
        let now = self.station.clock.now();
        Run::new(self.next_run(), Arc::new(inverse.course), inverse.target, inverse.params, now)
    }

    /// All records.
    pub fn records(&self) -> Vec<Record> {
        let mut all = Vec::new();
        Reader::open(self.files.clone()).read(|record| all.push(record.clone())).unwrap();
        all
    }

    /// The run of a runbook that has not begun.
    pub async fn run(&self, runbook: &str, name: &str, params: &[(&str, Value)]) -> Run {
        let book = self.station.library.get(runbook).expect("there is such a runbook");
        let action = actions::by_id(&book.action).expect("there is such an action");
        let given: Values = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let (course, values) = course::of(book, &given).expect("the parameters fit");
        let session = self.station.reader(self.env).await.expect("connected");
        let wanted = Wanted { name: Some(name.into()), within: values.clone(), ..Wanted::default() };
        let mut found = action.find(&session, &wanted).await.expect("found");
        assert_eq!(found.len(), 1, "{found:?}");
        let now = self.station.clock.now();
        Run::new(self.next_run(), Arc::new(course), found.remove(0), values, now)
    }

    /// Arms, lets the run go, answers, confirms what it asks for, and waits for its end. `decide` hears of every state
    /// and may say more.
    pub async fn carry_out(&self, run: Run, decide: impl Fn(&Run) -> Option<Event> + Send + 'static) -> Run {
        self.station.arm(self.env).await.expect("armed");
        self.let_go(run, decide).await
    }

    /// The same without arming.
    pub async fn let_go(&self, run: Run, decide: impl Fn(&Run) -> Option<Event> + Send + 'static) -> Run {
        let_go(Arc::clone(&self.station), self.env, run, decide).await
    }
}

/// Lets a run go at a station, and confirms what it asks for. Where it is refused after that, the operator gives up.
pub async fn let_go(
    station: Arc<Station>,
    env: EnvId,
    run: Run,
    decide: impl Fn(&Run) -> Option<Event> + Send + 'static,
) -> Run {
    let (commands, receiver) = mpsc::channel(64);
    let commands = Mutex::new(Some(commands));
    // Words of the operator that are not heard yet.
    let unheard: Mutex<Option<usize>> = Mutex::new(None);
    let tell = move |run: &Run| {
        let mut held = commands.lock().unwrap();
        let said = decide(run);
        let Some(sender) = held.as_ref() else { return };
        let mut words: Vec<Event> = said.into_iter().collect();
        let mut unheard = unheard.lock().unwrap();
        let gives_up = match unheard.as_mut().filter(|_| run.phase == Phase::Ready) {
            Some(left) => {
                *left = left.saturating_sub(1);
                *left == 0
            }
            None => false,
        };
        if run.phase == Phase::Ready && run.situation.is_some() && unheard.is_none() {
            words.extend(yes(run, &phrase(run), "a drill"));
            *unheard = Some(words.len());
        }
        for word in words {
            let _ = sender.try_send(word);
        }
        if gives_up {
            // Refused.
            *held = None;
        }
    };
    drive(station, env, run, receiver, tell).await
}

/// Lets a run go with an operator of one's own.
pub async fn drive(
    station: Arc<Station>,
    env: EnvId,
    run: Run,
    commands: mpsc::Receiver<Event>,
    tell: impl Fn(&Run) + Send,
) -> Run {
    let action = actions::by_id(&run.course.action).expect("there is such an action");
    Driver::new(station, env, action).drive(run, commands, tell).await
}

/// Answers every question with yes and confirms.
pub fn yes(run: &Run, typed: &str, reason: &str) -> Vec<Event> {
    let mut events: Vec<Event> = run.questions().map(|(id, _)| Event::Answered(id.clone())).collect();
    events.push(Event::Confirmed { typed: typed.to_owned(), reason: Text::new(reason) });
    events
}

/// How a run ended.
pub fn ending(run: &Run) -> Option<Ending> {
    run.ending.as_ref().map(|(ending, _)| *ending)
}

/// The word of an entry in the records.
pub fn kind(entry: &Entry) -> String {
    serde_json::to_value(entry).unwrap()["kind"].as_str().unwrap().to_owned()
}

/// What the run asks to be typed.
pub fn phrase(run: &Run) -> String {
    match (&run.plan, &run.situation) {
        (Some(plan), Some(situation)) => confirm::phrase_for(plan, situation, run.course.policy.risk),
        _ => String::new(),
    }
}

/// The operator says nothing more than what is asked for.
pub fn quiet(_: &Run) -> Option<Event> {
    None
}

/// The rules that refuse.
pub fn refusals(run: &Run) -> Vec<String> {
    run.refusals().map(|refusal| refusal.rule.to_string()).collect()
}

/// True where a rule of this guard refuses.
pub fn refused_by(run: &Run, guard: Guard) -> bool {
    run.refusals().any(|refusal| refusal.guard == guard)
}

/// What the refusals say, in one line each.
pub fn said(run: &Run) -> String {
    run.refusals().map(|refusal| refusal.line(run.began, "")).collect::<Vec<_>>().join("\n")
}

/// Does something once, when the run is first told to be in a phase.
pub fn once_in(phase: Phase, act: impl Fn() + Send + 'static) -> impl Fn(&Run) -> Option<Event> + Send + 'static {
    let done = AtomicBool::new(false);
    move |run| {
        if run.phase == phase && !done.swap(true, Ordering::SeqCst) {
            act();
        }
        None
    }
}

impl Stage {
    /// The usual incident: a bad version of a payment function.
    pub fn bad_deploy() -> Self {
        Self::new("payments", "bad-deploy", "prod", 12)
    }

    /// The usual run in it.
    pub async fn rollback(&self) -> Run {
        self.run("lambda-alias-rollback", "payment-processing", &[]).await
    }

    /// Adds a rule of failure.
    pub fn fail(&self, rule: Rule) {
        self.endpoint.rules().add(rule);
    }

    /// Simulated minutes go by.
    pub async fn minutes(&self, minutes: u64) {
        self.station.clock.sleep(Duration::from_secs(minutes * 60)).await;
    }
}
