//! The metrics behind the charts of one resource: what is asked and what is answered.

use std::collections::BTreeSet;

use crate::base::Text;
use crate::model::{EnvId, MetricQuery, MetricSet};

/// Minutes that a chart shows.
pub const PERIODS: usize = 180;

/// What to ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartsAsked {
    /// Whose metrics.
    pub env: EnvId,
    /// The resource, as the answer is told to be about.
    pub about: Text,
    /// Which metrics.
    pub queries: BTreeSet<MetricQuery>,
}

/// The newest metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartsAnswer {
    /// Whose.
    pub env: EnvId,
    /// See [`ChartsAsked::about`].
    pub about: Text,
    /// What CloudWatch said, three hours by the minute.
    pub metrics: MetricSet,
}
