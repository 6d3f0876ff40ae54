//! The names that a configuration may use and that only higher layers know: they hand them in as this plain data.

use crate::model::Level;

/// Valid names. A list that is `None` is not checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// The signals and their thresholds.
    pub signals: Option<Vec<SignalWords>>,
    /// The actions that keys can be given to, e.g. `refresh`.
    pub actions: Option<Vec<String>>,
    /// The themes.
    pub themes: Option<Vec<String>>,
    /// The AWS profiles of this user; another name is warned of, not refused.
    pub profiles: Option<Vec<String>>,
}

/// What the configuration may say of one signal.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalWords {
    /// Its id, e.g. `lambda-errors`.
    pub id: String,
    /// Its thresholds: name and default. The default's direction is the only sensible one.
    pub thresholds: Vec<(String, Level)>,
}
