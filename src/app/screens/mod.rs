//! One file per screen: its state, and what it shows, derived from the fleet by pure functions.

pub mod alarms;
pub mod compare;
pub mod connections;
pub mod describe;
pub mod environment;
pub mod guarded;
pub mod happenings;
pub mod logs;
pub mod resource;
pub mod signal;
pub mod sort;
pub mod timeline;
pub mod wall;

pub use alarms::{AlarmRow, AlarmsState};
pub use compare::{CompareState, CompareView};
pub use connections::ConnectionsState;
pub use describe::DescribeState;
pub use environment::{EnvironmentRow, EnvironmentScreenState};
pub use guarded::{RecordRow, RecordsState, RunRow, RunState, RunbooksState};
pub use logs::LogsState;
pub use resource::{ResourcePane, ResourceState, ResourceView};
pub use signal::{Matrix, MatrixCell, MatrixColumn, MatrixRow, SignalState};
pub use sort::Sort;
pub use timeline::{Row, TimelineState, TimelineView};
pub use wall::{WallState, WallView};
