//! What all runs of a program share: sessions, operators, the armed environments, the records.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::base::{Clock, Text};
use crate::cloud::{Operator, Session, Transport};
use crate::config::{Config, EnvironmentConfig, Thresholds};
use crate::guard::{self, Approvals, Freeze};
use crate::model::record::Ending;
use crate::model::{Entry, EnvId, Environment, Fault, FaultKind, Plan, Undo, Value, Values};
use crate::poll;
use crate::poll::sessions::Sessions;
use crate::runbook::arming::{Armed, Arming};
use crate::runbook::audit::{self, AuditError, Author, Books, Files, Ledger, Log};
use crate::runbook::books::Library;
use crate::runbook::lock::{Locks, Owner};
use crate::runbook::machine::Run;
use crate::runbook::shared::Shared;
use crate::runbook::team::proposal::Proposal;
use crate::signals::naming::Naming;

mod locks;

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
    /// The runbooks.
    pub library: Library,
    environments: Vec<Environment>,
    transport: Transport,
    sessions: Sessions,
    operators: tokio::sync::Mutex<HashMap<EnvId, Arc<Operator>>>,
    principals: Mutex<HashMap<EnvId, Text>>,
    busy: Mutex<HashMap<Text, Text>>,
    /// Locks of this machine may still be at the team's table although nothing is open any more.
    stale_locks: AtomicBool,
    records: Mutex<Books>,
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
        let shared = Shared::new(config.team.clone(), transport.clone(), files.clone(), clock.clone());
        let places = config.environments.iter().map(|environment| environment.label().into()).collect();
        let locks = Locks::open(files.folder(), Owner::this(), files.ledger() == Ledger::Drill);
        Self {
            naming: Naming::new(environments.iter(), &config.naming.ignore),
            log: Log::open(files.clone()),
            records: Mutex::new(Books::of(files, places)),
            arming: Arming::default(),
            operators: tokio::sync::Mutex::default(),
            principals: Mutex::default(),
            busy: Mutex::default(),
            stale_locks: AtomicBool::default(),
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

    /// Copies the records to the team's table; how many wait, and why.
    pub async fn copy_records(&self) -> (usize, Option<Text>) {
        self.release_left().await;
        self.shared.copy().await
    }

    /// The change freeze of an environment.
    pub fn freeze(&self, env: EnvId, now: Timestamp) -> Freeze {
        match self.environment(env) {
            Some(environment) => guard::freeze::of(&self.config, &environment, now),
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

    /// What the records must say of a run that is over: what it brought back is settled.
    ///
    /// # Errors
    /// The records cannot be read.
    pub fn brought_back(&self, run: &Run) -> Result<Vec<Entry>, AuditError> {
        let verified = matches!(run.ending, Some((Ending::Verified, _)));
        let Some(sending) = run.sendings.last().filter(|_| verified) else { return Ok(Vec::new()) };
        self.with_books(|books| {
            let now = self.clock.now();
            let open = books.obligations.open(now).filter(|open| open.run != run.id && open.arn == run.target.arn);
            let undone = open
                .filter(|open| open.undo.as_ref().is_some_and(|undo| brings_back(undo, &sending.plan, &run.params)));
            let says = Text::new(format!("brought back by {}", run.id));
            undone.map(|open| Entry::Settled { run: open.run.clone(), says: says.clone() }).collect()
        })
    }
}

/// True where a plan is the inverse that an obligation names: the same action with exactly the same parameters, as they
/// were given or as the plan completed them. One more may name another index or method.
fn brings_back(undo: &Undo, plan: &Plan, given: &Values) -> bool {
    undo.action == plan.action
        && is_in(&undo.params, &plan.params)
        && [&plan.params, given].iter().any(|params| is_in(params, &undo.params))
}

/// True where everything that `some` says is said in `all` as well. What is not set says nothing.
fn is_in(some: &Values, all: &Values) -> bool {
    some.iter().all(|(name, value)| all.get(name).unwrap_or(&Value::None) == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::audit::testing;

    #[test]
    fn only_the_inverse_itself_brings_a_change_back() {
        let of =
            |pairs: &[(&str, Value)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let undo = Undo { action: "dynamodb.capacity".into(), params: of(&[("read", 10.into())]) };
        for (params, expected) in [
            (&[("read", Value::Count(10))][..], true),
            (&[("read", 10.into()), ("index", Value::None)], true),
            (&[("read", 10.into()), ("index", "gsi1".into())], false),
            (&[("read", 10.into()), ("write", 5.into())], false),
            (&[("read", 11.into())], false),
            (&[], false),
        ] {
            let plan = Plan { action: "dynamodb.capacity".into(), params: of(params), ..testing::plan() };
            let given = plan.params.clone();
            assert_eq!(brings_back(&undo, &plan, &given), expected, "{params:?}");
            assert!(!brings_back(&undo, &Plan { action: "ecs.scale".into(), ..plan }, &given));
        }
    }
}
