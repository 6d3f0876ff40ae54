//! The desk where no records can be kept, and so nothing may be changed: it answers everything at once, with the reason.

use tokio::sync::mpsc;

use crate::base::Text;
use crate::model::{Fault, FaultKind};
use crate::runbook::desk::answer::Answer;
use crate::runbook::desk::request::Request;

/// Answers that may wait for the console.
const ANSWERS_WAITING: usize = 64;

/// Refuses everything.
pub struct Closed {
    why: Text,
    answers: mpsc::Sender<Answer>,
}

impl Closed {
    /// A desk that is closed because of `why`, and where its answers arrive.
    pub fn new(why: impl Into<Text>) -> (Self, mpsc::Receiver<Answer>) {
        let (answers, receiver) = mpsc::channel(ANSWERS_WAITING);
        (Self { why: why.into(), answers }, receiver)
    }

    /// Answers a request.
    pub fn take(&self, request: &Request) {
        let says = format!("nothing can be changed: {}", self.why);
        let fault = |operation| Fault::new(FaultKind::Invalid, operation, says.clone());
        let answer = match request {
            Request::Arm(env) => Answer::Armed { env: *env, outcome: Err(fault("arm")) },
            Request::Offer { number, .. } => Answer::Offered { number: *number, outcome: Err(fault("runbooks")) },
            Request::Choices { number, .. } => Answer::Choices { number: *number, choices: Vec::new() },
            Request::Start { .. } | Request::Undo { .. } => Answer::NotStarted(says.into()),
            Request::Disarm(_) | Request::Tell { .. } => return,
            Request::Records | Request::Reconcile | Request::Resolve { .. } | Request::Settle { .. } => {
                Answer::RecordsFault(says.into())
            }
        };
        // The console reads on; a full channel means that it was told often enough.
        let _ = self.answers.try_send(answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EnvId;

    #[tokio::test]
    async fn it_answers_at_once_with_the_reason() {
        let (desk, mut answers) = Closed::new("there is no home directory: set HOME");
        desk.take(&Request::Undo { run: "r-1".into() });
        desk.take(&Request::Arm(EnvId(0)));
        desk.take(&Request::Records);
        let says = "nothing can be changed: there is no home directory: set HOME";
        assert_eq!(answers.recv().await, Some(Answer::NotStarted(says.into())));
        assert!(matches!(answers.recv().await, Some(Answer::Armed { outcome: Err(_), .. })));
        assert_eq!(answers.recv().await, Some(Answer::RecordsFault(says.into())));
        for _ in 0..1000 {
            desk.take(&Request::Records);
        }
    }
}
