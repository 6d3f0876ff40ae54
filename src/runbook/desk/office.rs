//! Takes requests, starts the work and drives the runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::actions;
use crate::base::Text;
use crate::model::record::Ending;
use crate::model::{Entry, EnvId, Target, Values};
use crate::runbook::course;
use crate::runbook::desk::answer::{Answer, Standings};
use crate::runbook::desk::offering;
use crate::runbook::desk::request::Request;
use crate::runbook::driver::Driver;
use crate::runbook::inverse::{self, Inverse};
use crate::runbook::machine::{Event, OnFailure, Run};
use crate::runbook::reconcile;
use crate::runbook::station::Station;

/// Answers that may wait for the console.
const ANSWERS_WAITING: usize = 1024;
/// Decisions of the operator that may wait for a run.
const COMMANDS_WAITING: usize = 32;
/// Ticks between two looks whether the team's copy is behind.
const COPY_EVERY: u64 = 15;
/// Runs in a list of the records.
const RUNS: usize = 500;

/// A run under way or over.
struct Known {
    commands: mpsc::Sender<Event>,
    last: Arc<Mutex<Arc<Run>>>,
    undone: bool,
}

/// Takes requests. Dropped, every run ends; ask [`Desk::close`] first, so that it is written down.
pub struct Desk {
    station: Arc<Station>,
    answers: mpsc::Sender<Answer>,
    runs: HashMap<Text, Known>,
    tasks: JoinSet<()>,
    driving: JoinSet<()>,
    random: fastrand::Rng,
    ticks: u64,
    copying: Option<AbortHandle>,
}

impl Desk {
    /// A desk at a station, and where its answers arrive. `seed` makes the names of runs.
    pub fn new(station: Arc<Station>, seed: u64) -> (Self, mpsc::Receiver<Answer>) {
        let (answers, receiver) = mpsc::channel(ANSWERS_WAITING);
        let desk = Self {
            station,
            answers,
            runs: HashMap::new(),
            tasks: JoinSet::new(),
            driving: JoinSet::new(),
            random: fastrand::Rng::with_seed(seed),
            ticks: 0,
            copying: None,
        };
        (desk, receiver)
    }

    /// Starts work on a request. Must be called within a tokio runtime.
    pub fn take(&mut self, request: Request) {
        while self.tasks.try_join_next().is_some() {}
        while self.driving.try_join_next().is_some() {}
        let (station, answers) = (Arc::clone(&self.station), self.answers.clone());
        match request {
            Request::Arm(env) => {
                self.tasks.spawn(async move {
                    let outcome = station.arm(env).await;
                    let _ = answers.send(Answer::Armed { env, outcome }).await;
                });
            }
            Request::Disarm(env) => {
                self.tasks.spawn(async move {
                    if let Err(error) = station.disarm(env, "by hand").await {
                        let _ = answers.send(Answer::RecordsFault(error.to_string().into())).await;
                    }
                    let _ = answers.send(Answer::Disarmed { env, why: "by hand".into() }).await;
                });
            }
            Request::Offer { number, env, signal, resource } => {
                self.tasks.spawn(async move {
                    let outcome = offering::offer(&station, env, signal, &resource).await.map(Arc::new);
                    let _ = answers.send(Answer::Offered { number, outcome }).await;
                });
            }
            Request::Choices { number, env, runbook, target } => {
                self.tasks.spawn(async move {
                    let choices = offering::choices(&station, env, &runbook, &target).await;
                    let _ = answers.send(Answer::Choices { number, choices }).await;
                });
            }
            Request::Start { env, runbook, target, params } => self.start(env, &runbook, *target, &params),
            Request::Undo { run } => self.undo(&run),
            Request::Tell { run, event } => {
                if let Some(known) = self.runs.get(&run) {
                    // A run that is over listens no more; one whose channel is full is told again by the operator.
                    let _ = known.commands.try_send(*event);
                }
            }
            Request::Records => self.records(),
            Request::Reconcile => {
                // Those that are driven find out by themselves.
                let own = self.runs.iter().filter(|(_, known)| !known.commands.is_closed());
                let own: Vec<Text> = own.map(|(id, _)| id.clone()).collect();
                self.tasks.spawn(async move {
                    let answer = match reconcile::reconcile(&station, &own).await {
                        Ok(found) => standings(&station, &found),
                        Err(error) => Answer::RecordsFault(error.to_string().into()),
                    };
                    let _ = answers.send(answer).await;
                });
            }
            Request::Resolve { run, step, applied, reason } => {
                self.tasks.spawn(async move {
                    let answer = match reconcile::resolve(&station, &run, &step, applied, &reason) {
                        Ok(()) => standings(&station, &[]),
                        Err(error) => Answer::RecordsFault(error.to_string().into()),
                    };
                    let _ = answers.send(answer).await;
                    station.release_resolved().await;
                });
            }
            Request::Settle { run, reason } => {
                self.tasks.spawn(async move {
                    let says = Text::new(format!("closed by a person: {reason}"));
                    let written = station.log.append(
                        Entry::Settled { run, says },
                        &station.author(EnvId(usize::MAX)),
                        station.clock.now(),
                    );
                    let answer = match written {
                        Ok(_) => standings(&station, &[]),
                        Err(error) => Answer::RecordsFault(error.to_string().into()),
                    };
                    let _ = answers.send(answer).await;
                });
            }
        }
    }

    /// Called about once a second: what has been armed long enough is disarmed.
    pub fn tick(&mut self) {
        self.undo_failed();
        self.copy_records();
        if self.station.arming.all().is_empty() {
            return;
        }
        let (station, answers) = (Arc::clone(&self.station), self.answers.clone());
        self.tasks.spawn(async move {
            for env in station.expire().await {
                let _ = answers.send(Answer::Disarmed { env, why: "time is up".into() }).await;
            }
        });
    }

