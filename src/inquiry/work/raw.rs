//! Asking AWS about one resource, once.

use jiff::Timestamp;

use crate::base::Text;
use crate::inquiry::answer::Answer;
use crate::inquiry::raw::{RawAnswer, RawAsked, RawPart};
use crate::inquiry::room::Room;
use crate::model::{Fault, FaultKind};
use crate::signals;
use crate::signals::raw::Raw;

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
