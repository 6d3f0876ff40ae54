//! What an inventory is: one AWS service's resources with their configuration.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;

use crate::base::Text;
use crate::cloud::Session;
use crate::compare::setting::{Configured, Value};
use crate::compare::snapshot::Unlisted;
use crate::model::Fault;

/// Reads the configuration of one AWS service's resources.
pub trait Inventory: Send + Sync {
    /// Stable id, e.g. `lambda`.
    fn id(&self) -> &'static str;
    /// For people, e.g. `Lambda`.
    fn title(&self) -> &'static str;
    /// The kinds of resources that it reads.
    fn kinds(&self) -> &'static [&'static str];
    /// The IAM actions that it needs.
    fn permissions(&self) -> &'static [&'static str];
    /// Lists and describes: all pages, all batches. What cannot be read is unknown and never left out silently.
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found>;
}

/// What an inventory found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// The resources.
    pub resources: Vec<Configured>,
    /// The kinds that could not be listed.
    pub unlisted: Vec<Unlisted>,
    /// Aliases of KMS keys by the keys' ids, AWS's own keys among them.
    pub key_names: BTreeMap<Text, Text>,
}

impl Found {
    /// Resources, or the reason why none of these kinds could be listed.
    pub fn of(kinds: &[&str], read: Result<Vec<Configured>, Fault>) -> Self {
        match read {
            Ok(resources) => Self { resources, ..Self::default() },
            Err(fault) => Self::unlisted(kinds, &fault),
        }
    }

    /// Nothing but the reason.
    pub fn unlisted(kinds: &[&str], fault: &Fault) -> Self {
        let unlisted = kinds.iter().map(|kind| Unlisted { kind: Text::from(*kind), fault: fault.clone() });
        Self { unlisted: unlisted.collect(), ..Self::default() }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.resources.extend(other.resources);
        self.unlisted.extend(other.unlisted);
        self.key_names.extend(other.key_names);
        self
    }
}

/// The value that an answer says, or that it is unknown.
pub fn value<T>(answer: &Result<T, Fault>, of: impl Fn(&T) -> Value) -> Value {
    match answer {
        Ok(answer) => of(answer),
        Err(fault) => Value::Unknown(fault.clone()),
    }
}

/// Asks about every item, a few at once; the answers in the order of the questions. An item that is gone is left out.
pub async fn ask_each<I, T, F: Future<Output = Option<T>>>(items: Vec<I>, ask: impl Fn(I) -> F) -> Vec<T> {
    use futures_util::StreamExt;
    let answers = futures_util::stream::iter(items.into_iter().map(ask));
    answers
        .buffered(crate::cloud::limits::PARALLEL_DESCRIBES)
        .filter_map(|answer| async move { answer })
        .collect()
        .await
}
