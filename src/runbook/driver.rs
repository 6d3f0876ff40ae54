//! Drives a run: performs its effects one after another and gives what comes of them back as events.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::actions::{Action, Ask};
use crate::base::Text;
use crate::model::{Entry, EnvId, Facts, Fault, FaultKind, Plan, Sent, Values};
use crate::runbook::audit::{Author, Backlog};
use crate::runbook::machine::undo::undo;
use crate::runbook::machine::{Effect, Event, Phase, Run, begin, step};
use crate::runbook::recovery::{self, Eyes};
use crate::runbook::situation;
use crate::runbook::station::Station;

/// Seconds of the machine between two readings.
const BETWEEN_READINGS: Duration = Duration::from_secs(3);
/// Tries to write what waits when a run is over and nobody wants to wait for it any more.
const LAST_TRIES: u32 = 3;

/// What drives one run.
pub struct Driver {
    station: Arc<Station>,
    env: EnvId,
    action: &'static dyn Action,
    backlog: Backlog,
    unwritten: bool,
    /// The console ends.
    is_last: bool,
}

impl Driver {
    /// Drives runs of `action` in an environment.
    pub fn new(station: Arc<Station>, env: EnvId, action: &'static dyn Action) -> Self {
        Self { station, env, action, backlog: Backlog::default(), unwritten: false, is_last: false }
    }

    /// Drives `run` to its end. `commands` are the operator's; `tell` hears of every change. Without anybody to send
    /// commands any more, a run that waits for the operator ends.
    ///
    /// A request that is under way is never given up: its answer is waited for and written down. Where that cannot be
    /// written it is tried again for as long as somebody may still send a command; a hangup ends that after a few tries.
    pub async fn drive(mut self, mut run: Run, mut commands: mpsc::Receiver<Event>, tell: impl Fn(&Run) + Send) -> Run {
        let mut queue: VecDeque<Effect> = begin(&run).into();
        let mut listening = true;
        tell(&run);
        loop {
            while let Some(effect) = queue.pop_front() {
                let before = run.clone();
                let event = {
                    let performed = perform(&self.station, self.env, self.action, &mut self.backlog, &before, effect);
                    let mut performed = Box::pin(performed);
                    loop {
                        tokio::select! {
                            event = &mut performed => break event,
                            command = commands.recv(), if listening => match command {
                                Some(command) => {
                                    self.is_last |= matches!(command, Event::Hangup(_));
                                    queue.extend(step(&mut run, command, self.station.clock.now()));
                                    tell(&run);
                                }
                                None => listening = false,
                            },
                        }
                    }
                };
                if let Some(event) = event {
                    queue.extend(step(&mut run, event, self.station.clock.now()));
                }
                self.note_backlog(&mut run);
                tell(&run);
            }
            if run.phase == Phase::Closed {
                break;
            }
            if !listening && run.phase == Phase::Ready {
                queue.extend(step(
                    &mut run,
                    Event::Hangup("nobody is there to confirm".into()),
                    self.station.clock.now(),
                ));
                continue;
            }
            tokio::select! {
                command = commands.recv(), if listening => match command {
                    Some(command) => {
                        self.is_last |= matches!(command, Event::Hangup(_));
                        queue.extend(step(&mut run, command, self.station.clock.now()));
                    }
                    None => listening = false,
                },
                () = tokio::time::sleep(BETWEEN_READINGS) => {
                    self.retry(&mut run);
                    queue.extend(step(&mut run, Event::Tick, self.station.clock.now()));
                }
            }
            tell(&run);
        }
        let (now, author) = (self.station.clock.now(), self.station.author(self.env));
        match self.station.brought_back(&run) {
            Ok(settled) => {
                for entry in settled {
                    // It is kept and tried again; the run says that it waits.
                    let _ = self.backlog.keep(&self.station.log, entry, &author, now);
                }
                self.note_backlog(&mut run);
            }
            Err(error) => drop(step(&mut run, Event::Unwritten(Some(error.to_string().into())), now)),
        }
        tell(&run);
        self.write_the_rest(&mut run, commands, listening, tell).await;
        run
    }

    /// Tries to write what waits until it is written, or nobody wants to wait for it any more.
    async fn write_the_rest(
        &mut self,
        run: &mut Run,
        mut commands: mpsc::Receiver<Event>,
        mut listening: bool,
        tell: impl Fn(&Run) + Send,
    ) {
        let mut left = LAST_TRIES;
        while !self.backlog.is_empty() && left > 0 {
            tokio::select! {
                command = commands.recv(), if listening => match command {
                    Some(command) => self.is_last |= matches!(command, Event::Hangup(_)),
                    None => listening = false,
                },
                () = tokio::time::sleep(BETWEEN_READINGS) => {
                    left -= u32::from(self.is_last || !listening);
                    self.retry(run);
                    tell(run);
                }
            }
        }
    }

    fn retry(&mut self, run: &mut Run) {
        if !self.backlog.is_empty() {
            // What still waits is said by `note_backlog`.
            let _ = self.backlog.retry(&self.station.log);
            self.note_backlog(run);
        }
    }

