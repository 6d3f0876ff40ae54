//! What came of loading: values, problems, and where each came from.

use std::collections::BTreeMap;

use crate::base::Text;
use crate::config::problem::{Position, Problem, Weight};
use crate::config::schema::Config;

/// What came of loading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// What is valid; defaults for the rest.
    pub config: Config,
    /// What is wrong, in the order of the layers and, within a file, of its lines.
    pub problems: Vec<Problem>,
    /// Environments that are configured and not used, because something of them is wrong: `payments/prod`, or
    /// `environment 3` where it has no name.
    pub left_out: Vec<Text>,
    /// Where the keys of each action are written: the keymap, which judges them later, has only their names.
    pub key_places: BTreeMap<String, (Text, Position)>,
    /// Where each part that is not a default came from: `environment` → a file, `display.theme` → `--theme`.
    pub origins: BTreeMap<String, Text>,
}

impl Loaded {
    /// True when something was left out or replaced by its default.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.weight == Weight::Error)
    }
}
