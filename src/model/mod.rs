//! Plain data that every layer shares. No I/O, no judgement beyond ordering and arithmetic.

pub mod change;
pub mod connection;
pub mod datum;
pub mod environment;
pub mod fault;
pub mod metric;
pub mod outcome;
pub mod plan;
pub mod reading;
pub mod record;
pub mod severity;
pub mod usage;

pub use change::{Change, ChangeKind};
pub use connection::{Connection, Identity};
pub use datum::{Datum, Origin};
pub use environment::{EnvId, Environment, Tier};
pub use fault::{Fault, FaultKind};
pub use metric::{MetricQuery, MetricSet, Series, Stat};
pub use outcome::{Observation, Sent, Standing};
pub use plan::{Difference, Facts, Plan, Risk, Target, TargetKind, Undo, Value, Values};
pub use reading::{Field, FieldValue, Level, Reading, Resource, SignalId};
pub use record::{Entry, Record};
pub use severity::Severity;
pub use usage::Usage;
