//! What all runs of a program share: sessions, operators, the armed environments, the records.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::base::{Clock, Text};
use crate::cloud::{Operator, Session, Transport};
use crate::config::runbook::Runbook;
use crate::config::{Config, EnvironmentConfig, Thresholds};
use crate::guard::{self, Approvals, Freeze, LockState, Trust};
use crate::model::record::Ending;
use crate::model::{Entry, EnvId, Environment, Fault, FaultKind, Plan};
use crate::poll;
use crate::poll::sessions::Sessions;
use crate::runbook::arming::{Armed, Arming};
use crate::runbook::audit::{self, AuditError, Author, Books, Files, Ledger, Log};
use crate::runbook::books::Library;
use crate::runbook::lock::{Claim, LockError, Locks, Owner};
use crate::runbook::machine::Run;
use crate::runbook::shared::Shared;
use crate::runbook::team::proposal::Proposal;
use crate::signals::naming::Naming;

/// Seconds that a lock outlives the deadline of its run, should nobody give it back.
const LOCK_MORE_S: i64 = 300;

/// What the records say of a target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Runs whose outcome there is unknown.
    pub unresolved: Vec<Text>,
    /// What is wrong with the records.
    pub broken: Option<Text>,
}

/// What a station is made from.
pub struct Place {
    /// The environments and how they are judged.
    pub config: Arc<Config>,
    /// How requests travel.
    pub transport: Transport,
    /// Whose time it is.
    pub clock: Clock,
    /// The pollers' sessions, where there are some; others are opened when they are needed.
    pub sessions: Sessions,
    /// Where the records are.
    pub files: Files,
    /// User and host.
    pub operator: Text,
    /// Names this program among those that write to the records.
    pub console: Text,
    /// The runbooks.
    pub books: Library,
}

/// What all runs share.
pub struct Station {
    /// The environments and how they are judged.
    pub config: Arc<Config>,
    /// Whose time it is.
    pub clock: Clock,
    /// Where records go.
    pub log: Log,
    /// Which environments may be changed.
    pub arming: Arming,
    /// How names become logical names.
    pub naming: Naming,
    environments: Vec<Environment>,
    transport: Transport,
    sessions: Sessions,
    operators: tokio::sync::Mutex<HashMap<EnvId, Arc<Operator>>>,
    principals: Mutex<HashMap<EnvId, Text>>,
    busy: Mutex<HashMap<Text, Text>>,
    records: Mutex<Books>,
    library: Library,
    locks: Locks,
    shared: Shared,
    operator: Text,
    console: Text,
}

impl Station {
    /// A station at a place. Nothing is read, sent or written yet.
    pub fn new(place: Place) -> Self {
        let Place { config, transport, clock, sessions, files, operator, console, books } = place;
        let environments = poll::environments(&config);
        let shared = Shared::new(config.team.clone(), transport.clone(), files.clone());
        let locks = Locks::open(files.folder(), Owner::this(), files.ledger() == Ledger::Drill);
        Self {
            naming: Naming::new(environments.iter(), &config.naming.ignore),
            log: Log::open(files.clone()),
            records: Mutex::new(Books::of(files)),
            arming: Arming::default(),
            operators: tokio::sync::Mutex::default(),
            principals: Mutex::default(),
            busy: Mutex::default(),
            library: books,
            locks,
            shared,
            environments,
            config,
            transport,
            clock,
            sessions,
            operator,
            console,
        }
    }

    /// The environment with this id, with the region that is really used once it is connected.
    pub fn environment(&self, env: EnvId) -> Option<Environment> {
        if let Some(session) = self.sessions.get(env) {
            return Some(session.environment.clone());
        }
        self.environments.iter().find(|environment| environment.id == env).cloned()
    }

    /// The environment with this label, `system/name`.
    pub fn environment_of(&self, label: &str) -> Option<EnvId> {
        let place = self.config.environments.iter().position(|environment| environment.label() == label);
        place.map(EnvId)
    }

    fn configured(&self, env: EnvId) -> Result<&EnvironmentConfig, Fault> {
        let none = || Fault::new(FaultKind::Invalid, "configuration", "the environment is not configured any more");
        self.config.environments.get(env.0).ok_or_else(none)
    }