    /// The team's copy of the records, now and then, one after another.
    fn copy_records(&mut self) {
        self.ticks += 1;
        if !self.ticks.is_multiple_of(COPY_EVERY) || self.copying.as_ref().is_some_and(|copying| !copying.is_finished())
        {
            return;
        }
        let (station, answers) = (Arc::clone(&self.station), self.answers.clone());
        self.copying = Some(self.tasks.spawn(async move {
            if let (waiting, Some(why)) = station.copy_records().await {
                let says = format!("{waiting} records are not copied to the team's table yet: {why}");
                let _ = answers.send(Answer::RecordsFault(says.into())).await;
            }
        }));
    }

    fn records(&mut self) {
        let (station, answers) = (Arc::clone(&self.station), self.answers.clone());
        self.tasks.spawn(async move {
            let _ = answers.send(standings(&station, &[])).await;
        });
    }

    fn start(&mut self, env: EnvId, runbook: &str, target: Target, params: &Values) {
        let refuse = |why: Text| {
            // The console reads on; a full channel means that it has much to read first.
            let _ = self.answers.try_send(Answer::NotStarted(why));
        };
        let Some(book) = self.station.library.get(runbook) else {
            return refuse(format!("there is no runbook {runbook}").into());
        };
        let Some(action) = actions::by_id(&book.action) else {
            return refuse(format!("there is no action {}", book.action).into());
        };
        let (course, values) = match course::for_team(book, params, self.station.config.team.approvals) {
            Ok(course) => course,
            Err(why) => return refuse(why.iter().map(|why| why.as_str()).collect::<Vec<_>>().join("; ").into()),
        };
        self.begin(env, action, Arc::new(course), target, values);
    }

    fn undo(&mut self, of: &str) {
        if let Some(known) = self.runs.get_mut(of) {
            known.undone = true;
        }
        match inverse::of_run(&self.station, of) {
            Ok(Inverse { env, action, course, target, params }) => {
                self.begin(env, action, Arc::new(course), target, params);
            }
            Err(why) => {
                // The console reads on; a full channel means that it has much to read first.
                let _ = self.answers.try_send(Answer::NotStarted(why.to_string().into()));
            }
        }
    }

    /// Failed runs that are to be brought back at once: the inverse is planned, and waits for the operator.
    fn undo_failed(&mut self) {
        let failed = self.runs.iter().filter(|(_, known)| !known.undone).filter(|(_, known)| {
            let last = known.last.lock().unwrap_or_else(PoisonError::into_inner);
            let failed = matches!(last.ending, Some((Ending::Failed, _)));
            failed && last.course.on_failure == OnFailure::Undo
        });
        let failed: Vec<Text> = failed.map(|(id, _)| id.clone()).collect();
        for run in failed {
            self.undo(&run);
        }
    }

    fn begin(
        &mut self,
        env: EnvId,
        action: &'static dyn actions::Action,
        course: Arc<course::Course>,
        target: Target,
        params: Values,
    ) {
        let id = course::run_id(self.station.clock.now(), &mut self.random);
        let run = Run::new(id.clone(), course, target, params, self.station.clock.now());
        let (commands, receiver) = mpsc::channel(COMMANDS_WAITING);
        let last = Arc::new(Mutex::new(Arc::new(run.clone())));
        self.runs.insert(id, Known { commands, last: Arc::clone(&last), undone: false });
        let (station, answers) = (Arc::clone(&self.station), self.answers.clone());
        self.driving.spawn(async move {
            let tell = |run: &Run| {
                let run = Arc::new(run.clone());
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&run);
                // Where the console is behind, the next state tells more; the last one is sent below.
                let _ = answers.try_send(Answer::Run { env, run });
            };
            let run = Driver::new(Arc::clone(&station), env, action).drive(run, receiver, tell).await;
            let _ = answers.send(Answer::Run { env, run: Arc::new(run) }).await;
            let _ = answers.send(standings(&station, &[])).await;
        });
    }

    /// Ends all runs for `word`, writes it down, disarms. A request under way is waited for, at most as long as AWS may
    /// take.
    pub async fn close(&mut self, word: &str) {
        for known in self.runs.values() {
            let _ = known.commands.try_send(Event::Hangup(word.into()));
        }
        let done = async { while self.driving.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(crate::cloud::limits::OPERATION_TIMEOUT, done).await;
        for env in self.station.arming.all() {
            if let Err(error) = self.station.disarm(env, "the console ended").await {
                tracing::warn!(%error, "could not be written to the records");
            }
        }
    }
}

fn standings(station: &Station, found: &[reconcile::Found]) -> Answer {
    let now = station.clock.now();
    let read = station.with_books(|books| {
        let unresolved = books.unresolved.open().iter().map(|open| {
            let same = found.iter().find(|found| found.open.run == open.run && found.open.step == open.step);
            (open.clone(), same.map(|found| found.says.clone()))
        });
        let mut runs = books.runs.all().to_vec();
        runs.reverse();
        runs.truncate(RUNS);
        Standings {
            unresolved: unresolved.collect(),
            owed: books.obligations.open(now).cloned().collect(),
            runs,
            changes: books.own.all().cloned().collect(),
            broken: None,
        }
    });
    match read {
        Ok(standings) => {
            let broken = station.broken();
            Answer::Records(Arc::new(Standings { broken, ..standings }))
        }
        Err(error) => Answer::RecordsFault(error.to_string().into()),
    }
}
