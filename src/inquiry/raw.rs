//! What AWS itself says of one resource, asked once.

use jiff::Timestamp;

use crate::base::Text;
use crate::inquiry::answer::Answer;
use crate::inquiry::room::Room;
use crate::model::{EnvId, Fault, FaultKind, Resource, SignalId};
use crate::signals;
use crate::signals::raw::Raw;

/// What to ask about.
#[derive(Debug, Clone, PartialEq)]
pub struct RawAsked {
    /// Whose.
    pub env: EnvId,
    /// Which signal tells of the resource.
    pub signal: SignalId,
    /// The resource.
    pub resource: Resource,
}

impl RawAsked {
    /// What tells the resource from every other one.
    pub fn key(&self) -> (EnvId, SignalId, Text, Text) {
        (self.env, self.signal, self.resource.arn.clone(), self.resource.name.clone())
    }
}

/// What one operation answered.
#[derive(Debug, Clone, PartialEq)]
pub struct RawPart {
    /// The operation, e.g. `DescribeServices`.
    pub operation: Text,
    /// When it answered.
    pub at: Timestamp,
    /// The answer as JSON, line by line, or why there is none.
    pub said: Result<Vec<Text>, Fault>,
}

/// The answers.
#[derive(Debug, Clone, PartialEq)]
pub struct RawAnswer {
    /// See [`RawAsked::key`].
    pub about: (EnvId, SignalId, Text, Text),
    /// One for each operation; `None` where AWS has no operation to ask.
    pub parts: Option<Vec<RawPart>>,
}

/// Asks every operation once.
pub async fn work(asked: RawAsked, room: Room) {
    let parts = parts(&asked, &room).await;
    room.tell(Answer::Raw(Box::new(RawAnswer { about: asked.key(), parts }))).await;
}

async fn parts(asked: &RawAsked, room: &Room) -> Option<Vec<RawPart>> {
    let signal = signals::ALL.get(signals::index_of(asked.signal)?)?;
    let Some(session) = room.sessions.get(asked.env) else {
        let fault = Fault::new(FaultKind::Unreachable, "describe", "not connected: nothing could be asked");
        let part = RawPart { operation: "describe".into(), at: room.clock.now(), said: Err(fault) };
        return Some(vec![part]);
    };
    let answers = signal.raw(&session, &asked.resource)?.await;
    let at = room.clock.now();
    Some(answers.into_iter().map(|raw| part(raw, at)).collect())
}

fn part(raw: Raw, at: Timestamp) -> RawPart {
    let lines = |value: &serde_json::Value| format!("{value:#}").lines().map(Text::from).collect();
    RawPart { operation: raw.operation.into(), at, said: raw.said.as_ref().map(lines).map_err(Clone::clone) }
}
