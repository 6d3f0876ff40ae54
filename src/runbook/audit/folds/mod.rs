//! What the records come to. Each fold takes one record after the other and keeps little: pure, and the same whether the
//! records are read at once or followed as they come.

pub mod books;
pub mod obligations;
pub mod own;
pub mod runs;
pub mod unresolved;
pub mod used;

pub use books::Books;
pub use obligations::{Obligation, Obligations, obligations};
pub use own::OwnChanges;
pub use runs::{Run, Runs, runs};
pub use unresolved::{Open, Unresolved, unresolved};
pub use used::{Used, used};
