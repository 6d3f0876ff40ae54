//! The screens of changes: which runbooks fit, their parameters, a run, the records.

pub mod form;
pub mod records;
pub mod rows;
pub mod run;
pub mod runbooks;

pub use form::{Form, FormField, Wanted};
pub use records::{RecordRow, RecordsState};
pub use rows::{Fact, Part, RunRow};
pub use run::{RunState, Starting};
pub use runbooks::RunbooksState;
