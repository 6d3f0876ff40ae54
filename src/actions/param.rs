//! Parameters of actions: their types, bounds and choices.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::Value;

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// A whole number.
    Count,
    /// A number.
    Number,
    /// One of the action's choices, or a symbolic word such as `last_completed`.
    Revision,
    /// Words.
    Text,
    /// A span such as `2h`, in words; resolved by the action.
    Duration,
    /// Yes or no.
    Flag,
}

/// A parameter that an action understands.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Name on the command line and in runbooks.
    pub name: &'static str,
    /// Type.
    pub kind: ParamKind,
    /// True where a plan cannot be made without it.
    pub required: bool,
    /// What it is, in half a sentence with its unit.
    pub help: &'static str,
}

/// A value to choose from.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What becomes the parameter.
    pub value: Value,
    /// How it is shown, e.g. `uex-backend:41`.
    pub label: Text,
    /// Image, size, who deployed it, where known.
    pub says: Text,
    /// When it was made.
    pub at: Option<Timestamp>,
    /// It runs now.
    pub current: bool,
    /// The last one before the current that completed.
    pub last_completed: bool,
    /// Why it cannot be chosen; empty where it can.
    pub unusable: Text,
}
