//! AWS access: one session per environment, all of them over one shared HTTP client.

pub mod capture;
pub mod document;
pub mod fault;
pub mod gate;
pub mod identity;
pub mod limits;
pub mod memo;
pub mod memory;
pub mod meter;
pub mod operator;
pub mod read_only;
pub mod selection;
pub mod sent;
pub mod session;
pub mod shared_table;
pub mod skew;
pub mod transport;

pub use capture::Capture;
pub use memo::Memo;
pub use memory::Memory;
pub use meter::Meter;
pub use operator::{Operator, Permit};
pub use selection::Selection;
pub use session::Session;
pub use shared_table::SharedTable;
pub use skew::Skew;
pub use transport::Transport;
