//! The orders that lists can be in.

/// An order; the sort key goes from one to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Worst first, then the newest change, then by name.
    #[default]
    Severity,
    /// By name.
    Name,
    /// The newest change first; unknown times last.
    Since,
}

impl Sort {
    /// The next order.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Severity => Self::Name,
            Self::Name => Self::Since,
            Self::Since => Self::Severity,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Name => "name",
            Self::Since => "since",
        }
    }
}
