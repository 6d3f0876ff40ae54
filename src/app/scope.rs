//! Which systems are shown.

/// Which systems the wall and the signal screen show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The one at this index of [`crate::app::App::systems`].
    System(usize),
    /// All of them.
    All,
}
