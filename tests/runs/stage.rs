//! A drill with a station in front of it, and an operator who confirms.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use watchfloor::actions::{self, Wanted};
use watchfloor::base::Text;
use watchfloor::drill::wire::Endpoint;
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::guard::confirm;
use watchfloor::model::{EnvId, Record, Value, Values};
use watchfloor::poll::sessions::Sessions;
use watchfloor::runbook::audit::{Files, Ledger, Reader};
use watchfloor::runbook::books::Library;
use watchfloor::runbook::course;
use watchfloor::runbook::driver::Driver;
use watchfloor::runbook::machine::{Event, Phase, Run};
use watchfloor::runbook::station::{Place, Station};

/// Simulated seconds per second of the (paused) runtime.
pub const SPEED: f64 = 10.0;

/// Everything that a run needs.
pub struct Stage {
    pub endpoint: Arc<Endpoint>,
    pub station: Arc<Station>,
    pub env: EnvId,
    pub files: Files,
    _folder: tempfile::TempDir,
    drill: Drill,
}

impl Stage {
    /// `scenario` of `estate`, `elapsed` minutes after its beginning, in the environment of this name.
    pub fn new(estate: &str, scenario: &str, environment: &str, elapsed_min: u64) -> Self {
        let options = DrillOptions {
            scenario: Some(scenario.to_owned()),
            speed: SPEED,
            elapsed: Duration::from_secs(elapsed_min * 60),
            ..DrillOptions::new(estate, "2026-11-20T03:00:00Z".parse().unwrap())
        };
        let drill = Drill::open(&options).unwrap();
        let endpoint = Arc::new(drill.endpoint());
        let folder = tempfile::tempdir().unwrap();
        let place = drill.config.environments.iter().position(|known| known.name == environment).unwrap();
        let files = Files::new(folder.path(), Ledger::Drill);
        let station = Self::station(&drill, &endpoint, &files);
        Self { endpoint, station, env: EnvId(place), files, _folder: folder, drill }
    }

    fn station(drill: &Drill, endpoint: &Arc<Endpoint>, files: &Files) -> Arc<Station> {
        Arc::new(Station::new(Place {
            config: Arc::new(drill.config.clone()),
            transport: connector::transport(Arc::clone(endpoint)),
            clock: drill.clock.clone(),
            sessions: Sessions::default(),
            files: files.clone(),
            operator: "kim@host".into(),
            console: "host/1".into(),
            books: Library::embedded(),
        }))
    }

    /// Another console on the same machine: same records, same AWS, nothing armed.
    pub fn another_console(&mut self) {
        self.station = Self::station(&self.drill, &self.endpoint, &self.files);
    }

    /// Every request that would change something, whether it was carried out or not.
    pub fn mutations(&self) -> Vec<String> {
        self.endpoint.log().changes().iter().map(|one| one.operation.clone()).collect()
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
        Run::new("r-test".into(), Arc::new(course), found.remove(0), values, now)
    }

    /// Arms, lets the run go, answers, confirms what it asks for, and waits for its end. `decide` hears of every state
    /// and may say more.
    pub async fn carry_out(&self, run: Run, decide: impl Fn(&Run) -> Option<Event> + Send + 'static) -> Run {
        self.station.arm(self.env).await.expect("armed");
        self.let_go(run, decide).await
    }

    /// The same without arming.
    pub async fn let_go(&self, run: Run, decide: impl Fn(&Run) -> Option<Event> + Send + 'static) -> Run {
        let action = actions::by_id(&run.course.action).expect("there is such an action");
        let (commands, receiver) = mpsc::channel(64);
        let commands = Mutex::new(Some(commands));
        let asked = Mutex::new(false);
        let tell = move |run: &Run| {
            let mut held = commands.lock().unwrap();
            let Some(sender) = held.as_ref() else { return };
            if let Some(event) = decide(run) {
                let _ = sender.try_send(event);
            }
            let mut asked = asked.lock().unwrap();
            if run.phase == Phase::Ready && *asked {
                // Refused: the operator gives up.
                *held = None;
            } else if run.phase == Phase::Ready && run.situation.is_some() {
                *asked = true;
                for (id, _) in run.questions() {
                    let _ = sender.try_send(Event::Answered(id.clone()));
                }
                let _ = sender.try_send(Event::Confirmed { typed: phrase(run), reason: Text::new("a drill") });
            }
        };
        Driver::new(Arc::clone(&self.station), self.env, action).drive(run, receiver, tell).await
    }
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
