//! The timeline: what changed, newest first; or what changed before something turned red, most suspicious first.

pub mod data;
pub mod mode;
pub mod row;
pub mod state;
pub mod view;

pub use mode::{Mode, Subject, Window};
pub use row::{Place, Row, RowKey};
pub use state::TimelineState;
pub use view::TimelineView;