    /// The thresholds that hold for an environment.
    pub fn thresholds(&self, env: EnvId) -> Thresholds {
        self.configured(env).map(|own| poll::thresholds(&self.config, own)).unwrap_or_default()
    }

    /// The session that reads an environment; its identity is verified.
    ///
    /// # Errors
    /// It cannot be opened, or belongs to another account.
    pub async fn reader(&self, env: EnvId) -> Result<Arc<Session>, Fault> {
        if let Some(session) = self.sessions.get(env) {
            return Ok(session);
        }
        let own = self.configured(env)?;
        let session = Session::open(own, own.environment(env), &self.transport).await?;
        let session = Arc::new(session.watching(self.config.metrics_of(own)));
        session.verify_identity().await?;
        self.sessions.connected(env, Arc::clone(&session));
        Ok(session)
    }

    /// The session that may change an environment while it is armed.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn operator(&self, env: EnvId) -> Result<Arc<Operator>, Fault> {
        let mut operators = self.operators.lock().await;
        if let Some(operator) = operators.get(&env) {
            operator.arm(self.arming.get(env, self.clock.now()).is_some());
            return Ok(Arc::clone(operator));
        }
        let operator = Arc::new(Operator::open(self.configured(env)?, env, &self.transport).await?.on(&self.clock));
        operator.arm(self.arming.get(env, self.clock.now()).is_some());
        operators.insert(env, Arc::clone(&operator));
        Ok(operator)
    }

    /// Arms an environment, once the principal that will send is known to be of the right account and the records take
    /// it. Sends nothing but GetCallerIdentity.
    ///
    /// # Errors
    /// It may not be armed, the identity is not known or wrong, or the records cannot be written.
    pub async fn arm(&self, env: EnvId) -> Result<Armed, Fault> {
        let own = self.configured(env)?;
        let label = own.label();
        if own.read_only {
            let says = format!("{label} has `read_only = true` and cannot be armed");
            return Err(Fault::new(FaultKind::Invalid, "arm", says));
        }
        let identity = self.operator(env).await?.verify_identity().await?;
        self.knows(env, &identity.arn);
        let now = self.clock.now();
        let armed = self.arming.arm(env, identity, now, self.clock.speed());
        let entry = Entry::Armed { environment: label.into(), until: armed.until };
        if let Err(error) = self.log.append(entry, &self.author(env), now) {
            self.arming.disarm(env);
            let says = format!("the records cannot be written, so nothing may be changed: {error}");
            return Err(Fault::new(FaultKind::Invalid, "arm", says));
        }
        self.operator(env).await?.arm(true);
        Ok(armed)
    }

    /// Disarms an environment and writes down why. Nothing happens where it is not armed.
    pub async fn disarm(&self, env: EnvId, why: &str) -> Result<(), AuditError> {
        if self.arming.disarm(env).is_none() {
            return Ok(());
        }
        self.disarmed(env, why).await
    }

    /// Disarms what has been armed long enough; which they were.
    pub async fn expire(&self) -> Vec<EnvId> {
        let over = self.arming.expired(self.clock.now());
        for env in &over {
            if let Err(error) = self.disarmed(*env, "time is up").await {
                tracing::warn!(%error, "could not be written to the records");
            }
        }
        over
    }

    async fn disarmed(&self, env: EnvId, why: &str) -> Result<(), AuditError> {
        if let Some(operator) = self.operators.lock().await.get(&env) {
            operator.arm(false);
        }
        let environment = self.configured(env).map(EnvironmentConfig::label).unwrap_or_default().into();
        let entry = Entry::Disarmed { environment, why: why.into() };
        self.log.append(entry, &self.author(env), self.clock.now()).map(|_| ())
    }

    /// Who writes records about an environment.
    pub fn author(&self, env: EnvId) -> Author {
        let principals = self.principals.lock().unwrap_or_else(PoisonError::into_inner);
        Author {
            principal: principals.get(&env).cloned().unwrap_or_default(),
            operator: self.operator.clone(),
            console: self.console.clone(),
        }
    }

    /// Remembers the principal of an environment for its records.
    pub fn knows(&self, env: EnvId, principal: &Text) {
        self.principals.lock().unwrap_or_else(PoisonError::into_inner).insert(env, principal.clone());
    }

    /// What the records come to, with what other consoles wrote meanwhile.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn with_books<R>(&self, with: impl FnOnce(&Books) -> R) -> Result<R, AuditError> {
        let mut books = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        books.refresh()?;
        Ok(with(&books))
    }

    /// What the records say of a target, leaving out `run` itself.
    pub fn standing(&self, arn: &str, run: &str) -> Standing {
        let unresolved = self.with_books(|books| {
            let others = books.unresolved.at(arn).filter(|open| *open.run != *run);
            others.map(|open| open.run.clone()).collect()
        });
        match unresolved {
            Ok(unresolved) => Standing { unresolved, broken: self.broken() },
            Err(error) => Standing { unresolved: Vec::new(), broken: Some(error.to_string().into()) },
        }
    }

    /// What is wrong with the records; `None` when they are whole.
    pub fn broken(&self) -> Option<Text> {
        match audit::verify(self.log.files()) {
            Ok(report) => report.broken(),
            // Nothing was ever written: there is nothing to be broken.
            Err(AuditError::None(_)) => None,
            Err(error) => Some(error.to_string().into()),
        }
    }

    /// Takes the lock of a run's target, here and at the team's table; where the operator overrode the lock of somebody
    /// else, it is taken over and written down.
    pub async fn lock(&self, env: EnvId, run: &Run) -> LockState {
        let now = self.clock.now();
        let claim = self.claim(env, run, now);
        let reliable = run.situation.as_ref().is_none_or(guard::Situation::clock_is_reliable);
        let rule = format!("{}/{}", guard::Guard::Lock.word(), run.target.name);
        let state = match run.given.overridden.iter().find(|given| *given.rule == *rule) {
            None => match self.locks.take(&claim, now, reliable) {
                Ok(()) => self.shared.lock(&claim, now).await.unwrap_or(LockState::Ours),
                Err(error) => lock_state(error),
            },
            Some(given) => self.take_over(env, &claim, &given.reason, now).await,
        };
        if state == LockState::Ours {
            self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(claim.arn, claim.run);
        } else {
            self.release(&run.target.arn, &run.id);
        }
        state
    }

    fn claim(&self, env: EnvId, run: &Run, now: Timestamp) -> Claim {
        let author = self.author(env);
        let span = SignedDuration::from_secs(i64::try_from(run.course.deadline_s).unwrap_or(0) + LOCK_MORE_S);
        Claim {
            arn: run.target.arn.clone(),
            holder: Text::new(format!("{} {}", author.operator, author.principal).trim()),
            run: run.id.clone(),
            reason: Text::new(format!("{} {}", run.course.runbook, run.given.reason).trim()),
            until: now.checked_add(span).unwrap_or(now),
        }
    }

    async fn take_over(&self, env: EnvId, claim: &Claim, reason: &Text, now: Timestamp) -> LockState {
        let here = match self.locks.take_over(claim, now) {
            Ok(before) => before.filter(|before| before.run != claim.run).map(|before| before.holder),
            Err(error) => return lock_state(error),
        };
        let there = match self.shared.take_over(claim, now).await {
            Ok(before) => before,
            Err(fault) => return LockState::Unreadable(fault.to_string().into()),
        };
        for from in [here, there].into_iter().flatten() {
            let entry = Entry::TakenOver { arn: claim.arn.clone(), from, reason: reason.clone() };
            if let Err(error) = self.log.append(entry, &self.author(env), now) {
                return LockState::Unreadable(format!("it could not be put on record: {error}").into());
            }
        }
        LockState::Ours
    }

    /// Gives it back.
    pub async fn unlock(&self, run: &Run) {
        {
            let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
            if busy.get(&run.target.arn) == Some(&run.id) {
                busy.remove(&run.target.arn);
            }
        }
        self.release(&run.target.arn, &run.id);
        self.shared.unlock(&run.target.arn, &run.id).await;
    }

    fn release(&self, arn: &str, run: &str) {
        if let Err(error) = self.locks.release(arn, run) {
            // It ends by itself; until then others see whose it is.
            tracing::warn!(%error, "the lock stays");
        }
    }

    /// Who has the lock of a run's target.
    pub async fn lock_state(&self, run: &Run, reliable: bool) -> LockState {
        let (now, arn) = (self.clock.now(), &run.target.arn);
        match self.locks.state(arn, &run.id, now, reliable) {
            local @ (LockState::Ours | LockState::Free) => {
                self.shared.lock_state(arn, &run.id, now).await.unwrap_or(local)
            }
            local => local,
        }
    }

    /// Copies the records to the team's table; how many wait, and why.
    pub async fn copy_records(&self) -> (usize, Option<Text>) {
        self.shared.copy().await
    }

    /// Another run of this program that is at the target.
    pub fn busy_with(&self, run: &Run) -> Option<Text> {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.get(&run.target.arn).filter(|other| **other != run.id).cloned()
    }

    /// The change freeze of an environment.
    pub fn freeze(&self, env: EnvId, now: Timestamp) -> Freeze {
        match self.environment(env) {
            Some(environment) => crate::guard::freeze::of(&self.config, &environment, now),
            None => Freeze::Unreadable("the environment is not configured any more".into()),
        }
    }

    /// Approvals of a plan by others. While the environment is armed the plan is put where they can be given.
    pub async fn approvals(&self, env: EnvId, run: &Run, plan: &Plan) -> Approvals {
        let (now, author) = (self.clock.now(), self.author(env));
        let found = self.shared.approvals(plan, Some(author.principal.clone()), now).await;
        if !found.by.is_empty() || found.unreadable.is_some() || self.arming.get(env, now).is_none() {
            return found;
        }
        let proposal = |proposer| Proposal {
            plan: Box::new(plan.clone()),
            runbook: run.course.runbook.clone(),
            principal: author.principal,
            proposer,
            operator: author.operator,
            reason: run.given.reason.clone(),
            at: now,
        };
        match self.shared.propose(proposal).await {
            Ok(()) => found,
            Err(fault) => Approvals { unreadable: Some(fault.to_string().into()), ..found },
        }
    }

    /// The runbook with this id.
    pub fn runbook(&self, id: &str) -> Option<Runbook> {
        self.library.get(id).cloned()
    }

    /// All runbooks.
    pub fn runbooks(&self) -> Vec<Runbook> {
        self.library.all().cloned().collect()
    }

    /// Runbook files that cannot be used.
    pub fn runbook_problems(&self) -> Vec<Text> {
        self.library.problems().iter().map(|problem| problem.to_string().into()).collect()
    }

    /// What is known of a runbook's file.
    pub fn trust(&self, runbook: &str) -> Trust {
        self.library.trust(runbook)
    }

    /// A run is over: what it brought back is settled.
    pub fn over(&self, env: EnvId, run: &Run) -> Result<(), AuditError> {
        let verified = matches!(run.ending, Some((Ending::Verified, _)));
        let Some(sending) = run.sendings.last().filter(|_| verified) else { return Ok(()) };
        let settled = self.with_books(|books| {
            let now = self.clock.now();
            let open = books.obligations.open(now).filter(|open| open.run != run.id && open.arn == run.target.arn);
            let undone = open.filter(|open| open.undo.as_ref().is_some_and(|undo| brings_back(undo, &sending.plan)));
            undone.map(|open| open.run.clone()).collect::<Vec<Text>>()
        })?;
        for left in settled {
            let entry = Entry::Settled { run: left, says: Text::new(format!("brought back by {}", run.id)) };
            self.log.append(entry, &self.author(env), self.clock.now())?;
        }
        Ok(())
    }
}

/// True where a plan is the inverse that an obligation names: the same action with the same parameters.
fn brings_back(undo: &crate::model::Undo, plan: &Plan) -> bool {
    undo.action == plan.action
        && undo.params.iter().all(|(name, value)| plan.params.get(name).is_some_and(|given| given == value))
}

fn lock_state(error: LockError) -> LockState {
    match error {
        LockError::Held { holder, reason, until } => LockState::Held { holder, reason, until },
        error @ LockError::Disk { .. } => LockState::Unreadable(error.to_string().into()),
    }
}
