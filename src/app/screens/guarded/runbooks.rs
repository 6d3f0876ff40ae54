//! The runbooks screen: what can be done to one resource, and why the rest cannot.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::cursor::Followed;
use crate::base::Text;
use crate::model::{EnvId, Fault, Resource, SignalId};
use crate::runbook::desk::{Offer, Offered};

/// What the runbooks are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Whose.
    pub env: EnvId,
    /// The signal that tells of the resource.
    pub signal: SignalId,
    /// As it was last read.
    pub resource: Resource,
}

/// The screen's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunbooksState {
    /// What they are asked for.
    pub subject: Option<Subject>,
    /// Number of the request whose answer is awaited or shown.
    pub number: u64,
    /// When it was asked.
    pub asked_at: Option<Timestamp>,
    /// The answer.
    pub offered: Option<Result<Arc<Offered>, Fault>>,
    /// The selected line; followed by the runbook's id.
    pub rows: Followed<Text>,
}

impl RunbooksState {
    /// The runbooks in the order shown; empty until they are known.
    pub fn offers(&self) -> &[Offer] {
        match &self.offered {
            Some(Ok(offered)) => &offered.offers,
            _ => &[],
        }
    }

    /// Runbook files that cannot be used.
    pub fn problems(&self) -> &[Text] {
        match &self.offered {
            Some(Ok(offered)) => &offered.problems,
            _ => &[],
        }
    }

    /// Lines of the list: the runbooks, then the files that cannot be used.
    pub fn len(&self) -> usize {
        self.offers().len() + self.problems().len()
    }

    /// True without a line.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a line is, while the list changes.
    pub fn key(&self, line: usize) -> Option<Text> {
        let offers = self.offers();
        match offers.get(line) {
            Some(offer) => Some(offer.runbook.clone()),
            None => self.problems().get(line - offers.len()).cloned(),
        }
    }

    /// The selected runbook.
    pub fn chosen(&self) -> Option<&Offer> {
        self.offers().get(self.rows.selected())
    }
}
