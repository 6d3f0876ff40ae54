//! What is answered, or a part of it. A new answer is one line here.

use crate::inquiry::charts::ChartsAnswer;
use crate::inquiry::compare::CompareAnswer;
use crate::inquiry::logs::LogsAnswer;
use crate::inquiry::raw::RawAnswer;

use crate::changes::Told;
use crate::poll::past::PastTold;

/// An answer, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// What one source of one environment says changed.
    Changes(Told),
    /// The newest metrics of the open resource.
    Charts(Box<ChartsAnswer>),
    /// A part of a log.
    Logs(Box<LogsAnswer>),
    /// What AWS itself says of a resource.
    Raw(Box<RawAnswer>),
    /// One environment at a past minute.
    Past(Box<PastTold>),
    /// How far the configuration is read, or all of it side by side.
    Compare(Box<CompareAnswer>),
}
