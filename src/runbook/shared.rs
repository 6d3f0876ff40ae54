//! The team's table beside the local files: locks, approvals, a copy of the records. Nothing where none is configured.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Mutex, OnceCell};

use crate::base::{Clock, Text};
use crate::cloud::{SharedTable, Transport};
use crate::config::Team;
use crate::guard::{Approvals, LockState};
use crate::model::{Fault, Plan};
use crate::runbook::audit::Files;
use crate::runbook::lock::Claim;
use crate::runbook::team::proposal::Proposal;
use crate::runbook::team::records::Copier;
use crate::runbook::team::{approvals, locks};

/// What the team shares; opened when it is first needed.
pub struct Shared {
    team: Team,
    transport: Transport,
    files: Files,
    clock: Clock,
    table: OnceCell<Option<(Arc<SharedTable>, Text)>>,
    copier: Mutex<Option<Copier>>,
}

impl Shared {
    /// The table of the configuration. Nothing is asked yet.
    pub fn new(team: Team, transport: Transport, files: Files, clock: Clock) -> Self {
        Self { team, transport, files, clock, table: OnceCell::new(), copier: Mutex::default() }
    }

    /// The table, and the principal that is known there; `None` where none is configured.
    async fn table(&self) -> Result<Option<(Arc<SharedTable>, Text)>, Fault> {
        let open = async {
            let Some(table) = SharedTable::open(&self.team, &self.transport).await? else { return Ok(None) };
            let table = table.on(&self.clock);
            let identity = table.verify_identity().await?;
            Ok(Some((Arc::new(table), identity.arn)))
        };
        self.table.get_or_try_init(|| open).await.cloned()
    }

    /// Takes the lock at the table; `None` where there is none.
    pub async fn lock(&self, claim: &Claim, now: Timestamp) -> Option<LockState> {
        match self.table().await {
            Ok(None) => None,
            Ok(Some((table, _))) => Some(locks::take(&table, claim, now).await.unwrap_or_else(unreadable)),
            Err(fault) => Some(unreadable(fault)),
        }
    }

    /// Takes it whoever has it; who had it.
    ///
    /// # Errors
    /// It could not be taken.
    pub async fn take_over(&self, claim: &Claim, now: Timestamp) -> Result<Option<Text>, Fault> {
        let Some((table, _)) = self.table().await? else { return Ok(None) };
        Ok(match locks::take_over(&table, claim, now).await? {
            LockState::Held { holder, .. } => Some(holder),
            LockState::Ours | LockState::Free | LockState::Unreadable(_) => None,
        })
    }

    /// What the lock at the table means for `run`; `None` where there is no table.
    pub async fn lock_state(&self, arn: &str, run: &str, now: Timestamp) -> Option<LockState> {
        match self.table().await {
            Ok(None) => None,
            Ok(Some((table, _))) => Some(locks::state(&table, arn, run, now).await),
            Err(fault) => Some(unreadable(fault)),
        }
    }

    /// Keeps it without an end, as long as nobody knows what becomes of a request of the run.
    pub async fn keep(&self, claim: &Claim, now: Timestamp) {
        let kept = match self.table().await {
            Ok(None) => return,
            Ok(Some((table, _))) => locks::keep(&table, claim, now).await,
            Err(fault) => Err(fault),
        };
        match kept {
            Ok(true) => {}
            Ok(false) => tracing::warn!(run = %claim.run, "somebody else has the team's lock"),
            Err(fault) => tracing::warn!(%fault, "the team's lock could not be kept beyond its end"),
        }
    }

    /// Targets and runs of the locks that are kept without an end.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn kept(&self) -> Result<Vec<(Text, Text)>, Fault> {
        match self.table().await? {
            Some((table, _)) => locks::kept(&table).await,
            None => Ok(Vec::new()),
        }
    }

    /// Gives it back; false where it may still be there.
    pub async fn unlock(&self, arn: &str, run: &str) -> bool {
        let released = match self.table().await {
            Ok(None) => return true,
            Ok(Some((table, _))) => locks::release(&table, arn, run).await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = &released {
            tracing::warn!(%fault, "the team's lock stays");
        }
        released.is_ok()
    }

    /// Puts a plan where others can approve it. `proposal` gets the principal that is known at the table.
    ///
    /// # Errors
    /// There is no table, or it cannot be written.
    pub async fn propose(&self, proposal: impl FnOnce(Text) -> Proposal) -> Result<(), Fault> {
        match self.table().await? {
            Some((table, own)) => approvals::propose(&table, &proposal(own)).await,
            None => Ok(()),
        }
    }

    /// The approvals of a plan that are in force.
    pub async fn approvals(&self, plan: &Plan, principal: Option<Text>, now: Timestamp) -> Approvals {
        let not = |says: Text| Approvals { unreadable: Some(says), ..Approvals::default() };
        match self.table().await {
            Ok(None) => not("no team table is configured: [team] table".into()),
            Ok(Some((table, own))) => {
                let own: Vec<Text> = principal.into_iter().chain([own]).collect();
                approvals::approvals(&table, plan, &own, now).await
            }
            Err(fault) => not(fault.to_string().into()),
        }
    }

    /// Copies what was written since; how many records still wait, and why.
    pub async fn copy(&self) -> (usize, Option<Text>) {
        let table = match self.table().await {
            Ok(None) => return (0, None),
            Ok(Some((table, _))) => table,
            Err(fault) => return (0, Some(fault.to_string().into())),
        };
        let mut copier = self.copier.lock().await;
        let copier = copier.get_or_insert_with(|| Copier::open(self.files.clone(), self.files.folder(), table.name()));
        if let Err(error) = copier.look() {
            return (copier.behind(), Some(error.to_string().into()));
        }
        match copier.copy(&table).await {
            Ok(_) => (0, None),
            Err(fault) => (copier.behind(), Some(fault.to_string().into())),
        }
    }
}

fn unreadable(fault: Fault) -> LockState {
    LockState::Unreadable(fault.to_string().into())
}
