//! What every source of changes is.

use futures_util::future::BoxFuture;

use crate::changes::found::Found;
use crate::changes::memory::Memory;
use crate::changes::span::Span;
use crate::cloud::Session;
use crate::model::Fault;

/// One kind of AWS answer that tells what changed.
pub trait ChangeSource: Send + Sync {
    /// Stable id, e.g. `alarm-history`.
    fn id(&self) -> &'static str;
    /// What it reads, for messages: `RDS events`.
    fn title(&self) -> &'static str;
    /// IAM actions that it needs.
    fn permissions(&self) -> &'static [&'static str];
    /// The changes of the session's environment within `span`, of the resources that belong to it.
    ///
    /// # Errors
    /// Nothing at all could be read. What could be read only in part comes with its faults in [`Found`].
    fn read<'a>(&'a self, session: &'a Session, span: Span, memory: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>>;
}
