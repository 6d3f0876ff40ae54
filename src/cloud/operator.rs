//! The one session of an environment that may change something: the operator's own principal, no retries, and a gate
//! that lets a single named operation through while the environment is armed.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::Clock;
use crate::cloud::gate::Pass;
use crate::cloud::session::Purpose;
use crate::cloud::{Session, Transport};
use crate::config::EnvironmentConfig;
use crate::model::{EnvId, Fault, FaultKind, Identity};

/// The operator's session of one environment.
#[derive(Debug)]
pub struct Operator {
    session: Session,
    armed: AtomicBool,
}

/// Lets one operation through. The request is sent with [`Permit::session`], once.
#[derive(Debug)]
pub struct Permit<'a> {
    session: &'a Session,
    _pass: Pass<'a>,
}

impl Permit<'_> {
    /// The session whose clients may send the operation now.
    pub fn session(&self) -> &Session {
        self.session
    }
}

impl Operator {
    /// Prepares the session with the profile for changes, or the ordinary one where there is none. Sends nothing.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn open(config: &EnvironmentConfig, env: EnvId, transport: &Transport) -> Result<Self, Fault> {
        let mut config = config.clone();
        if config.actions_profile.is_some() {
            config.profile.clone_from(&config.actions_profile);
        }
        let environment = config.environment(env);
        let session = Session::open_for(Purpose::Changing, &config, environment, transport).await?;
        Ok(Self { session, armed: AtomicBool::new(false) })
    }

    /// The same, telling the time by `clock`.
    #[must_use]
    pub fn on(self, clock: &Clock) -> Self {
        Self { session: self.session.on(clock), ..self }
    }

    /// Arms or disarms. Whoever arms keeps the time.
    pub fn arm(&self, armed: bool) {
        self.armed.store(armed && !self.session.environment.read_only, Ordering::SeqCst);
    }

    /// True while changes may be sent.
    pub fn is_armed(&self) -> bool {
        self.armed.load(Ordering::SeqCst)
    }

    /// For reading with the operator's principal.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Asks STS, as the principal that will send the change.
    ///
    /// # Errors
    /// Another account than the configured one, or no answer.
    pub async fn verify_identity(&self) -> Result<Identity, Fault> {
        self.session.verify_identity().await
    }

    /// Lets `operation` through once.
    ///
    /// # Errors
    /// The environment is not armed.
    pub fn permit(&self, operation: &'static str) -> Result<Permit<'_>, Fault> {
        if !self.is_armed() {
            let environment = &self.session.environment;
            let what = format!("{}/{} is not armed. Nothing was sent.", environment.system, environment.name);
            return Err(Fault::new(FaultKind::Invalid, operation, what));
        }
        Ok(Permit { session: &self.session, _pass: self.session.gate().open_for(operation) })
    }
}
