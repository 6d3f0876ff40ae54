//! What changed: every source of every environment asked for, all at once, each answering when it is done.

use futures_util::StreamExt;
use futures_util::future::join_all;

use crate::changes::told::Told;
use crate::changes::{self, Span, reading};
use crate::inquiry::answer::Answer;
use crate::inquiry::room::Room;
use crate::model::{EnvId, Fault, FaultKind};

/// What to read.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesQuestion {
    /// Counts the questions: answers carry it, so that late ones are known.
    pub asked: u64,
    /// The environments.
    pub envs: Vec<EnvId>,
    /// From when to when.
    pub span: Span,
}

/// Asks all environments at the same time.
pub async fn work(question: ChangesQuestion, room: Room) {
    join_all(question.envs.iter().map(|env| environment(&question, *env, &room))).await;
}

async fn environment(question: &ChangesQuestion, env: EnvId, room: &Room) {
    let Some(session) = room.sessions.get(env) else {
        let fault = Fault::new(FaultKind::Unreachable, "changes", "not connected: nothing could be asked");
        room.tell(Answer::Changes(Told::unasked(question.asked, env, fault))).await;
        return;
    };
    let mut parts = std::pin::pin!(reading::parts(changes::ALL, &session, question.span, &room.memory));
    while let Some(part) = parts.next().await {
        if !room.tell(Answer::Changes(Told::of(question.asked, env, part))).await {
            return;
        }
    }
}
