//! What the console asks of the desk for changes.

use crate::base::Text;
use crate::model::{EnvId, Resource, SignalId, Target, Values};
use crate::runbook::machine::Event;

/// A request. None of them waits; what comes of it arrives as an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Arm an environment for 15 minutes.
    Arm(EnvId),
    /// Disarm it.
    Disarm(EnvId),
    /// Which runbooks fit a resource, with their parameters.
    Offer {
        /// Counts these requests: the answer carries it.
        number: u64,
        /// Whose.
        env: EnvId,
        /// The signal that tells of the resource.
        signal: SignalId,
        /// As it was last read.
        resource: Box<Resource>,
    },
    /// What the parameters of a runbook can be set to on another of the targets that were offered.
    Choices {
        /// Counts these requests: the answer carries it.
        number: u64,
        /// Whose.
        env: EnvId,
        /// Id of the runbook.
        runbook: Text,
        /// The target that was picked.
        target: Box<Target>,
    },
    /// Start a run: it reads, and then waits for the operator.
    Start {
        /// Whose.
        env: EnvId,
        /// Id of the runbook.
        runbook: Text,
        /// The pinned target.
        target: Box<Target>,
        /// The parameters, as typed or chosen.
        params: Values,
    },
    /// Plan the inverse of a run that is over: a run of its own.
    Undo {
        /// Which run.
        run: Text,
    },
    /// Something that the operator decides about a run.
    Tell {
        /// Which run.
        run: Text,
        /// What.
        event: Box<Event>,
    },
    /// What the records come to, with what other consoles wrote.
    Records,
    /// Read the targets of all unresolved intents of earlier consoles. Reads only.
    Reconcile,
    /// A person resolves an intent of an earlier console.
    Resolve {
        /// Which run.
        run: Text,
        /// Which of its steps.
        step: Text,
        /// It is to be treated as applied.
        applied: bool,
        /// Why.
        reason: Text,
    },
    /// A person says that something owed was brought back otherwise.
    Settle {
        /// The run that left it.
        run: Text,
        /// Why.
        reason: Text,
    },
}
