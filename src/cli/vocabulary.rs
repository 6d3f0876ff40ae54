//! The names that a configuration may use, gathered from the layers that know them.

use crate::app::keymap::action_names;
use crate::config::{SignalWords, Vocabulary};
use crate::signals;

/// Signals with their thresholds, and actions of the keymap. Themes are added when they are found.
pub fn vocabulary() -> Vocabulary {
    let signals = signals::ALL.iter().map(|signal| SignalWords {
        id: signal.id().0.to_owned(),
        thresholds: signal.thresholds().iter().map(|t| (t.key.to_owned(), t.level)).collect(),
    });
    Vocabulary {
        signals: Some(signals.collect()),
        actions: Some(action_names().map(str::to_owned).collect()),
        themes: None,
        profiles: None,
    }
}
