//! All sources of one environment at once.

use futures_util::stream::{FuturesUnordered, Stream};

use crate::changes::found::Found;
use crate::changes::memory::Memory;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::cloud::Session;
use crate::model::Fault;

/// What one source answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Id of the source.
    pub source: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it found, or why it found nothing.
    pub outcome: Result<Found, Fault>,
}

/// Asks all sources at the same time; each answers when it is done.
pub fn parts<'a>(
    sources: &'static [&'static dyn ChangeSource],
    session: &'a Session,
    span: Span,
    memory: &'a Memory,
) -> impl Stream<Item = Part> + Send + 'a {
    sources
        .iter()
        .map(|source| async move {
            let outcome = source.read(session, span, memory).await;
            Part { source: source.id(), title: source.title(), outcome }
        })
        .collect::<FuturesUnordered<_>>()
}