    fn note_backlog(&mut self, run: &mut Run) {
        let waits = !self.backlog.is_empty();
        if waits || self.unwritten {
            self.unwritten = waits;
            let why = self.backlog.why().map(|why| Text::new(format!("{} records wait: {why}", self.backlog.len())));
            step(run, Event::Unwritten(why.filter(|_| waits)), self.station.clock.now());
        }
    }
}

/// Plans a run and asks the guards. Nothing is locked, armed, recorded or sent.
pub async fn plan_only(station: &Station, env: EnvId, action: &'static dyn Action, mut run: Run) -> Run {
    let mut backlog = Backlog::default();
    for effect in begin(&run) {
        let before = run.clone();
        if let Some(event) = perform(station, env, action, &mut backlog, &before, effect).await {
            // The operator decides next: there is nothing more to do.
            step(&mut run, event, station.clock.now());
        }
    }
    run
}

/// Performs one effect; what comes of it, where something does.
async fn perform(
    station: &Station,
    env: EnvId,
    action: &'static dyn Action,
    backlog: &mut Backlog,
    run: &Run,
    effect: Effect,
) -> Option<Event> {
    match effect {
        Effect::Plan(params) => {
            let plan = plan(station, env, action, run, &params).await.map(Box::new);
            let found = plan.as_ref().ok().map(|plan| (**plan).clone());
            let situation = Box::new(situation::gather(station, env, run, found.as_ref()).await);
            Some(Event::Planned { plan, situation })
        }
        Effect::Reread(params) => {
            let plan = plan(station, env, action, run, &params).await.map(Box::new);
            let situation = Box::new(situation::gather(station, env, run, run.plan.as_ref()).await);
            Some(Event::Reread { plan, situation })
        }
        Effect::Lock => Some(Event::Locked(station.lock(env, run).await)),
        Effect::Unlock => {
            station.unlock(env, run).await;
            None
        }
        Effect::WriteIntent(entry) => {
            let at = station.clock.now();
            let written = backlog.must(&station.log, *entry, &station.author(env), at);
            if written.is_ok() {
                station.keep_lock(env, run).await;
            }
            Some(Event::IntentWritten(written.map(|record| record.at).map_err(|error| Text::new(error.to_string()))))
        }
        Effect::Write(entry) => {
            let author: Author = station.author(env);
            let is_known = is_known(&entry);
            // It is kept and tried again; the run says that it waits.
            let _ = backlog.keep(&station.log, *entry, &author, station.clock.now());
            match is_known {
                // What ends, or goes back to the operator, lets go of the lock.
                Some(true) if !matches!(run.phase, Phase::Closed | Phase::Ready) => station.renew_lock(env, run).await,
                Some(false) => station.keep_lock(env, run).await,
                _ => {}
            }
            None
        }
        Effect::Send(authorized) => {
            let sent = match station.operator(env).await {
                Ok(operator) => action.send(&operator, *authorized).await,
                Err(fault) => Sent::Rejected { fault },
            };
            Some(Event::Sent(sent))
        }
        Effect::Observe { plan, receipt } => {
            let now = station.clock.now();
            let observed = match station.reader(env).await {
                Ok(session) => action.observe(&session, &plan, receipt.as_ref(), now).await,
                Err(fault) => Err(fault),
            };
            Some(Event::Observed(observed.map(Box::new)))
        }
        Effect::ReadSignal { check, signal, is } => {
            let now = station.clock.now();
            let read = match station.reader(env).await {
                Ok(session) => {
                    let thresholds = station.thresholds(env);
                    let eyes = Eyes { thresholds: &thresholds, naming: &station.naming };
                    recovery::read(&session, signal, is, &run.target, eyes, now).await
                }
                Err(fault) => Err(fault),
            };
            Some(Event::SignalRead { check, read })
        }
    }
}

/// Whether it is known what became of a request, where an entry tells that.
fn is_known(entry: &Entry) -> Option<bool> {
    match entry {
        Entry::Outcome { sent: Sent::Unknown { .. }, .. } => Some(false),
        Entry::Outcome { .. } | Entry::Resolved { .. } => Some(true),
        _ => None,
    }
}

async fn plan(
    station: &Station,
    env: EnvId,
    action: &'static dyn Action,
    run: &Run,
    params: &Values,
) -> Result<Plan, Fault> {
    let session = station.reader(env).await?;
    let token = format!("{}-{}", run.id, run.at);
    let ask = Ask { session: &session, target: &run.target, params, now: station.clock.now(), token: &token };
    let mut plan = action.plan(&ask).await?;
    if plan.target.arn != run.target.arn {
        let says = format!("the plan is for {}, the run for {}", plan.target.arn, run.target.arn);
        return Err(Fault::new(FaultKind::Invalid, "plan", says));
    }
    if !run.course.sends() {
        return Ok(only_read(plan));
    }
    plan.undo = undo(run, &plan);
    Ok(plan)
}

/// What was read, without the change that the action would make of it.
fn only_read(plan: Plan) -> Plan {
    Plan {
        differences: Vec::new(),
        operation: Text::default(),
        request: Values::new(),
        touches: vec!["nothing is sent: it only reads".into()],
        facts: Facts::default(),
        undo: None,
        owed: None,
        ..plan
    }
}
